"""A deep project keeps up with what was accepted, however small the steps that lead down; only `accept` moves that."""

import json
from pathlib import Path

import pytest
from stage import MakeStage, Stage, git

from portfolio.cli.main import main
from portfolio.values.entry import Status
from portfolio.values.record import FailureKind

SPEC = 'title = "T"\nsummary = "S"\nkind = "deep"\n[headline]\nmetric = "skill"\n[params]\nskill = 0.80\n'
SCRIPT = """
import random
import portfolio
draw = random.Random(1)
scores = [portfolio.params["skill"] + draw.gauss(0, 0.02) for fold in range(30)]
portfolio.log_metric("skill", sum(scores) / 30, goal="maximize", scores=scores, splits="10x3:all")
"""
RESULTS = "projects/dive/results.json"


@pytest.fixture
def stage(stage_in: MakeStage, tmp_path: Path) -> Stage:
    """Return a workspace with a deep project that ran."""
    stage = stage_in(tmp_path / "workspace")
    stage.write("projects/dive/spec.toml", SPEC)
    stage.write("projects/dive/script.py", SCRIPT)
    assert stage.run()["dive"].status is Status.RAN
    return stage


def test_nothing_is_accepted_until_someone_does(stage: Stage) -> None:
    _set(stage, "0.50")

    outcome = stage.run()["dive"]

    assert outcome.status is Status.RAN
    assert stage.results("dive")["accepted"] is None


def test_a_slow_decline_fails_where_each_step_would_pass(stage: Stage) -> None:
    assert _accept(stage) == 0
    statuses = []

    for skill in ("0.796", "0.791", "0.786"):
        _set(stage, skill)
        statuses.append(stage.run()["dive"].status)

    assert statuses == [Status.RAN, Status.RAN, Status.FAILED]


def test_one_that_fell_behind_shows_its_last_good_page_until_it_is_accepted(stage: Stage) -> None:
    _accept(stage)
    good = stage.results("dive")["metrics"]["skill"]["value"]
    _set(stage, "0.70")

    failed = stage.portfolio("build", "--json")
    page = stage.page("dive")
    again = stage.run()["dive"]
    _accept(stage)
    accepted = stage.run()["dive"]

    failure = failed.projects["dive"]["failure"]
    assert (failed.code, failure["kind"]) == (1, "worse")
    assert "portfolio accept dive" in failure["message"]
    assert f'<data value="{json.dumps(good)}">' in page
    assert "worse than the one that was accepted" in page
    assert (again.status, again.failure and again.failure.kind) == (Status.FAILED, FailureKind.WORSE)
    assert accepted.status is Status.RAN
    assert stage.results("dive")["accepted"]["metrics"]["skill"]["value"] < good - 0.05


def test_going_back_to_a_stored_run_that_is_worse_fails_too(stage: Stage) -> None:
    _set(stage, "0.90")
    stage.run()
    _accept(stage)
    _set(stage, "0.80")

    outcome = stage.run()["dive"]

    assert outcome.status is Status.FAILED
    assert outcome.record is not None
    assert outcome.record.result.metrics[0].value == pytest.approx(0.9, abs=0.02)


def test_other_data_are_no_failure(stage: Stage) -> None:
    _accept(stage)
    stage.write("projects/dive/data/rows.csv", "1\n")
    _set(stage, "0.70")

    assert stage.run()["dive"].status is Status.RAN


def test_data_in_the_shared_folder_are_data(stage: Stage) -> None:
    stage.write("projects/_shared/rows.csv", "1\n")
    stage.append("projects/dive/script.py", 'open("../_shared/rows.csv").close()\n')

    stage.run()

    assert list(stage.results("dive")["data"]) == ["../_shared/rows.csv"]


def test_diff_compares_with_what_was_accepted_not_with_the_last_commit(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    git(stage.root, "init", "--quiet")
    for skill in ("0.80", "0.793"):
        _set(stage, skill)
        stage.run()
        if skill == "0.80":
            _accept(stage)
        git(stage.root, "add", "projects")
        git(stage.root, "commit", "--quiet", "--message", skill)
    _set(stage, "0.785")
    stage.run()
    capsys.readouterr()

    codes = [main(["-C", str(stage.root), "diff"]), _accept(stage), main(["-C", str(stage.root), "diff"])]

    said = capsys.readouterr().out
    assert codes == [1, 0, 0]
    assert "dive against what was accepted\n" in said
    assert "dive against what was accepted; accepted since\n" in said


def test_only_a_deep_project_has_accepted_numbers(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    stage.edit("projects/dive/spec.toml", "deep", "applied")

    code = _accept(stage)

    said = capsys.readouterr().err
    assert code == 2
    assert said.startswith('projects/dive/spec.toml:kind: is "applied"')
    assert "hint: committing projects/dive/results.json accepts its numbers" in said


def test_there_must_be_something_to_accept(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    stage.write(RESULTS, "<<<<<<< ours\n")

    code = _accept(stage)

    assert code == 2
    assert capsys.readouterr().err.endswith("hint: portfolio build dive\n")


def test_accepting_twice_changes_nothing(stage: Stage) -> None:
    _accept(stage)
    before = (stage.root / RESULTS).stat()

    assert _accept(stage) == 0
    assert (stage.root / RESULTS).stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize("accepted", [3, [], {"metrics": 3}, {"metrics": {"skill": {"value": "0.9"}}}])
def test_one_edited_into_something_else_never_crashes(stage: Stage, accepted: object) -> None:
    document = stage.results("dive") | {"accepted": accepted}
    stage.write(RESULTS, json.dumps(document))
    _set(stage, "0.50")

    assert stage.run()["dive"].status is Status.RAN


def _set(stage: Stage, skill: str) -> None:
    lines = (stage.root / "projects/dive/spec.toml").read_text(encoding="utf-8").splitlines()
    stage.write("projects/dive/spec.toml", "\n".join([*lines[:-1], f"skill = {skill}", ""]))


def _accept(stage: Stage) -> int:
    return main(["-C", str(stage.root), "accept", "dive"])
