"""Runs made apart are shown by one build, which runs none of them again and believes nothing that is damaged."""

from collections.abc import Callable
from pathlib import Path

import pytest
from stage import MakeStage, Stage


@pytest.fixture
def apart(stage_in: MakeStage, tmp_path: Path) -> Callable[[str], Stage]:
    """Return a function that makes one runner's own checkout of the same portfolio."""
    return lambda name: stage_in(tmp_path / name, "succeeds", "minimal", "raises")


def test_a_matrix_of_runners_makes_the_site_one_would(apart: Callable[[str], Stage], tmp_path: Path) -> None:
    first, second, last = apart("first"), apart("second"), apart("last")
    ran = first.portfolio("run", "succeeds", "--out", str(tmp_path / "one"))
    failed = second.portfolio("run", "minimal", "raises", "--out", str(tmp_path / "two"))

    built = last.portfolio(
        "build", "--frozen", "--from-runs", str(tmp_path / "one"), "--from-runs", str(tmp_path / "two"), "--json"
    )

    assert (ran.code, failed.code) == (0, 1)
    assert built.statuses["succeeds"] == built.statuses["minimal"] == "fresh"
    assert built.projects["raises"]["failure"]["kind"] == "raised"
    assert "91.25" in last.page("succeeds")


def test_a_run_that_was_changed_on_its_way_is_not_believed(apart: Callable[[str], Stage], tmp_path: Path) -> None:
    first, last = apart("first"), apart("last")
    first.portfolio("run", "succeeds", "--out", str(tmp_path / "one"))
    (record,) = (tmp_path / "one").glob("succeeds/*/record.json")
    record.write_text(record.read_text(encoding="utf-8").replace("91.25", "99.25"), encoding="utf-8")

    built = last.portfolio("build", "succeeds", "--frozen", "--from-runs", str(tmp_path / "one"), "--json")

    assert built.code == 1
    assert built.statuses["succeeds"] == "stale"


def test_a_run_of_another_state_is_not_current(apart: Callable[[str], Stage], tmp_path: Path) -> None:
    first, last = apart("first"), apart("last")
    first.portfolio("run", "succeeds", "--out", str(tmp_path / "one"))
    last.edit("projects/succeeds/script.py", "91.25", "80.0")

    built = last.portfolio("build", "succeeds", "--frozen", "--from-runs", str(tmp_path / "one"), "--json")

    assert built.statuses["succeeds"] == "stale"


def test_a_folder_of_somebodys_is_not_written_into(apart: Callable[[str], Stage], tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x", encoding="utf-8")

    ran = apart("first").portfolio("run", "minimal", "--out", str(tmp_path / "mine"))

    assert ran.code == 2
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_a_folder_that_is_not_there_is_said(apart: Callable[[str], Stage]) -> None:
    ran = apart("first").portfolio("build", "--from-runs", "nowhere")

    assert ran.code == 2
    assert "nowhere: no such folder" in ran.err
