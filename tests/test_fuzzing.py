"""The readers of hostile input and the escaping survive anything; `tests/reliability/fuzz.py` says so for minutes."""

import pytest
from fuzz_targets import TARGETS, seeds
from fuzzed import mutated
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_crashes_a_reader(name: str) -> None:
    @settings(max_examples=60, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(
        mutated(seeds(name)) | st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8"))
    )
    def holds(raw: bytes) -> None:
        TARGETS[name](raw)

    holds()
