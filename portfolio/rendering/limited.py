"""An author's text, rendered by a process of its own under limits of time and memory; that process can be lost."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

from portfolio.errors import SiteError
from portfolio.rendering.orders import MEMORY, PROCESSOR_SECONDS, TOO_LARGE, Answer, Order, line
from portfolio.values import codec

_COMMAND = (sys.executable, "-P", "-m", "portfolio.rendering.limited_process")
_NEEDED = ("LD_LIBRARY_PATH", "PATH", "PYTHONHOME", "PYTHONPATH", "SYSTEMROOT")
_HELP = "build again; where that does not help, install portfolio and what it needs anew"
_GRACE = 5.0
_WALL = 120.0
"""Seconds after which one is ended that uses no processor, or lives where nobody counts it."""


class LimitError(Exception):
    """A text cannot be rendered within the limits; the message says which one, and what to do."""


class _LostError(Exception):
    """The process ended without an answer and without reaching a limit: by the text, or by this machine's trouble."""


class Limited:
    """Such a process, started at the first order and again after one that it did not survive."""

    def __init__(self, seconds: int = PROCESSOR_SECONDS) -> None:
        """Take how much processor time one order may need; a long write-up needs one second of it."""
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._starter = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def start(self) -> None:
        """Start the process where there is none: it imports what it needs while its first order is put together.

        A fork of who started it has none: what it was asked and what it says would mix.
        """
        if self._process is None or self._starter != os.getpid():
            self._starter = os.getpid()
            kept = {name: os.environ[name] for name in _NEEDED if name in os.environ}
            self._process = subprocess.Popen(
                [*_COMMAND, str(self._seconds)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**kept, "PYTHONUTF8": "1", "PYTHONHASHSEED": "0"},
            )

    def ask(self, order: Order) -> Answer:
        """Return the answer.

        Raises:
            LimitError: the process did not survive the order; the next one gets a new process.
            SiteError: it survives no order.
        """
        for _ in range(2):
            with suppress(_LostError):
                return self._asked(order)
        try:
            self._asked(Order())
        except _LostError as error:
            raise SiteError("the process that renders texts does not start", hint=_HELP) from error
        raise LimitError("cannot be rendered, for it is nested too deeply or very unusual; write it plainer")

    def _asked(self, order: Order) -> Answer:
        self.start()
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise RuntimeError("the process was just started")
        clock = threading.Timer(_WALL, process.kill)
        clock.start()
        try:
            process.stdin.write(line(order))
            process.stdin.flush()
            said = process.stdout.readline()
        except BrokenPipeError:
            said = b""
        finally:
            clock.cancel()
            clock.join()  # who has a thread is not forked
        if not said.endswith(b"\n"):
            raise self._lost(self._end())
        return codec.loads(Answer, said)

    def _end(self) -> int:
        """Return the process's exit code once it is gone."""
        process, self._process = self._process, None
        if process is None:
            return 0
        for stream in (process.stdin, process.stdout):
            if stream:
                with suppress(BrokenPipeError):
                    stream.close()
        with suppress(subprocess.TimeoutExpired):
            return process.wait(timeout=_GRACE)
        process.kill()
        return process.wait()

    def _lost(self, code: int) -> LimitError | _LostError:
        if code in (TOO_LARGE, -signal.SIGABRT):
            return LimitError(f"needs more than {MEMORY >> 20} MiB of memory to render; write less, or plainer")
        if code in (-signal.SIGPROF, -signal.SIGKILL):
            why = "thousands of brackets, quotes or stars in a row do that"
            return LimitError(f"takes longer than {self._seconds} s to render; {why}")
        return _LostError()
