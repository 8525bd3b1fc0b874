"""Builds that are killed, and what has to be true of the workspace afterwards."""

import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from ground import Ground, Tree, differences, end_of_all, lasting, leftovers
from stage import SECONDS, Stage, environment

import portfolio

_DYING = str(Path(__file__).with_name("dying.py"))
_PHASES = (
    (
        "import",
        (
            f"{Path(portfolio.__file__).parent}/",
            "site-packages",
            "/lib/python",
            "portfolio/portfolio/",
            ".pyc",
            "__pycache__",
        ),
    ),
    ("engine", ("mkdocs.log",)),
    ("exchange", ("renameat2",)),
    ("stage", (".staged-site-", "build/site")),
    ("docs tree", ("build/docs", "build/theme", "build/mkdocs.yml")),
    ("store", ("build/records", "results.json")),
    ("run", ("build/scratch", "/proc/")),
    ("delete the old", ("os.remove", "os.rmdir")),
    ("note", ("unchanged.json",)),
    ("caches", ("build/cache",)),
    ("start", ("subprocess.", "os.posix_spawn", "os.fork")),
    ("read", ("projects/", "mkdocs.yml", "pyproject.toml", "site_templates", ".lock", ".git")),
)
"""By which words a phase is known in what was interrupted."""


@dataclass(slots=True)
class Broken:
    """What was seen that was not promised, and where the kills fell."""

    sites: list[str] = field(default_factory=list)
    builds: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    phases: Counter[str] = field(default_factory=Counter)

    @property
    def all(self) -> tuple[str, ...]:
        """Everything."""
        return (*self.sites, *self.builds, *self.left)


@dataclass(frozen=True, slots=True)
class Trees:
    """The site before and after the edit, each as a build that nobody killed leaves it."""

    old: Tree
    new: Tree
    docs: Tree

    @classmethod
    def of(cls, made: Ground) -> "Trees":
        """Read them."""
        return cls(lasting(made.old.site), lasting(made.new.site), lasting(made.new.root / "build" / "docs"))


def steps_of_a_build(made: Ground, folder: Path) -> tuple[int, float]:
    """Return how many steps and seconds the build after the edit takes if nobody kills it."""
    stage = made.edited(folder)
    began = time.monotonic()
    process, log = start_dying(stage, 0)
    assert process.wait(SECONDS) == 0, "the build that nobody kills failed"
    return int(log.read_text(encoding="utf-8").split()[0]), time.monotonic() - began


def start_dying(stage: Stage, step: int) -> tuple["subprocess.Popen[bytes]", Path]:
    """Start a build that is killed at `step`; return it, and where it says what it was doing."""
    log = stage.root.with_name(f"{stage.root.name}.log")
    log.unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-P", _DYING, str(step), str(log), "build", "--jobs", "2"],
        cwd=stage.root,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return process, log


def kill(stage: Stage, trees: Trees, broken: Broken, *, step: int = 0, after: float = 0.0) -> None:
    """Kill a build of `stage` at a step, or after some seconds, and look at what the world sees then."""
    process, log = start_dying(stage, step)
    if not step:
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
    process.wait(SECONDS)
    doing = log.read_text(encoding="utf-8") if log.exists() else ""
    broken.phases[_phase(doing) if process.returncode < 0 else "over"] += 1
    shown = lasting(stage.site)
    if shown not in (trees.old, trees.new):
        broken.sites.append(f"killed at {doing.strip()}: {differences(shown, trees.new)[:3]} of the site")


def check_next(stage: Stage, trees: Trees, broken: Broken, moment: str) -> None:
    """Build again, and compare with a clean build."""
    ran = stage.portfolio("build")
    if ran.code != 0:
        broken.builds.append(f"{moment}: the next build ended with {ran.code}: {ran.err[-300:]}")
    different = differences(lasting(stage.site), trees.new)
    different += differences(lasting(stage.root / "build" / "docs"), trees.docs)
    if different:
        broken.builds.append(f"{moment}: the next build is not a clean one: {different[:3]}")
    found = [*leftovers(stage.root), *map(str, end_of_all(stage.root))]
    if found:
        broken.left.append(f"{moment}: left {found[:3]}")


def _phase(doing: str) -> str:
    return next((phase for phase, words in _PHASES if any(word in doing for word in words)), "else")
