"""What the worker does to itself before the script: limits, where it may write, the end of its parent, the network."""

import ctypes
import os
import signal
import struct
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from portfolio.running import landlock
from portfolio.running.task import Task

_PR_SET_PDEATHSIG = 1
_CAPABILITIES = 0x20080522
_MODULE, _RAWIO, _PTRACE, _ADMIN, _BOOT, _PERFMON, _BPF, _RESTORE = 16, 17, 19, 21, 22, 38, 39, 40
_POWERS = _MODULE, _RAWIO, _PTRACE, _ADMIN, _BOOT, _PERFMON, _BPF, _RESTORE
"""Capabilities by number."""
_TEMPORARY = ("TMPDIR", "TEMP", "TMP", "JOBLIB_TEMP_FOLDER")


def enter(task: Task, parent: int) -> tuple[str, ...]:
    """Apply the guards of `task` to this process and its children; return what could not be guarded, in words."""
    notes: list[str] = []
    if not _limit(task):
        notes.append("memory and the size of files are not limited")
    if not task.network and not _leave_network():
        notes.append("network = false cannot be enforced, so the network was there")
    _use_temporary(task.temporary)
    offered = landlock.version()
    notes.extend(landlock.gaps(offered if offered and landlock.restrict(task.writable, offered) else 0))
    _drop_powers()
    _die_with(parent)  # last: the kernel forgets it where rights change
    return tuple(notes)


def refusal(notes: Sequence[str]) -> dict[str, Any]:
    """Return why a script was not run that must not run without guards."""
    message = f"not run, since a sandbox is required: {'; '.join(notes)}"
    return {"kind": "environment", "message": message, "detail": "", "line": None}


def _use_temporary(folder: str) -> None:
    """Give the run temporary files of its own, which go with it."""
    os.environ.update(dict.fromkeys(_TEMPORARY, folder))
    tempfile.tempdir = None  # found out again: a zygote may know another


def _drop_powers() -> None:
    """Give up what root may do beyond files: with some of it, Landlock keeps nobody from the memory of others.

    Since 6.15 the kernel lets whoever may measure performance read every process. Nothing that is started gets it back:
    a process in a Landlock domain gains no rights.
    """
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return
    libc, header = ctypes.CDLL(None, use_errno=True), struct.pack("Ii", _CAPABILITIES, 0)
    held = ctypes.create_string_buffer(24)  # three sets in halves: all lower ones, then all upper ones
    if libc.capget(header, held) == 0:
        lost = sum(1 << power for power in _POWERS)
        halves = (lost & 0xFFFFFFFF,) * 3 + (lost >> 32,) * 3
        kept = [has & ~less for has, less in zip(struct.unpack("6I", held.raw), halves, strict=True)]
        libc.capset(header, struct.pack("6I", *kept))


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
    from portfolio.running import network  # noqa: PLC0415 - for the few runs that want it

    return bool(network.leave())
