"""The build's side of a run that has a keeper: watch it by way of the keeper, and end it."""

import json
import os
import select
import signal
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

from portfolio.running.supervisor import Interrupted, sweep
from portfolio.running.task import Limits, Place, Watched

_SLOWEST_LOOK = 0.05
_START, _REPORT = 30.0, 5.0
"""Seconds within which a keeper has to say that it is there, and what became of a script it was told to end."""
_LONGEST = 4096


def available() -> bool:
    """Whether this system has handles of processes, by which a keeper waits for its script."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Forked:
    """One run that a zygote, or a fresh interpreter, was asked to fork."""

    report: socket.socket
    """Leads to the keeper; the run ends when it is closed."""
    run: Path
    output: Path
    limits: Limits
    cancel: Event

    def watch(self) -> Watched | None:
        """Watch until the script has ended or was ended; None where nothing was forked.

        Raises:
            Interrupted: the build was cancelled; everything was ended.
        """
        began = time.monotonic()
        hello = self._hear(began + _START)
        if not hello:
            return None
        place = Place(top=self.run.parent)
        self._tell({"bounds": self._bounds(), "folders": sorted({str(place.top), str(place.temporary)})})
        stopped, told = self._wait(began + self.limits.seconds)
        if stopped and not told:
            told = self._end(1.0 if stopped == "cancelled" else self.limits.grace)
        if not told:
            self._give_up(hello["keeper"])
        if stopped == "cancelled":
            raise Interrupted
        return Watched(
            code=told["code"] if told else -signal.SIGKILL,
            stopped=stopped or told.get("stopped") or None,
            seconds=time.monotonic() - began,
            cpu_seconds=told["cpu"] if told else 0.0,
            peak_memory=told["memory"] if told else 0,
        )

    def _wait(self, deadline: float) -> tuple[str | None, dict[str, Any]]:
        """Return why the script has to end, if it has, and what the keeper told of its end, if it did."""
        while True:
            told = self._heard(_SLOWEST_LOOK)
            is_full = self.output.stat().st_size >= self.limits.output
            if told is not None:
                return ("output" if is_full else None), told
            if self.cancel.is_set():
                return "cancelled", {}
            if time.monotonic() > deadline:
                return "time", {}
            if is_full:
                return "output", {}

    def _end(self, grace: float) -> dict[str, Any]:
        self._tell({"grace": grace})
        return self._hear(time.monotonic() + grace + _REPORT)

    def _tell(self, what: dict[str, Any]) -> None:
        with suppress(OSError):
            self.report.send(json.dumps(what).encode())

    def _bounds(self) -> dict[str, int]:
        limits = self.limits
        return {"memory": limits.memory, "processes": limits.processes, "disk": limits.disk}

    def _give_up(self, keeper: int) -> None:
        """End a run whose keeper was ended or held by the script: the script dies with it, the sweep finds others."""
        with suppress(ProcessLookupError, PermissionError):
            os.kill(keeper, signal.SIGKILL)
        sweep(str(self.run))

    def _hear(self, deadline: float) -> dict[str, Any]:
        """Return what the keeper says next; nothing where it is gone or says nothing in time."""
        while (left := deadline - time.monotonic()) > 0:
            told = self._heard(left)
            if told is not None:
                return told
        return {}

    def _heard(self, seconds: float) -> dict[str, Any] | None:
        """Return what the keeper says within `seconds`, empty where it is gone."""
        waiting = select.poll()
        waiting.register(self.report, select.POLLIN)
        if not waiting.poll(seconds * 1000):
            return None
        found: dict[str, Any] = json.loads(message) if (message := self._received()) else {}
        return found

    def _received(self) -> bytes:
        """Return the next message, empty where there is none any more.

        A keeper that ended without having read all it was told resets the connection, which is said once, before what
        it told at last: a script may end sooner than its bounds arrive.
        """
        for _ in range(2):
            with suppress(ConnectionResetError):
                return self.report.recv(_LONGEST)
        return b""
