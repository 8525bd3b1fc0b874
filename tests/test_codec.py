"""What is stored reads back as what it was, and anything else is refused."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portfolio.values import codec
from portfolio.values.record import Circumstances, Commit, Failure, Metric, Record, Result, Step, Warned

_texts = st.text(st.characters(codec="utf-8"), max_size=30)
_numbers = st.one_of(st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False))
_json = st.recursive(
    st.one_of(st.none(), st.booleans(), _numbers, _texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_texts, inner, max_size=3)),
    max_leaves=8,
)
_moments = st.datetimes(
    timezones=st.timedeltas(timedelta(hours=-12), timedelta(hours=12)).map(
        lambda offset: timezone(timedelta(minutes=round(offset.total_seconds() / 60)))
    )
)
st.register_type_strategy(str, _texts)
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(datetime, _moments)
_results = st.builds(Result, params=st.dictionaries(_texts, _json, max_size=3))
_records = st.builds(Record, result=_results)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_records)
def test_a_record_reads_back_as_what_was_written(record: Record) -> None:
    assert codec.loads(Record, codec.dumps(record)) == record


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_records)
def test_writing_twice_gives_the_same_text(record: Record) -> None:
    text = codec.dumps(record)

    assert codec.dumps(codec.loads(Record, text)) == text


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_is_not_finite_is_not_written(number: float) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        codec.dumps(Metric(name="loss", value=number))


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        (Failure, "not JSON"),
        (Failure, "[" * 100_000),
        (Failure, '{"kind": "raised", "message": NaN}'),
        (Failure, '{"kind": "raised", "message": "m", "detail": ""}'),
        (Failure, '{"kind": "raised", "message": "m", "detail": "", "line": null, "more": 1}'),
        (Failure, '{"kind": "exploded", "message": "m", "detail": "", "line": null}'),
        (Failure, '{"kind": "raised", "message": 3, "detail": "", "line": null}'),
        (Failure, '{"kind": "raised", "message": "m", "detail": "", "line": 1.5}'),
        (Step, '{"name": "s", "seconds": 1e999, "cpu_seconds": 0}'),
        (Step, '{"name": "s", "seconds": true, "cpu_seconds": 0}'),
        (Warned, '{"category": "W", "message": "m", "statement": "3", "count": 1}'),
        (Commit, '{"sha": "s", "date": "2026-01-01T00:00:00", "dirty": false}'),
        (Commit, '{"sha": "s", "date": "yesterday", "dirty": false}'),
        (Circumstances, "{}"),
        (Result, "null"),
    ],
)
def test_a_document_of_another_shape_is_refused(kind: Any, document: str) -> None:
    with pytest.raises(codec.CodecError):
        codec.loads(kind, document)
