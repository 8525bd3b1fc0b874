"""What the worker does to itself before the script: limits, the end of its parent, the network."""

import ctypes
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from portfolio.running.task import Task

_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


def enter(task: Task, parent: int) -> tuple[str, ...]:
    """Apply the guards of `task` to this process and its children; return what could not be guarded, in words."""
    notes: list[str] = []
    if not _limit(task):
        notes.append("limits on memory and file size are off on this platform")
    if not task.network and not _leave_network():
        notes.append("network = false could not be enforced here")
    _die_with(parent)  # last: the kernel forgets it where rights change
    return tuple(notes)


def _die_with(parent: int) -> None:
    """Ask the kernel to end this process with the one that started it, for `parent`: the build or the run's keeper."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if parent not in _ancestors():  # it ended before the kernel was asked
            sys.exit(1)


def _ancestors() -> Iterator[int]:
    """Yield the process that started this one, which may be a tracer, the one that started that, and so on."""
    pid = os.getppid()
    while pid:
        yield pid
        pid = int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1])


def _limit(task: Task) -> bool:
    """Set the limits a process can set itself; `RLIMIT_AS` would break libraries that reserve address space."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return False
    for name, amount in (("RLIMIT_DATA", task.memory), ("RLIMIT_FSIZE", task.file), ("RLIMIT_CORE", 0)):
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        allowed = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        resource.setrlimit(kind, (allowed, allowed))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    return True


def _leave_network() -> bool:
    """Move into an empty network namespace, by way of a user namespace where that takes rights we lack."""
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.unshare(_CLONE_NEWNET) == 0 or libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0)
