"""What is done to a tool's workspace and measured: written anew and built, then changed in one way after the other."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from environments import find_fonts
from measuring import Cost, environment, run
from peers import PORTFOLIO, Peer

from projects import FIRST_SEED, break_script, change_constant, change_data, change_prose, touch

DATA = "cancer.csv"
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - the system's own


class Action(Enum):
    """What happens before a build, in this order; the value is what a table says."""

    COLD = "cold"
    NOTHING = "nothing changed"
    TOUCHED = "touched"
    EDIT = "one edit"
    DATA = "data changed"
    PROSE = "prose changed"
    FAILING = "one failing"


CHANGED = {Action.EDIT: 1, Action.DATA: 1, Action.FAILING: 2}
"""How many scripts have to run for the site to be true; all after `COLD`, none after the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A tool ready to be measured."""

    peer: Peer
    scripts: Path
    """The folder its commands are found in."""
    folder: Path
    """Holds its workspace and the log of what it printed."""
    variables: Mapping[str, str]
    data: Path
    """The rows that every project has a copy of."""
    runs: Path
    """The log to which every script adds a line."""

    @property
    def root(self) -> Path:
        """Return the workspace."""
        return self.folder / "workspace"

    @property
    def output(self) -> Path:
        """Return what its commands printed."""
        return self.folder / "output.log"

    def path(self, pattern: str, slug: str) -> Path:
        """Return a file of a project."""
        return self.root / pattern.format(slug=slug)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One build."""

    cost: Cost
    runs: int
    """Scripts that really ran."""
    wanted: int
    """Scripts that had to run for the site to be true."""
    shown: bool | None
    """Whether the site shows the new constant or sentence of the changed project; None where there is none to show."""

    @property
    def stale(self) -> bool:
        """Whether what is shown now is not what the sources say."""
        return self.runs < self.wanted or self.shown is False


def make_bench(peer: Peer, scripts: Path, work: Path) -> Bench:
    """Return `peer` ready to be measured below `work`, which holds the data; fonts are known from then on."""
    variables = environment(work / "home", scripts)
    find_fonts(scripts, variables)
    folder = work / "tools" / plain(peer.name)
    folder.mkdir(parents=True, exist_ok=True)
    log = _log_of_runs()
    return Bench(peer=peer, scripts=scripts, folder=folder, variables=variables, data=work / DATA, runs=log)


def _log_of_runs() -> Path:
    """Return a new file, gone at the end, that scripts may write to: in shared memory, as `portfolio` lets them."""
    handle, name = tempfile.mkstemp(prefix="benchmark-runs-", dir=_SHARED_MEMORY if _SHARED_MEMORY.is_dir() else None)
    os.close(handle)
    path = Path(name)
    atexit.register(path.unlink, missing_ok=True)
    return path


def plain(name: str) -> str:
    """Return `name` as the name of a folder."""
    return "".join(character for character in name if character.isalnum())


def applies(peer: Peer, action: Action) -> bool:
    """Return whether a tool can be asked: one without pages has no prose, and publishes nothing of the others."""
    return peer.site is not None or action not in (Action.PROSE, Action.FAILING)


def measure(bench: Bench, action: Action, names: Sequence[str], marker: int) -> Measured:
    """Change the workspace as `action` says, build, and return what that took.

    `marker` is a number of nine digits not used before in this workspace; changes are told from each other by it.
    """
    if action is Action.COLD and (failed := _write(bench, names)):
        return Measured(cost=failed, runs=0, wanted=len(names), shown=None)
    shown = _change(bench, action, names, marker)
    bench.runs.write_text("", encoding="utf-8")
    cost = run(bench.peer.command, folder=bench.root, variables=bench.variables, log=bench.output)
    return Measured(
        cost=cost,
        runs=len(bench.runs.read_text(encoding="utf-8").splitlines()),
        wanted=len(names) if action is Action.COLD else CHANGED.get(action, 0),
        shown=_shows(bench, marker) if shown else None,
    )


def _write(bench: Bench, names: Sequence[str]) -> Cost | None:
    """Write the workspace anew; return what a command of its setup cost that failed, or None.

    Caches of the person who builds stay: fonts are known from the first build on.
    """
    peer = bench.peer
    shutil.rmtree(bench.root, ignore_errors=True)
    bench.root.mkdir(parents=True)
    for name, text in peer.files(names).items():
        _write_text(bench.root / name, text)
    for slug in names:
        _write_text(bench.path(peer.script, slug), peer.source(slug, bench.runs))
        if peer.data:
            _copy(bench.data, bench.path(peer.data, slug))
    for command in peer.setup:
        ended = run(command, folder=bench.root, variables=bench.variables, log=bench.output)
        if ended.code:
            return ended
    if peer.name == PORTFOLIO.name:
        fonts = Path(bench.variables["HOME"]) / ".cache" / "matplotlib"
        shutil.copytree(fonts, bench.root / "build" / "cache" / "matplotlib")
    return None


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _change(bench: Bench, action: Action, names: Sequence[str], marker: int) -> bool:
    """Change what `action` says; return whether the site has `marker` to show afterwards."""
    peer, first, last = bench.peer, names[0], names[-1]
    match action:
        case Action.TOUCHED:
            for slug in names:
                touch(bench.path(peer.script, slug))
        case Action.EDIT:
            change_constant(bench.path(peer.script, first), marker)
        case Action.DATA:
            change_data(bench.path(peer.data or "", first), marker)
        case Action.PROSE:
            change_prose(bench.path(peer.prose or "", first), marker)
        case Action.FAILING:
            break_script(bench.path(peer.script, first))
            change_constant(bench.path(peer.script, last), marker)
        case _:
            pass
    return peer.site is not None and action in (Action.EDIT, Action.PROSE, Action.FAILING)


def _shows(bench: Bench, marker: int) -> bool:
    pages = (bench.root / str(bench.peer.site)).rglob("*.html")
    return any(str(marker) in path.read_text(encoding="utf-8", errors="replace") for path in pages)


def markers(round_number: int) -> Mapping[Action, int]:
    """Return a number for each action of a round that stands nowhere else."""
    start = FIRST_SEED + 10_000_000 * (round_number + 1)
    return {action: start + place for place, action in enumerate(Action)}
