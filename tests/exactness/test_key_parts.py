"""Every part of the run key is needed: without it a build is stale after some edit, and the comparison notices."""

import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import exact_changes as changes
import pytest
from exact_builds import build_pages
from exact_desk import Desk, built_desk
from exact_parts import NOT_AN_AUTHORS, SHOWN_BY, alone, kinds_in, loss_of
from exact_projects import COUNTS, DRAWS, first_state

from portfolio.planning import keys

ANOTHER = SimpleNamespace(
    version_info=SimpleNamespace(major=3, minor=99), stdlib_module_names=sys.stdlib_module_names, path=sys.path
)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory, warm_cache: Path) -> Desk:
    """Return a workspace with every kind of project, built."""
    top = tmp_path_factory.mktemp("parts") / "everything"
    shutil.copytree(warm_cache, top / "workspace" / "build" / "cache")
    return built_desk(top, first_state(drawing=True))


@pytest.mark.parametrize("part", sorted(SHOWN_BY))
def test_a_key_that_lacks_a_part_leaves_something_stale(part: str, tmp_path: Path, warm_cache: Path) -> None:
    if SHOWN_BY[part][0] == DRAWS:
        shutil.copytree(warm_cache, tmp_path / "desk" / "workspace" / "build" / "cache")

    loss = loss_of(part, tmp_path / "desk")

    assert loss.not_run == {SHOWN_BY[part][0]}
    assert loss.shown_wrong


def test_every_part_of_a_key_is_taken_away_once(everything: Desk) -> None:
    found = kinds_in(everything.workspace / "build" / "records")

    assert found <= {*SHOWN_BY, *NOT_AN_AUTHORS}
    assert found >= {*SHOWN_BY, *NOT_AN_AUTHORS} - {"loaded", "version", "cells"}


@pytest.mark.parametrize(("name", "other"), [("sys", ANOTHER), ("CAPTURE", "another")])
def test_another_python_or_capture_runs_everything(
    name: str, other: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = built_desk(tmp_path / "desk", alone(COUNTS))
    monkeypatch.setattr(keys, name, other)

    assert build_pages(desk.state, desk.top).ran == {COUNTS}


def test_another_capture_of_cells_runs_what_has_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = changes.in_project(alone(COUNTS), COUNTS, "script.py", changes.with_line("# %% a cell"))
    desk = built_desk(tmp_path / "desk", state)
    monkeypatch.setattr(keys, "CELLS", "another")

    assert build_pages(desk.state, desk.top).ran == {COUNTS}
