"""Keys with one kind of part taken away, and for each kind the edit whose loss shows."""

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from exact_builds import build_pages, differences
from exact_changes import drawing_from
from exact_desk import Desk, built_desk
from exact_meaning import meaning
from exact_projects import CHOOSES, COMMANDED, COUNTS, DECLARED, DRAWS, LINKED, PACKAGED, SHARES, first_state
from exact_state import Source, State, project
from pytest import MonkeyPatch  # noqa: PT013 - also used outside of tests

from portfolio.digests import of_mapping
from portfolio.planning.keys import Keys, RunKey
from portfolio.planning.uses import Uses
from portfolio.values.project import Project

SHOWN_BY: Mapping[str, tuple[str, str]] = {
    "file": (COUNTS, "data"),
    "shared": (COMMANDED, "shared data"),
    "data": (LINKED, "declared data"),
    "read": (CHOOSES, "shared data of a chosen name"),
    "module": (CHOOSES, "shared alpha code"),
    "listing": (SHARES, "shared file added"),
    "local": (PACKAGED, "editable package"),
    "package": (PACKAGED, "version of a package"),
    "loaded": (PACKAGED, "version of a package"),
    "version": (PACKAGED, "version of a package"),
    "param": (COUNTS, "param"),
    "variable": (DECLARED, "declared variable"),
    "seed": (DECLARED, "seed"),
    "threads": (DECLARED, "threads"),
    "network": (DECLARED, "network"),
    "script": (COUNTS, "script named"),
    "command": (COMMANDED, "command"),
    "expect_failure": (COMMANDED, "failure expected"),
    "style": (DRAWS, "figure style"),
}
"""By kind of part: a project that has it, and an edit that changes nothing else of its key."""
ALSO_SAID_BY = {"package": ("loaded",)}
"""Parts that say the same of this project, so that both must go: its text shows its imports, and so does its run."""
IMPORTED_BY_NAME = {
    "loaded": ("import importlib", "scales = importlib.import_module('sca' + 'les')"),
    "version": ("import types, importlib.metadata", "scales = types.SimpleNamespace()"),
}
"""How the project comes by the package where no text shows it."""
ASKED = "scales.__version__ = importlib.metadata.version('sca' + 'les')"
NOT_AN_AUTHORS = ("python", "capture", "cells")
"""Parts that no edit of a workspace changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What a build did after an edit under keys that do not hold the part."""

    not_run: frozenset[str]
    """Projects that had to run and did not."""
    shown_wrong: tuple[str, ...]
    """Results and pages that differ from those made anew."""


def kinds_in(records: Path) -> set[str]:
    """Return the kinds of parts in the stored keys below a folder."""
    found = [json.loads(path.read_text(encoding="utf-8"))["parts"] for path in records.glob("*/*/record.json")]
    return {name.partition(" ")[0] for parts in found for name in parts}


def alone(kind: str) -> State:
    """Return the first state with one project only."""
    state = first_state(drawing=kind == DRAWS)
    others = tuple(f"{project(slug)}/" for slug in state.kinds if slug != kind)
    return replace(state.drop(*(path for path in state.files if path.startswith(others))), kinds={kind: kind})


def state_for(part: str) -> State:
    """Return a state in which that kind of part decides something."""
    kind, _ = SHOWN_BY[part]
    state = alone(kind)
    if part not in IMPORTED_BY_NAME:
        return state
    path = project(kind, "script.py")
    script = state.files[path]
    assert isinstance(script, Source)
    asked = (ASKED,) if part == "version" else ()
    first = ("import gauge, plainly", *IMPORTED_BY_NAME[part], *asked)
    return state.put(path, Source((*first, *script.statements[1:])))


def loss_of(part: str, top: Path) -> Loss:
    """Return what happens without the parts of that kind."""
    _, edit = SHOWN_BY[part]
    with without(part, *ALSO_SAID_BY.get(part, ())):
        desk = built_desk(top, state_for(part))
        _change(desk, edit)
        wanted = desk.known.build(desk.state)
        seen = build_pages(desk.state, desk.top)
    shutil.rmtree(desk.workspace / "build" / "records")
    left = build_pages(desk.state, desk.top).left
    return Loss(not_run=frozenset(wanted - seen.ran), shown_wrong=tuple(differences(left, seen.left)))


@contextmanager
def without(*lost: str) -> Iterator[None]:
    """Take the parts of those kinds out of all keys made meanwhile."""
    of, now = Keys.of, Uses.now

    def fewer(self: Keys, project: Project) -> RunKey:
        whole = of(self, project)
        parts = {name: value for name, value in whole.parts.items() if name.partition(" ")[0] not in lost}
        return replace(whole, digest=of_mapping(parts), parts=parts)

    def fewer_now(self: Uses, project: Project, names: Iterable[str]) -> dict[str, str]:
        return now(self, project, [name for name in names if name.partition(" ")[0] not in lost])

    with MonkeyPatch.context() as patch:
        patch.setattr(Keys, "of", fewer)
        patch.setattr(Uses, "now", fewer_now)
        yield


def _change(desk: Desk, edit: str) -> None:
    """Do the edit with the first numbers that make it change what counts."""
    before, pick = meaning(desk.state, *desk.state.kinds), 0
    while meaning(desk.state, *desk.state.kinds) == before:
        desk.edit(edit, drawing_from(pick))
        pick += 1
