"""A project that fails keeps its last good page, marked as such, and the others are new."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from stage import Ran, Stage

BREAK = "raise ValueError('broken now')\n"


@pytest.fixture(scope="module")
def broken(built_once: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Stage, Ran]:
    """Return a workspace in which one project broke after a good build, and how the next build ended."""
    root = tmp_path_factory.mktemp("broken") / "workspace"
    shutil.copytree(built_once, root)
    stage = Stage(root)
    stage.append("projects/succeeds/script.py", BREAK)
    return stage, stage.portfolio("build", "--json")


def test_a_failing_project_keeps_its_last_good_page_and_says_so(broken: tuple[Stage, Ran]) -> None:
    stage, ran = broken

    assert ran.code == 1
    assert ran.projects["succeeds"]["failure"]["kind"] == "raised"
    assert 'value="91.25"' in stage.page("succeeds")
    assert "broken now" in stage.page("succeeds")
    assert _listed(stage)["succeeds"]["trust"] == "last_good"


def test_a_project_that_works_again_loses_its_mark(broken: tuple[Stage, Ran], tmp_path: Path) -> None:
    shutil.copytree(broken[0].root, tmp_path / "workspace")
    stage = Stage(tmp_path / "workspace")
    stage.edit("projects/succeeds/script.py", BREAK, "")

    ran = stage.portfolio("build", "--json")

    assert ran.code == 0
    assert "broken now" not in stage.page("succeeds")
    assert 'value="91.25"' in stage.page("succeeds")
    assert _listed(stage)["succeeds"]["trust"] == "recomputed"


def test_a_failed_project_runs_again_at_the_next_build(built: Stage) -> None:
    built.append("projects/succeeds/script.py", BREAK)
    built.run()

    outcome = built.run()["succeeds"]

    assert outcome.reason == "failed last time"
    assert outcome.status.value == "failed"


def test_a_write_up_that_cannot_be_rendered_keeps_the_last_good_page(built: Stage) -> None:
    built.write("projects/succeeds/writeup.md", "It was {{ metrics.acuracy }}.\n")
    built.edit("projects/minimal/spec.toml", 'title = "Minimal"', 'title = "A new title"')

    ran = built.portfolio("build", "--json")

    assert ran.code == 1
    assert ran.projects["succeeds"]["failure"]["kind"] == "page"
    assert "acuracy" in ran.projects["succeeds"]["failure"]["message"]
    assert 'value="91.25"' in built.page("succeeds")
    assert "A new title" in built.page("minimal")
    assert ran.statuses["minimal"] == "fresh"


def test_a_project_that_never_worked_has_no_page_and_is_not_listed(built: Stage) -> None:
    built.add("raises")

    ran = built.portfolio("build", "--json")

    assert ran.code == 1
    assert set(_listed(built)) == {"minimal", "succeeds"}
    assert not (built.site / "projects" / "raises").exists()


def test_a_failure_is_told_with_place_reason_and_what_to_do(built: Stage) -> None:
    built.add("raises")

    ran = built.portfolio("build")

    assert "projects/raises/script.py:9: raised: ValueError: the reason is said here" in ran.err
    assert "portfolio build raises" in ran.err
    assert "1 failed" in ran.out


def test_a_dear_project_shows_its_recorded_run_in_ci(built: Stage) -> None:
    built.append("projects/succeeds/spec.toml", 'ci = "recorded"\n')
    recording = built.portfolio("run", "--record", "succeeds")
    built.append("projects/succeeds/script.py", "raise ValueError('not run in CI')\n")

    ran = built.portfolio("build", "--json", variables={"CI": "true"})

    assert recording.code == 0, recording.err
    assert (ran.code, ran.statuses["succeeds"]) == (0, "recorded")
    assert _listed(built)["succeeds"]["trust"] == "recorded"
    assert 'value="91.25"' in built.page("succeeds")


def test_a_recorded_run_that_was_changed_is_not_shown(built: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    built.append("projects/succeeds/spec.toml", 'ci = "recorded"\n')
    built.portfolio("run", "--record", "succeeds")
    built.edit("projects/succeeds/recorded/record.json", "91.25", "99.25")
    monkeypatch.setenv("CI", "true")

    outcome = built.run()["succeeds"]

    assert (outcome.record, outcome.status.value) == (None, "failed")
    assert outcome.failure is not None
    assert "portfolio run --record succeeds" in outcome.failure.message


def _listed(stage: Stage) -> dict[str, dict[str, Any]]:
    document = json.loads((stage.site / "projects.json").read_text(encoding="utf-8"))
    return {project["slug"]: project for project in document["projects"]}
