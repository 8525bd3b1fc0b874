"""Run scripts as forks of a process that has imported their libraries already; else in a fresh interpreter.

Importing numpy, pandas, pyplot and scikit-learn costs 1.7 CPU seconds a process, two thirds of a small build. There is
one zygote for each environment that runs share: what counts once a process has started, such as limits of threads, is
set before it starts. A run gives the same result either way; where that is in doubt, its interpreter is fresh.
"""

import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Event, Lock
from types import TracebackType
from typing import Self

from portfolio.log import RUN_FOLDER
from portfolio.running import fresh, supervisor
from portfolio.running.forked import Forked, available
from portfolio.running.keeper import Order
from portfolio.running.observe import note_preloaded
from portfolio.running.preload import Uses, uses_of
from portfolio.running.task import Limits, Task, Watched
from portfolio.values import codec

_PLACEHOLDER = "." * 4096
"""Where forks write their run's folder, as long as a path may be."""
_FEWEST = 2
"""Runs from which on a zygote saves time."""
_ROOM = 4
"""How many times what a zygote holds a run's limit must be, as a fork that imports less holds it all the same."""
_PATIENCE = 60.0
_LOOK = 0.05

Group = frozenset[tuple[str, str]]
"""All variables but the run's folder: what runs must share to share a zygote."""


def worker_command(orders: Path, program: Path | None = None) -> list[str]:
    """Return the command of a fresh interpreter, this one's unless `program` is another, that carries out `orders`."""
    python = [str(program), "-S"] if program else [sys.executable]
    return [*python, "-P", "-m", "portfolio.running.worker", str(orders)]


class Zygotes:
    """The zygotes of a build; of all builds of `serve`, with `keep`: then one is worth it for a single run too."""

    def __init__(self, *, keep: bool = False) -> None:
        self._fewest = 1 if keep else _FEWEST
        self._zygotes: dict[Group, _Zygote] = {}
        self._lock = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for zygote in self._zygotes.values():
            zygote.close()
        self._zygotes.clear()

    def prepare(self, runs: Iterable[tuple[Mapping[str, str], Uses]]) -> None:
        """Start the zygotes that runs with these environments and sources are worth; does not wait for them."""
        groups: dict[Group, list[tuple[Mapping[str, str], Uses]]] = {}
        for environment, uses in runs:
            groups.setdefault(_group(environment), []).append((environment, uses))
        with self._lock:
            for group, members in groups.items():
                warm = self._zygotes.get(group)
                wanted = frozenset[str]().union(*(uses.preloadable for _, uses in members))
                if warm and wanted <= warm.modules and not warm.is_spent:
                    continue
                if len(members) >= self._fewest and _may_fork(members[0][0]):
                    if warm:
                        warm.close()
                    modules = wanted | warm.modules if warm else wanted
                    self._zygotes[group] = _Zygote(members[0][0], modules)

    def watch(
        self,
        orders: Path,
        *,
        folder: Path,
        environment: Mapping[str, str],
        output: Path,
        limits: Limits,
        cancel: Event,
    ) -> Watched:
        """Carry out the orders of a run in a process of its own; see `fresh.watch`.

        Raises:
            Interrupted: `cancel` was set; everything was ended.
            OSError: the process could not be started.
        """
        with self._lock:
            zygote = self._zygotes.get(_group(environment))
        if zygote:
            run = Path(environment[RUN_FOLDER])
            watched = zygote.watch(orders, run=run, folder=folder, output=output, limits=limits, cancel=cancel)
            if watched:
                return watched
        return fresh.watch(
            worker_command(orders), folder=folder, environment=environment, output=output, limits=limits, cancel=cancel
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loaded:
    """What a zygote says of itself once its imports are done."""

    unfit: str
    """Why it must not be forked; empty where it may."""
    brought: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Modules by the import that loaded them first."""
    tried: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Top-level modules looked for, found or not, by the import that did."""
    variables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Variables by the import that set them."""
    held: int = 0
    """Bytes of data."""


class _Zygote:
    """One zygote process."""

    def __init__(self, environment: Mapping[str, str], modules: frozenset[str]) -> None:
        self.modules = modules
        self.is_spent = False
        """Whether it refused to fork: it ended, or files it had loaded were changed."""
        self._loaded: _Loaded | None = None
        self._lock = Lock()
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._channel.settimeout(_PATIENCE)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "portfolio.running.zygote_process", str(theirs.fileno())],
                cwd="/",
                env={**environment, RUN_FOLDER: _PLACEHOLDER},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                pass_fds=[theirs.fileno()],
            )
        self._channel.send(json.dumps(sorted(modules)).encode())

    def watch(
        self, orders: Path, *, run: Path, folder: Path, output: Path, limits: Limits, cancel: Event
    ) -> Watched | None:
        """Fork for a run and watch it; None where it has to be run otherwise."""
        loaded = self._wait(cancel)
        task = codec.loads(Task, orders.read_bytes())
        uses = uses_of(Path(task.module_folders[-1]) if task.module_folders else folder)
        if loaded.unfit or limits.memory < _ROOM * loaded.held or not uses.fits(loaded.brought):
            return None
        variables = {key: value for name in uses.imports for key, value in loaded.variables.get(name, {}).items()}
        order = Order(orders=str(orders), folder=str(folder), run=str(run), variables=variables)
        report, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with report:
            with theirs, output.open("wb") as sink:
                self._ask(order, sink.fileno(), theirs.fileno())
            watched = Forked(report=report, run=run, output=output, limits=limits, cancel=cancel).watch()
        self.is_spent = self.is_spent or watched is None
        if watched:
            note_preloaded(run, loaded.tried)
        return watched

    def close(self) -> None:
        """End the zygote; what it forked lives on as long as it is watched."""
        self._channel.close()
        self._process.kill()
        self._process.wait()

    def _ask(self, order: Order, *descriptors: int) -> None:
        """Send an order; where that fails, its report is closed without a word."""
        with self._lock, suppress(OSError):
            socket.send_fds(self._channel, [json.dumps(asdict(order)).encode()], descriptors)

    def _wait(self, cancel: Event) -> _Loaded:
        """Wait for the imports.

        Raises:
            Interrupted: `cancel` was set.
        """
        with self._lock:
            if self._loaded is None:
                self._loaded = self._hear(cancel)
            return self._loaded

    def _hear(self, cancel: Event) -> _Loaded:
        deadline = time.monotonic() + _PATIENCE
        waiting = select.poll()
        waiting.register(self._channel, select.POLLIN)
        while not waiting.poll(_LOOK * 1000):
            if cancel.is_set():
                raise supervisor.Interrupted
            if time.monotonic() > deadline:
                return _Loaded(unfit="takes too long")
        try:
            _, descriptors, _, _ = socket.recv_fds(self._channel, 16, 1)
        except OSError:
            descriptors = []
        if not descriptors:
            return _Loaded(unfit="ended while it imported")
        with os.fdopen(descriptors[0], "rb") as told:
            told.seek(0)
            return _Loaded(**json.load(told))


def _group(environment: Mapping[str, str]) -> Group:
    return frozenset((name, value) for name, value in environment.items() if name != RUN_FOLDER)


def _may_fork(environment: Mapping[str, str]) -> bool:
    """Whether runs in this environment may share a process: one thread each, no module found relative to a folder."""
    places = environment.get("PYTHONPATH", "")
    is_fixed = all(Path(place).is_absolute() for place in places.split(os.pathsep)) if places else True
    return available() and environment.get("OMP_NUM_THREADS") == "1" and is_fixed
