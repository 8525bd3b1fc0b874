"""Runs for the tests of zygotes: of a project of the corpus or of a script, by a fork or in a fresh interpreter."""

import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any

from stage import CORPUS, REPOSITORY, SECONDS, Stage, environment

from portfolio import files
from portfolio.log import RUN_FOLDER
from portfolio.running.environment import run_environment
from portfolio.running.observe import OBSERVED
from portfolio.running.preload import uses_of
from portfolio.running.task import Limits, Place, Task, Watched
from portfolio.running.zygote import Zygotes
from portfolio.values import codec

LIBRARIES = "import joblib, numpy, matplotlib.pyplot, sklearn.linear_model, urllib.request\n"
WHO = "import sys; print(*sys.orig_argv)\n"
"""Says whether it is a fork: a zygote's arguments are its forks' own."""
_OF_ONE_RUN = re.compile(
    rb'"(seconds|cpu_seconds|nonce|name": "daemon", "value)": ("\w+"|[0-9.e-]+)|read\t.*/matplotlib/fontlist.*\n'
)


@dataclass(frozen=True, slots=True)
class Run:
    """A run ready to be started."""

    place: Place
    folder: Path
    environment: Mapping[str, str]
    limits: Limits

    def by(self, zygotes: Zygotes) -> Watched:
        """Run it as a build would; without zygotes, in a fresh interpreter."""
        return zygotes.watch(self.place.orders, **self._rest(Event()), environment=self.environment)

    def forked(self, zygotes: Zygotes, cancel: Event | None = None) -> Watched:
        """Run it by a fork of the one zygote there is."""
        (zygote,) = zygotes._zygotes.values()
        watched = zygote.watch(self.place.orders, **self._rest(cancel or Event()), run=self.place.run)
        assert watched is not None, "was not forked"
        return watched

    def _rest(self, cancel: Event) -> dict[str, Any]:
        return {"folder": self.folder, "output": self.place.output, "limits": self.limits, "cancel": cancel}

    @property
    def output(self) -> str:
        """Return what it printed."""
        printed = self.place.output.read_text(encoding="utf-8", errors="replace")
        return printed.replace(str(self.place.temporary), "TEMPORARY").replace(str(self.place.top), "TOP")

    def left(self) -> dict[str, Any]:
        """Return what it left, without what is another in every run: times and numbers of processes.

        A zygote has looked for modules on behalf of all its runs; what of that concerns one is told by its key.
        """
        found: dict[str, Any] = {"output": self.output}
        for path in sorted(self.place.run.rglob("*")):
            if path.is_file():
                content = path.read_bytes().replace(os.fsencode(self.place.top), b"TOP")
                found[path.relative_to(self.place.run).as_posix()] = _OF_ONE_RUN.sub(b"", content)
        lines = set(found.pop(OBSERVED, b"").decode().splitlines())
        found[OBSERVED] = {line for line in lines if "loaded\t" not in line}
        return found

    def carriers(self) -> list[int]:
        """Return the processes that carry the run's folder in their environment."""
        mark, found = f"{RUN_FOLDER}={self.place.run}".encode(), []
        for path in Path("/proc").glob("[0-9]*/environ"):
            with suppress(OSError):
                if mark in path.read_bytes().split(b"\0"):
                    found.append(int(path.parent.name))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """Makes runs below a folder of the test's own."""

    top: Path
    cache: Path

    def of(self, project: str, *, seconds: float = SECONDS, memory: int = 4 << 30, output: int = 1 << 30) -> Run:
        """Return a run of a project of the corpus."""
        place = self._place()
        shutil.copytree(CORPUS / project, place.root / "projects" / "one")
        return self._ready(place, Limits(seconds=seconds, memory=memory, output=output, grace=0.5), {})

    def script(self, script: str, variables: Mapping[str, str] | None = None, *, seconds: float = SECONDS) -> Run:
        """Return a run of a script."""
        place = self._place()
        files.write_text(place.root / "projects" / "one" / "script.py", script)
        return self._ready(place, Limits(seconds=seconds, memory=4 << 30, output=1 << 30, grace=0.5), variables or {})

    def variables(self, run: Path, declared: Mapping[str, str] | None = None, threads: int = 1) -> dict[str, str]:
        """Return the environment of a run."""
        parent, more = environment(declared), declared or {}
        return run_environment(parent, declared=more, threads=threads, seed=3, cache=self.cache, run=run)

    def _place(self) -> Place:
        place = Place(top=self.top / secrets.token_hex(4))
        shutil.copytree(CORPUS / "_shared", place.root / "projects" / "_shared")
        place.run.mkdir()
        return place

    def _ready(self, place: Place, limits: Limits, declared: Mapping[str, str]) -> Run:
        folder, shared = place.root / "projects" / "one", place.root / "projects" / "_shared"
        task = Task(
            nonce=secrets.token_hex(16),
            project=str(folder),
            run=str(place.run),
            script="script.py",
            command=None,
            module_folders=(str(shared), str(shared.parent)),
            seed=3,
            params={"scale": 10},
            memory=limits.memory,
            file=1 << 30,
            network=True,
            style=str(REPOSITORY / "site_templates" / "figures.mplstyle"),
            temporary=str(place.temporary),
            writable=(str(place.root), str(place.run), str(place.temporary), str(place.output), str(self.cache)),
        )
        place.temporary.mkdir()
        place.output.touch()
        files.write_text(place.orders, codec.dumps(task))
        return Run(place, folder, self.variables(place.run, declared), limits)


@contextmanager
def loaded_zygote(runs: Runs) -> Iterator[Zygotes]:
    """Hold a zygote with all libraries loaded that it may load."""
    run = runs.script(LIBRARIES)
    with Zygotes(keep=True) as zygotes:
        zygotes.prepare([(run.environment, uses_of(run.folder))])
        yield zygotes


def descendants(pid: int) -> list[int]:
    """Return the numbers of all processes below one."""
    children = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(path.read_text().rpartition(")")[2].split()[1]) == pid:
                children.append(int(path.parent.name))
    return children + [below for child in children for below in descendants(child)]


def is_alive(pid: int) -> bool:
    """Whether a process runs and is no corpse."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def edit_while_it_runs(stage: Stage, slug: str, name: str) -> None:
    """Add to a file of the workspace once a project that is about to run, and waits for it, has printed something."""

    def edit() -> None:
        wait_until(lambda: any(path.stat().st_size for path in scratch.glob(f"{slug}-*/output.txt")))
        stage.append(name, "9\n")

    scratch = stage.root / "build" / "scratch"
    Thread(target=edit, daemon=True).start()


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for a state of affairs; fail where it does not come."""
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)
