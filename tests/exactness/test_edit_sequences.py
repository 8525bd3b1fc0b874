"""After any edits a build runs exactly what had to run, and leaves what a clean build leaves.

`sequences.py` plays as many random sequences as one likes; here every kind of edit is done at least once.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from exact_builds import Clean
from exact_changes import drawing_from
from exact_desk import NAMES, Desk, built_desk, close, copy_of, play
from exact_projects import first_state
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

QUIET = [
    "script remark",
    "helper remark",
    "nested package remark",
    "dynamically imported remark",
    "shared remark",
    "words of a spec",
    "time limit",
    "prose",
    "file that is nobody's",
    "settings",
    "template",
    "theme option",
    "figure style",
    "other variable",
    "touched",
    "saved again",
    "caches damaged",
]
"""Edits that run nothing, all before one build; the others stand so that each runs another project."""
SEQUENCES = {
    "code": [
        QUIET,
        ["helper code", "data behind a link", "seed", "version of a package", "source read by itself", "shared data"],
        ["going back", "numbers damaged", "caches deleted"],
        [
            "nested package code",
            "dynamic import chooses",
            "dynamically imported code",
            "declared data",
            "threads",
            "editable package",
            "source read by inspect",
            "shared code behind shared code",
            "script broken",
        ],
        ["script repaired", "records damaged"],
    ],
    "branches": [
        [
            "script cell marker",
            "script inline metadata",
            "network",
            "command",
            "shared code nobody uses",
            "shared data nobody uses",
            "shared file's content nobody reads",
        ],
        ["branch switched", "module on the import path", "source read by a traceback", "data added"],
        [
            "data of the same size and time",
            "link led elsewhere",
            "declared variable",
            "shared alpha code",
            "data removed",
        ],
        ["branch switched", "pages damaged", "workspace moved"],
        ["link made a file", "names of variables", "shared code", "shared beta code", "shared dynamic import chooses"],
    ],
    "projects": [
        ["script statement", "shared data of a chosen name", "shared file added", "project added", "failure expected"],
        ["project renamed", "stored file damaged", "shared data removed"],
        ["shared folder renamed", "script named", "failure not expected"],
        ["shared folder renamed", "records deleted", "param"],
        ["project deleted", "data", "threads of the workspace"],
    ],
}


Play = Callable[[Sequence[Sequence[tuple[str, int]]]], None]
STEP = st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 999)), min_size=1, max_size=3)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Return a workspace built once; nothing may change it."""
    return built_desk(tmp_path_factory.mktemp("base") / "desk", first_state())


@pytest.fixture(scope="module")
def played(base: Desk, tmp_path_factory: pytest.TempPathFactory) -> Play:
    """Return what plays steps on a copy of that workspace and builds each state clean once."""
    clean = Clean()
    return lambda steps: play(copy_of(base, tmp_path_factory.mktemp("played") / "desk"), steps, clean)


@pytest.mark.parametrize("name", SEQUENCES)
def test_each_kind_of_edit_runs_what_it_has_to_and_leaves_what_a_clean_build_leaves(name: str, played: Play) -> None:
    picks = drawing_from(name)

    played([[(edit, picks.randrange(1000)) for edit in step] for step in SEQUENCES[name]])


def test_every_kind_of_edit_is_done() -> None:
    assert {edit for sequence in SEQUENCES.values() for step in sequence for edit in step} == set(NAMES)


@given(steps=st.lists(STEP, min_size=1, max_size=2))
@settings(
    max_examples=2,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
def test_any_edits_run_what_they_have_to_and_leave_what_a_clean_build_leaves(
    steps: list[list[tuple[str, int]]], played: Play
) -> None:
    played(steps)


def test_a_site_built_step_by_step_is_a_clean_one_and_damage_to_it_is_mended(base: Desk, tmp_path: Path) -> None:
    desk = copy_of(base, tmp_path / "desk")
    desk.edit("helper code", drawing_from(1))

    close(desk, Clean(site=True), drawing_from(1))
