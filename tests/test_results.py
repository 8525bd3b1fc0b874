"""`results.json` is a lock file of numbers: untouched within tolerance, rewritten beyond, never a reason to fail."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from stage import MakeStage, Stage, a_record

from portfolio import files, results
from portfolio.results import Moved
from portfolio.values.record import Goal, Metric, Record
from portfolio.values.spec import Spec

SPEC = Spec(title="T", summary="S")
TOLERANT = Spec.model_validate({"title": "T", "summary": "S", "headline": {"metric": "loss", "tolerance": 0.1}})


@pytest.fixture(scope="module")
def stage(stage_in: MakeStage, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Return a workspace whose project ran."""
    stage = stage_in(tmp_path_factory.mktemp("results") / "workspace", "succeeds")
    stage.run()
    return stage


def test_its_shape_is_the_documented_one(stage: Stage) -> None:
    found = stage.results("succeeds")

    assert found == {
        "schema": 1,
        "metrics": {
            "accuracy": {
                "value": 91.25,
                "goal": "maximize",
                "baseline": None,
                "interval": [88.5, 94.0],
                "method": "held-out rows, 95 % interval",
                "n": None,
                "unit": "%",
                "scores": [90.0, 92.5],
                "splits": "a-digest",
            },
            "mean_x": _plain(30.0, n=3),
            "rows": _plain(3),
            "seed_seen": _plain(7),
        },
        "accepted": None,
        "params": {"scale": 10},
        "data": {"data/rows.csv": files.digest(stage.projects / "succeeds" / "data" / "rows.csv")},
        "figures": [],
        "packages": found["packages"],
        "python": found["python"],
    }


def test_its_text_is_sorted_and_names_no_place_or_time(stage: Stage) -> None:
    text = (stage.projects / "succeeds" / "results.json").read_text(encoding="utf-8")

    assert text == json.dumps(json.loads(text), sort_keys=True, indent=1, ensure_ascii=False) + "\n"
    assert str(stage.root) not in text
    assert "/" not in text.replace("data/rows.csv", "")


def test_the_first_run_writes_it(tmp_path: Path) -> None:
    changes = results.update(tmp_path, _recorded(0.5), SPEC)

    assert changes == ()
    assert _value(tmp_path) == 0.5


@pytest.mark.parametrize(
    ("spec", "metric", "new"),
    [
        (SPEC, Metric(name="loss", value=0.5), 0.5 + 4e-7),
        (SPEC, Metric(name="loss", value=0.5, interval=(0.4, 0.6)), 0.509),
        (TOLERANT, Metric(name="loss", value=0.5), 0.59),
    ],
    ids=["a rounding of the last digits", "a tenth of the interval's half-width", "the headline's own"],
)
def test_within_tolerance_it_is_left_untouched(tmp_path: Path, spec: Spec, metric: Metric, new: float) -> None:
    results.update(tmp_path, a_record(metric), spec)
    before = (tmp_path / "results.json").stat()

    changes = results.update(tmp_path, a_record(replace(metric, value=new)), spec)

    assert changes == ()
    assert _value(tmp_path) == 0.5
    assert (tmp_path / "results.json").stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize(
    ("spec", "metric", "new"),
    [
        (SPEC, Metric(name="loss", value=0.5), 0.5 + 6e-7),
        (SPEC, Metric(name="loss", value=0.5, interval=(0.4, 0.6)), 0.511),
        (TOLERANT, Metric(name="loss", value=0.5), 0.61),
    ],
)
def test_beyond_tolerance_a_metric_has_moved(tmp_path: Path, spec: Spec, metric: Metric, new: float) -> None:
    results.update(tmp_path, a_record(metric), spec)

    changes = results.update(tmp_path, a_record(replace(metric, value=new)), spec)

    assert changes == (Moved(name="loss", old=0.5, new=new),)
    assert _value(tmp_path) == new


def test_a_metric_that_is_new_or_gone_has_moved(tmp_path: Path) -> None:
    results.update(tmp_path, a_record(Metric(name="old", value=1)), SPEC)

    changes = results.update(tmp_path, a_record(Metric(name="new", value=2)), SPEC)

    assert changes == (Moved(name="new", old=None, new=2), Moved(name="old", old=1, new=None))


def test_what_was_accepted_stays(tmp_path: Path) -> None:
    results.update(tmp_path, _recorded(0.5), SPEC)
    document = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    (tmp_path / "results.json").write_text(json.dumps(document | {"accepted": {"loss": "why"}}), encoding="utf-8")

    results.update(tmp_path, _recorded(0.75), SPEC)

    assert json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))["accepted"] == {"loss": "why"}


@pytest.mark.parametrize(
    "content",
    [
        b'<<<<<<< HEAD\n{"schema": 1}\n=======\n{}\n>>>>>>> theirs\n',
        b"\xff\xfe",
        b"",
        b"[]",
        b'{"schema": 2, "metrics": {}}',
        b'{"schema": 1, "metrics": []}',
        b"[" * 100_000,
    ],
    ids=["conflict markers", "not UTF-8", "empty", "a list", "another schema", "no metrics", "too deep"],
)
def test_one_that_cannot_be_read_counts_as_absent(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "results.json").write_bytes(content)

    changes = results.update(tmp_path, _recorded(0.5), SPEC)

    assert changes == ()
    assert _value(tmp_path) == 0.5


@pytest.mark.parametrize(
    "document",
    [
        {"metrics": {"loss": {"value": "0.5"}}},
        {"metrics": {"loss": {"value": None}}},
        {"metrics": {"loss": 3}},
        {"metrics": {"loss": {"value": 0.5}}, "figures": [3]},
        {"metrics": {"loss": {"value": 0.5}}, "figures": None},
    ],
    ids=["a number in quotes", "no number", "no object", "a figure that is none", "no figures"],
)
def test_one_that_was_edited_by_hand_never_crashes(tmp_path: Path, document: dict[str, Any]) -> None:
    (tmp_path / "results.json").write_text(json.dumps({"schema": 1, **document}), encoding="utf-8")

    results.update(tmp_path, _recorded(0.5), SPEC)

    assert _value(tmp_path) == 0.5


def test_it_is_not_written_through_a_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text("untouched", encoding="utf-8")
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "results.json").symlink_to(outside)

    results.update(tmp_path / "project", _recorded(0.5), SPEC)

    assert outside.read_text(encoding="utf-8") == "untouched"
    assert _value(tmp_path / "project") == 0.5


def test_the_goal_is_written_as_a_word() -> None:
    document = results.document(a_record(Metric(name="loss", value=1, goal=Goal.MINIMIZE)))

    assert document["metrics"]["loss"]["goal"] == "minimize"


def _recorded(value: float) -> Record:
    return a_record(Metric(name="loss", value=value))


def _value(folder: Path) -> Any:
    return json.loads((folder / "results.json").read_text(encoding="utf-8"))["metrics"]["loss"]["value"]


def _plain(value: float, n: int | None = None) -> dict[str, Any]:
    empty = dict.fromkeys(("goal", "baseline", "interval", "method", "unit", "scores", "splits"))
    return empty | {"value": value, "n": n}
