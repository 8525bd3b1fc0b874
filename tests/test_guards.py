"""Hostile scripts end in time, by their own limit, and leave nothing; what is not theirs stays as it was."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from hostility import ENDS, HOSTILE, Ended, is_as_meant, names, outcome, run_hostile
from kernel import needs_linux
from stage import MakeStage, Once

pytestmark = needs_linux

SLOW = {"ignores_every_signal", "forks_without_end", "nests_folders_without_end", "computes_without_end"}
"""Left to the long form, which also starts each in a fresh interpreter."""
SHORT = [name for name in names() if name not in SLOW]


@pytest.fixture(scope="module")
def ended(once: Once, stage_in: MakeStage) -> Ended:
    """Return what a build with all hostile projects left, done once."""

    def build(folder: Path) -> None:
        (folder / "ended.json").write_text(json.dumps(asdict(run_hostile(stage_in, folder, SHORT, jobs=4))))

    return Ended(**json.loads((once("hostile", build) / "ended.json").read_text()))


def test_there_are_many_hostile_scripts_and_each_has_its_end() -> None:
    assert {path.name for path in HOSTILE.iterdir()} == set(ENDS)


@pytest.mark.parametrize("name", SHORT)
def test_a_hostile_script_ends_in_time_and_by_its_limit(ended: Ended, name: str) -> None:
    assert is_as_meant(name, ended.rows[name]), json.dumps(ended.rows[name])


def test_nothing_of_hostile_scripts_survives(ended: Ended) -> None:
    assert ended.survivors == []


def test_nothing_of_the_authors_is_another_after_hostile_scripts(ended: Ended) -> None:
    assert ended.changed == []


def test_hostile_scripts_leave_neither_files_nor_shared_memory(ended: Ended) -> None:
    assert ended.left == []


def test_projects_beside_hostile_ones_run_as_ever(ended: Ended) -> None:
    assert [outcome(ended.rows[name]) for name in ("minimal", "bystander")] == [("ran", "")] * 2


def test_modes_that_were_put_back_are_said(ended: Ended) -> None:
    assert "large.bin, which was put back" in ended.said
