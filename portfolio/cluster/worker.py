"""What runs within a Dask worker: one plugin for each build, which carries out orders and ends them."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock
from typing import Any

from distributed import WorkerPlugin, get_worker

from portfolio.cluster.checking import Needs, differences
from portfolio.cluster.perform import Host, perform
from portfolio.cluster.pulse import beat, patience
from portfolio.hiding import hide
from portfolio.planning.packages import installed
from portfolio.running.zygote import Zygotes

_LOOK = 0.1
_LONGEST_END = 15.0
_IDLE = 60.0
"""Seconds without a run after which a process that has imported libraries ends: its build may have been killed."""
_WANTED = ("executing", "long-running")
_ALIVE = ("running", "paused", "closing_gracefully")


class UnfitError(Exception):
    """This worker joined after the others were compared, and has not what runs need."""


class Runs(WorkerPlugin):
    """The runs of one build on one worker.

    Dask does not stop what it no longer wants, so each run looks whether it is wanted: its future was dropped, the
    author's machine went away, the scheduler did or is no longer heard, the worker is closing.
    """

    def __init__(self, build: str, needs: Needs, wanted: Mapping[str, Any]) -> None:
        self.name = self._topic = build
        self._needs, self._wanted = needs, wanted

    def setup(self, worker: Any) -> None:
        """Begin to look; close this process to the scripts it will start."""
        hide()
        self._worker = worker
        self._active: dict[str, Event] = {}
        self._host: Host | None = None
        self._lock = Lock()
        self._last = time.monotonic()
        told = [what for what, _ in differences(self._wanted, self._needs.here())]
        self._unfit = f"{worker.address} joined and has {'; '.join(told)}" if told else ""
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(each) for each in (self._look(), self._listen())]

    async def teardown(self, worker: Any) -> None:  # noqa: ARG002 - Dask's signature
        """End every run, and return when none is left."""
        for task in self._tasks:
            task.cancel()
        deadline = time.monotonic() + _LONGEST_END
        while self._active and time.monotonic() < deadline:
            self._end(list(self._active))
            await asyncio.sleep(_LOOK / 2)
        if self._host:
            self._host.zygotes.__exit__(None, None, None)

    def carry_out(self, key: str, order: bytes, bundle: bytes, shared: bytes) -> bytes:
        """Carry out an order in this thread; tell that it begins."""
        if self._unfit:
            raise UnfitError(self._unfit)
        cancel = self._active[key] = Event()
        try:
            self._worker.log_event(self._topic, {"run": key, "worker": self._worker.address})
            return perform(order, bundle, shared, self._hosted(), cancel)
        finally:
            self._last = time.monotonic()
            with suppress(KeyError):
                del self._active[key]

    def _hosted(self) -> Host:
        with self._lock:
            if self._host is None:
                home = Path(self._worker.local_directory) / "portfolio"
                self._host = Host(home=home, packages=installed(home / "cache"), zygotes=Zygotes(keep=True))
            return self._host

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_LOOK)
            self._end([key for key in list(self._active) if not self._is_wanted(key)])
            if self._host and not self._active and time.monotonic() - self._last > _IDLE:
                self._host.zygotes.__exit__(None, None, None)  # the next run begins with a new one

    async def _listen(self) -> None:
        """End all runs while the scheduler is not heard: others begin them again, or nobody waits for them."""
        while True:
            await asyncio.sleep(beat())
            if self._active:
                try:
                    await asyncio.wait_for(self._worker.scheduler.who_has(keys=[]), patience())
                except OSError:  # TimeoutError is one
                    self._end(list(self._active))

    def _is_wanted(self, key: str) -> bool:
        task = self._worker.state.tasks.get(key)
        return task is not None and task.state in _WANTED and self._worker.status.name in _ALIVE

    def _end(self, keys: list[str]) -> None:
        for key in keys:
            with suppress(KeyError):
                self._active[key].set()


def work(build: str, key: str, order: bytes, bundle: bytes, shared: bytes) -> bytes:
    """Carry out an order: the task that Dask is given."""
    runs: Any = get_worker().plugins[build]
    returned: bytes = runs.carry_out(key, order, bundle, shared)
    return returned


def hold(content: bytes) -> bytes:
    """Return what is given: a bundle that other tasks ask for, made again where its worker is lost."""
    return content
