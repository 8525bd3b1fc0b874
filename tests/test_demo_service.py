"""A logged model behind HTTP, as a process of its own: what it answers, and what it refuses and how."""

import json
import shlex
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from demo_customers import commands_shown, customers
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from service import JSON, Service, serving
from stage import MakeStage, Once, Stage

from portfolio.service.finding import find_file
from portfolio.service.serving import load

ROW = {"age": 40, "income": 21000, "city": "Bath"}
N_MALFORMED = 200
SLOW = 1.0
"""Seconds in which every request has to be answered."""


@pytest.fixture(scope="module")
def stage(once: Once, stage_in: MakeStage) -> Stage:
    """Return the workspace of the customers."""
    return customers(once, stage_in)


@pytest.fixture(scope="module")
def service(stage: Stage) -> Iterator[Service]:
    """Return the customers' first model behind HTTP, started as its page says."""
    tool, command, *arguments = shlex.split(commands_shown(stage)[0].splitlines()[0])
    assert (tool, command) == ("portfolio", "serve-model")
    with serving(stage, *arguments) as started:
        yield started


def test_the_pages_curl_line_gets_an_answer(service: Service, stage: Stage) -> None:
    asked = shlex.split(commands_shown(stage)[0].splitlines()[1])

    answered = service.ask("/predict", asked[-1].encode())

    header = ": ".join(*JSON.items())
    assert asked[:-1] == ["curl", "-s", "http://127.0.0.1:8000/predict", "-H", header, "-d"]
    assert answered.status == 200
    assert answered.document["warnings"] == []


def test_it_answers_its_example_rows_as_scikit_learn_did_when_they_were_logged(service: Service) -> None:
    model = service.ask("/model").document
    names = [column["name"] for column in model["inputs"]]

    said = service.ask("/predict", [dict(zip(names, row, strict=True)) for row in model["rows"]]).document

    for answer, label, shares in zip(said, *model["expected"].values(), strict=True):
        assert answer["prediction"] == model["classes"][label]
        assert list(answer["probabilities"].values()) == pytest.approx(shares, abs=1e-12)
        assert answer["warnings"] == []
    assert service.ask("/health").document == {"status": "ok", "rows_replayed": 32, "largest_difference": 0.0}


def test_one_row_gets_one_answer_and_a_list_gets_a_list(service: Service) -> None:
    one, many = service.ask("/predict", ROW).document, service.ask("/predict", [ROW, ROW]).document

    assert many == [one, one]


def test_its_description_holds_the_number_the_project_stands_for(service: Service, stage: Stage) -> None:
    metric = service.ask("/model").document["metric"]

    published = json.loads((stage.site / "projects/customers/artifacts/customer.json").read_text())
    assert metric == published["metric"]
    assert (metric["name"], metric["interval"]) == ("accuracy", [0.1, 0.9])
    assert metric["value"] == stage.results("customers")["metrics"]["accuracy"]["value"]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"age": 40, "city": "Bath"}, {"missing": ["income"]}),
        (ROW | {"agee": 4}, {"unknown": ["agee"], "detail": "there is no column 'agee'; did you mean 'age'?"}),
        (ROW | {"age": "40"}, {"wrong": [{"row": 0, "column": "age", "message": "input should be a valid number"}]}),
        (ROW | {"age": None}, {"detail": "column 'age': input should be a valid number"}),
        (ROW | {"city": None}, {"detail": "column 'city': input should be a valid string"}),
        ([ROW, {}], {"missing": ["age", "income", "city"]}),
        ([ROW, ROW | {"age": True}], {"detail": "row 2: column 'age': input should be a valid number"}),
        (
            [],
            {
                "wrong": [
                    {"row": 0, "column": "", "message": "list should have at least 1 item after validation, not 0"}
                ]
            },
        ),
    ],
    ids=["missing", "unknown", "text", "null", "null text", "in a list", "true", "none"],
)
def test_missing_and_wrong_columns_are_named(service: Service, body: Any, named: dict[str, Any]) -> None:
    refused = service.ask("/predict", body)

    assert refused.status == 422
    assert {key: refused.document[key] for key in named} == named


def test_what_lies_outside_of_the_training_range_is_answered_with_a_warning(service: Service) -> None:
    (said,) = service.ask("/predict", [ROW | {"age": 200, "city": "Paris", "income": None}]).document

    assert said["prediction"] in {"comes back", "stays <b>away</b>"}
    first, second = said["warnings"]
    assert first.startswith("age: 200 lies outside of the training range 18 to 89")
    assert second.startswith("city: 'Paris' was no category in training")


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"\xff\xfe{}", 422),
        (b'{"city": "\xff"}', 400),
        (b"[" * 100_000, 400),
        (b'{"age": NaN, "income": 1, "city": "Ayr"}', 422),
        (b'{"age": 1e999, "income": 1, "city": "Ayr"}', 422),
        (b'{"age": 1' + b"0" * 400 + b', "income": 1, "city": "Ayr"}', 422),
        (b'{"age": 1' + b"0" * 9000 + b', "income": 1, "city": "Ayr"}', 400),
        (b'{"\\ud800": 1, "age": 4, "income": 1, "city": "\\udfff"}', 422),
        (b"[" + b"{}," * 500_000 + b"{}]", 422),
        (b" " * (3 << 20), 413),
        (b'"' + b"a" * 1_000_000 + b'"', 422),
    ],
    ids=[
        "nothing",
        "half",
        "utf-16",
        "no utf-8",
        "deep",
        "nan",
        "infinite",
        "large",
        "huge",
        "halves",
        "many",
        "long",
        "text",
    ],
)
def test_what_is_no_request_at_all_is_refused(service: Service, content: bytes, status: int) -> None:
    assert _soon(lambda: service.ask("/predict", content).status) == status


def test_malformed_requests_by_its_own_description_are_refused_soon_and_none_is_an_error_of_ours(
    service: Service,
) -> None:
    described = schemathesis.openapi.from_url(f"{service.address}/openapi.json")
    operation = described["/predict"]["POST"]
    statuses: list[int] = []

    @settings(
        max_examples=N_MALFORMED,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def malformed(data: st.DataObject) -> None:
        case: Case[Any] = data.draw(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
        statuses.append(_soon(lambda: case.call_and_validate().status_code))

    malformed()

    assert len(statuses) >= N_MALFORMED
    assert max(statuses) < 500
    assert statuses.count(422) > N_MALFORMED / 2


def test_it_listens_on_loopback_only_and_answers_to_no_other_name(service: Service) -> None:
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    listening = [
        address for _, address, _, state, *_ in rows if state == "0A" and address.endswith(f":{service.port:04X}")
    ]

    assert listening == [f"0100007F:{service.port:04X}"]
    assert not [row for row in Path("/proc/net/tcp6").read_text().splitlines() if f":{service.port:04X} " in row[:45]]
    assert service.ask("/predict", ROW, {"host": "evil.example.org"}).status == 400


def test_a_page_of_another_site_may_not_read_its_answers(service: Service) -> None:
    asked = service.ask("/health", headers={"origin": "https://evil.example.org"})

    assert asked.status == 200
    assert "access-control" not in json.dumps(asked.text).lower()


def test_types_that_are_not_known_to_be_safe_have_to_be_named(stage: Stage) -> None:
    refused = stage.portfolio("serve-model", "customers", "--model", "trees", "--port", "0")

    assert refused.code == 2
    message, hint = refused.err.strip().splitlines()[-2:]
    assert message.endswith("holds types that skops does not know to be safe: sklearn.tree._tree.Tree")
    trust = shlex.split(hint)[-2:]
    assert trust == ["--trust", "sklearn.tree._tree.Tree"]
    load(find_file(stage.site / "projects/customers/artifacts/trees.skops"), trust[1:])


def test_a_project_with_several_models_says_how_to_choose(stage: Stage) -> None:
    refused = stage.portfolio("serve-model", "customers")

    assert refused.code == 2
    assert "hint: portfolio serve-model customers --model customer or --model digit" in refused.err


def _soon(ask: Any) -> int:
    """Return what `ask` does, which takes no longer than `SLOW`; a second try allows for a machine that stood still."""
    for _ in range(2):
        began = time.monotonic()
        status: int = ask()
        if time.monotonic() - began <= SLOW:
            return status
    raise AssertionError(f"no answer within {SLOW} s")
