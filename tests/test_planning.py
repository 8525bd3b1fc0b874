"""A project runs for a reason or not at all: what is in its key, what is not, and how the reason is told."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from stage import MakeStage, Stage

from portfolio.planning.packages import Installed
from portfolio.planning.reasons import reason
from portfolio.values.entry import Status

SPEC = "projects/succeeds/spec.toml"


@pytest.fixture(scope="module")
def ran(stage_in: MakeStage, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Return a workspace in which everything ran once."""
    stage = stage_in(tmp_path_factory.mktemp("planning") / "workspace", "_shared", "succeeds", "minimal", "uses_shared")
    stage.run()
    return stage


@pytest.fixture
def stage(ran: Stage, tmp_path: Path) -> Stage:
    """Return a copy of it, elsewhere."""
    shutil.copytree(ran.root, tmp_path / "elsewhere")
    return Stage(tmp_path / "elsewhere")


def test_what_ran_is_fresh_also_in_another_place(stage: Stage) -> None:
    assert _reasons(stage) == {}


@pytest.mark.parametrize(
    ("name", "old", "new", "why"),
    [
        ("data/rows.csv", "6,a", "7,a", "data/rows.csv changed"),
        ("helper.py", "sum(", "max(", "helper.py changed"),
        ("script.py", "91.25", "92.5", "script.py changed"),
        ("spec.toml", "scale = 10", "scale = 11", "param scale: 10 → 11"),
        ("spec.toml", "scale = 10", "scale = 10\nmore = [1]", "param more: unset → [1]"),
        ("spec.toml", "seed = 7", "seed = 8", "seed: 7 → 8"),
        ("spec.toml", "seed = 7", "threads = 2\nseed = 7", "threads: 1 → 2"),
        ("spec.toml", "seed = 7", "network = false\nseed = 7", "network: true → false"),
        ("spec.toml", "seed = 7", 'env = ["SOME_NAME"]\nseed = 7', "variable SOME_NAME changed"),
    ],
)
def test_a_change_of_what_decides_numbers_is_a_reason(stage: Stage, name: str, old: str, new: str, why: str) -> None:
    stage.edit(f"projects/succeeds/{name}", old, new)

    assert _reasons(stage) == {"succeeds": why}


def test_a_setting_that_decides_numbers_is_a_reason_for_all(stage: Stage) -> None:
    stage.write("pyproject.toml", "[tool.portfolio]\nthreads = 3\n")

    assert _reasons(stage) == dict.fromkeys(("minimal", "succeeds", "uses-shared"), "threads: 1 → 3")


def test_a_script_that_cannot_be_parsed_has_no_reason_but_itself(stage: Stage) -> None:
    stage.append("projects/succeeds/script.py", "def (:\n")

    assert _reasons(stage) == {"succeeds": "script.py changed, script.py cannot be parsed"}


def test_an_added_file_is_a_reason(stage: Stage) -> None:
    stage.write("projects/succeeds/data/more.csv", "x\n")

    assert _reasons(stage) == {"succeeds": "data/more.csv added"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("projects/succeeds/writeup.md", "Prose."),
        ("projects/succeeds/notes.md", "Notes."),
        ("projects/succeeds/assets/photo.txt", "An image."),
        ("projects/succeeds/results.json", "<<<<<<< HEAD"),
        ("projects/succeeds/recorded/record.json", "{}"),
        ("projects/succeeds/.hidden", "x"),
        ("projects/succeeds/script.py~", "x"),
        ("projects/succeeds/__pycache__/helper.pyc", "x"),
        ("pyproject.toml", "[tool.portfolio]\ntimeout = 17\nmemory = '1GiB'\njobs = 1\n"),
        ("site_templates/home.html", "A template."),
    ],
)
def test_what_decides_no_number_runs_nothing(stage: Stage, name: str, text: str) -> None:
    stage.write(name, text)

    assert _reasons(stage) == {}


def test_the_words_of_a_spec_run_nothing(stage: Stage) -> None:
    stage.edit(SPEC, 'title = "Succeeds"', 'title = "Another title"\nlimits = ["One"]\nfeatured = true')
    stage.append(SPEC, '\n[done_when]\nmetric = "rows"\nmin = 1.0\n')

    assert _reasons(stage) == {}


def test_touching_every_file_runs_nothing(stage: Stage) -> None:
    for path in stage.projects.rglob("*"):
        os.utime(path, (1, 1))

    assert _reasons(stage) == {}


def test_shared_code_and_data_concern_those_who_use_them(stage: Stage) -> None:
    stage.write("projects/_shared/x.csv", "x\n3\n")

    assert _reasons(stage) == {"uses-shared": "_shared/x.csv changed"}


def test_a_removed_file_is_a_reason(stage: Stage) -> None:
    (stage.projects / "succeeds" / "data" / "rows.csv").unlink()

    assert _reasons(stage) == {"succeeds": "data/rows.csv removed"}


def test_a_damaged_record_is_a_reason(stage: Stage) -> None:
    for path in (stage.root / "build" / "records" / "minimal").glob("*/record.json"):
        path.write_bytes(path.read_bytes()[:-2])

    assert _reasons(stage) == {"minimal": "never run"}  # its only record


def test_a_declared_variable_counts_by_its_value(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.append(SPEC, 'env = ["SOME_NAME"]\n')
    monkeypatch.setenv("SOME_NAME", "one")
    stage.run("succeeds")

    monkeypatch.setenv("SOME_NAME", "two")

    assert _reasons(stage) == {"succeeds": "variable SOME_NAME changed"}


def test_declared_data_outside_the_folder_is_in_the_key_and_in_the_run(workspace: Callable[..., Stage]) -> None:
    stage = workspace("minimal")
    stage.write("data/large.csv", "x\n1\n")
    stage.append("projects/minimal/spec.toml", '[[data]]\nname = "Large"\npath = "../../data"\n')
    stage.write("projects/minimal/script.py", "print(open('../../data/large.csv').read())\n")
    first = stage.run()["minimal"]

    stage.write("data/large.csv", "x\n2\n")

    assert first.status is Status.RAN
    assert _reasons(stage) == {"minimal": "../../data:large.csv changed"}


def test_many_reasons_are_told_by_the_first_few() -> None:
    old = {f"file {name}": "a" for name in "abcde"}
    new = {f"file {name}": "b" for name in "abcde"}

    assert reason(old, new) == "a changed, b changed, c changed and 2 more"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (None, {}, "never run"),
        ({"package numpy": "1"}, {"package numpy": "2"}, "numpy 1 → 2"),
        ({}, {"package numpy": "2"}, "numpy absent → 2"),
        ({"python": "3.11"}, {"python": "3.12"}, "python: 3.11 → 3.12"),
        ({"style": "a"}, {"style": "b"}, "figure style changed"),
        ({"capture": "1"}, {"capture": "2"}, "portfolio captures more now"),
    ],
)
def test_a_reason_is_told_in_words(old: dict[str, str] | None, new: dict[str, str], why: str) -> None:
    assert reason(old, new) == why


def test_a_key_counts_the_packages_behind_the_imports_and_what_they_need() -> None:
    here = Installed(
        by_module={"sklearn": ["scikit-learn"], "portfolio": ["finished-portfolio"], "other": ["other"]},
        versions={"scikit-learn": "1.8", "numpy": "2.4", "other": "1", "finished-portfolio": "0.1", "click": "8"},
        requires={"scikit-learn": ["numpy"], "finished-portfolio": ["click"]},
    )

    assert here.needed_by({"sklearn", "portfolio", "json"}) == {"numpy": "2.4", "scikit-learn": "1.8"}


def _reasons(stage: Stage) -> dict[str, str]:
    """Return why projects are stale; nothing is run."""
    outcomes = stage.run(frozen=True)
    return {slug: outcome.reason for slug, outcome in outcomes.items() if outcome.status is Status.STALE}
