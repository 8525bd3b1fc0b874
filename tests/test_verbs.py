"""The verbs take what they can judge, and say in one line what is wrong with the rest."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from portfolio import log
from portfolio.log import sink

verbs: Any = log
"""The verbs as a script calls them: whatever it gives, no type checker has seen it."""


@pytest.fixture
def logged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[dict[str, Any]]]:
    """Send the verbs of this process to a folder; return a function that reads what they wrote."""
    monkeypatch.setattr(sink, "_current", None)
    log.begin(log.Log(tmp_path / "run", inputs={"params": {"k": 3}, "seed": 7}, echo=False))

    def read() -> list[dict[str, Any]]:
        events = tmp_path / "run" / log.EVENTS
        return [json.loads(line) for line in events.read_text(encoding="utf-8").splitlines()] if events.exists() else []

    return read


Logged = Callable[[], list[dict[str, Any]]]


def test_a_number_of_numpy_is_a_number(logged: Logged) -> None:
    verbs.log_metric("accuracy", np.float32(0.5), n=np.int64(12), interval=(np.float64(0.25), 1))

    (event,) = logged()
    assert (event["value"], event["n"], event["interval"]) == (0.5, 12, [0.25, 1])


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: verbs.log_metric("loss", float("nan")), ValueError, "nan is not a finite number"),
        (lambda: verbs.log_metric("loss", float("inf")), ValueError, "inf is not a finite number"),
        (lambda: verbs.log_metric("loss", np.float64("nan")), ValueError, "not a finite number"),
        (lambda: verbs.log_metric("loss", "0.5"), TypeError, "wants a number, not str"),
        (lambda: verbs.log_metric("Loss %", 1), ValueError, "for instance 'loss'"),
        (lambda: verbs.log_metric(0.5, "loss"), TypeError, "the first argument is the name"),
        (lambda: verbs.log_metric("loss", 1, goal="smaller"), ValueError, "goal is 'maximize' or 'minimize'"),
        (lambda: verbs.log_metric("loss", 1, interval=(2, 1)), ValueError, r"\(low, high\) with low <= high"),
        (lambda: verbs.log_metric("loss", 1, baseline=float("nan")), ValueError, "baseline: nan"),
        (lambda: verbs.log_metrics([("loss", 1)]), TypeError, "wants a mapping of names to numbers"),
        (lambda: verbs.log_figure("roc", object(), alt="A curve"), TypeError, "object has none of savefig"),
        (lambda: verbs.log_figure("roc", alt="  "), ValueError, "alt must say what the figure shows"),
        (lambda: verbs.log_table("rows", 3), TypeError, "wants a DataFrame"),
        (lambda: verbs.log_table(pd.DataFrame({"a": [1]}), "rows"), TypeError, "the name comes first"),
        (lambda: verbs.log_text("said", 3), TypeError, "wants a string, not int"),
        (lambda: verbs.log_artifact("nowhere.bin"), FileNotFoundError, "'nowhere.bin' is not a regular file"),
        (lambda: verbs.step("  ").__enter__(), TypeError, "wants the step's name"),
        (lambda: verbs.Params()["depth"], KeyError, "no param 'depth' under .* there: k"),
    ],
)
def test_a_wrong_call_says_what_it_wants(
    logged: Logged, call: Callable[[], object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        call()

    assert logged() == []


def test_names_are_unique_within_their_kind(logged: Logged) -> None:
    log.log_metric("rows", 1)
    log.log_text("rows", "the same name is another text")

    with pytest.raises(ValueError, match="logged before"):
        log.log_metric("rows", 2)

    assert [event["event"] for event in logged()] == ["metric", "text"]


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"x": [1, 2], "y": ["a", "b"]}),
        [{"x": 1, "y": "a"}, {"x": 2, "y": "b"}],
        {"x": [1, 2], "y": ["a", "b"]},
    ],
    ids=["frame", "rows", "columns"],
)
def test_a_table_is_kept_as_csv_whatever_it_was(logged: Logged, tmp_path: Path, frame: Any) -> None:
    log.log_table("rows", frame)

    assert [event["file"] for event in logged()] == ["tables/rows.csv"]
    assert (tmp_path / "run" / "tables" / "rows.csv").read_text(encoding="utf-8") == "x,y\n1,a\n2,b\n"


def test_an_index_that_says_something_is_kept(logged: Logged, tmp_path: Path) -> None:
    log.log_table("rows", pd.DataFrame({"x": [1]}, index=pd.Index(["a"], name="who")))

    assert len(logged()) == 1
    assert (tmp_path / "run" / "tables" / "rows.csv").read_text(encoding="utf-8") == "who,x\na,1\n"


def test_what_happens_in_a_step_belongs_to_it(logged: Logged) -> None:
    with log.step("prepare"):
        log.log_text("said", "within")
    log.log_text("then", "without")

    within, ended, without = logged()
    assert within["step"] == "prepare"
    assert (ended["event"], ended["name"]) == ("step", "prepare")
    assert "step" not in without


def test_params_are_a_mapping_that_cannot_be_changed(logged: Logged) -> None:
    params = log.Params()

    assert dict(params) == {"k": 3}
    assert not hasattr(params, "__setitem__")
    assert logged() == []
