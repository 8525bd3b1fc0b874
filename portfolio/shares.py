"""Work on many things that do not need each other, shared out among the cores: each further one is a fork of this.

A fork costs some hundredths of a second, so few things are worked on here alone; so are all where the system has no
fork, or where this process has threads, which a fork would not have but might wait for.
"""

import os
import pickle
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import zip_longest
from typing import Any, TypeVar

_Item = TypeVar("_Item")
_Found = TypeVar("_Found")
FEWEST = 200
"""Things for which a fork is worth its while."""
_PR_SET_PDEATHSIG = 1


def shared_out(function: Callable[[_Item], _Found], items: Sequence[_Item]) -> list[_Found]:
    """Return `function` of every item, in their order.

    What a fork changes in memory is gone with it, but for what `function` returns, which can be pickled. The share of a
    fork that did not come to its end is worked on here: what is wrong with it is raised as if there were no forks.
    """
    cores = _cores() if len(items) >= FEWEST else 1
    own, *others = [items[number::cores] for number in range(cores)]
    forks: list[_Fork] = []
    try:
        with suppress(OSError):  # there may be no more processes, or no more open files
            for share in others:
                forks.append(_Fork(function, share))  # noqa: PERF401 - each is ended, also if the next one fails
        done = [[function(item) for item in own]]
        for share, fork in zip_longest(others, forks):
            found = fork.results() if fork else None
            done.append([function(item) for item in share] if found is None else found)
    finally:
        for fork in forks:
            fork.end()
    missing = object()
    return [each for row in zip_longest(*done, fillvalue=missing) for each in row if each is not missing]  # type: ignore[misc]


class _Fork:
    """A fork of this process that works on its share, and ends with it."""

    def __init__(self, function: Callable[[Any], Any], share: Sequence[Any]) -> None:
        parent = os.getpid()
        self._reading, writing = os.pipe()
        try:
            self._number = os.fork()
            if not self._number:
                _work(function, share, writing, parent)
        except OSError:
            os.close(self._reading)
            raise
        finally:
            os.close(writing)

    def results(self) -> list[Any] | None:
        """Return what it found; None where it did not come to its end."""
        with os.fdopen(self._reading, "rb", closefd=False) as stream, suppress(EOFError, pickle.UnpicklingError):
            found: list[Any] = pickle.load(stream)  # noqa: S301 - of ourselves
            return found
        return None

    def end(self) -> None:
        """End it, whatever it does."""
        os.close(self._reading)
        os.kill(self._number, signal.SIGKILL)
        os.waitpid(self._number, 0)


def _work(function: Callable[[Any], Any], share: Sequence[Any], writing: int, parent: int) -> None:
    """Write what `function` returns for a share, or nothing where it raises; never return."""
    try:
        import ctypes  # noqa: PLC0415 - 5 ms, and only in a fork

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == parent:
            with os.fdopen(writing, "wb") as stream:
                pickle.dump([function(item) for item in share], stream, pickle.HIGHEST_PROTOCOL)
    finally:
        os._exit(0)


def _cores() -> int:
    """Return how many cores there are for it; one where forking is not safe."""
    if not sys.platform.startswith("linux") or len(os.listdir("/proc/self/task")) > 1:  # noqa: PTH208
        return 1
    return len(os.sched_getaffinity(0))
