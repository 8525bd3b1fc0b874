"""Forbid this process and its children to write anywhere but below given places, by Linux's Landlock.

It takes no rights and a fraction of a millisecond. A process in such a domain also cannot signal, trace or read the
memory and environment of one outside of it: its keeper, the zygote, the build. What Landlock leaves open are modes,
owners and times of files, so those of the inputs are compared afterwards (`untouched`).
"""

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION, _BENEATH = 1, 1
_WRITE_FILE, _TRUNCATE = 1 << 1, 1 << 14
_WRITES = sum(1 << bit for bit in range(4, 13)) | _WRITE_FILE
"""To write a file, and to remove or make anything in a folder."""
_REFER = 1 << 13
_SCOPES = 0b11
"""No signal to others, no connection to their abstract sockets."""
_NO_NEW_PRIVILEGES = 38
_OLDEST = 2
"""The first version let nobody move a file from one folder to another, which ordinary scripts do."""
TRUNCATES, SCOPED = 3, 6
"""The versions from which on files cannot be emptied, and others not be signalled."""
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty", "ptmx", "pts", "shm", "kfd", "dri", "accel")


def version() -> int:
    """Return which version of Landlock the kernel offers; 0 where there is none that serves."""
    if not sys.platform.startswith("linux"):
        return 0
    found = int(ctypes.CDLL(None).syscall(_CREATE_RULESET, None, 0, _VERSION))
    return found if found >= _OLDEST else 0


def gaps(offered: int) -> tuple[str, ...]:
    """Return what that version of Landlock leaves open, in words."""
    if not offered:
        return ("files outside of a run are not protected from it",)
    open_ = [] if offered >= TRUNCATES else ["a run can empty files outside of it"]
    return tuple(open_ + ([] if offered >= SCOPED else ["a run can end processes outside of it"]))


def restrict(writable: Iterable[str], offered: int) -> bool:
    """Let this thread, the only one, and its children write at and below `writable` and to harmless devices alone.

    Returns:
        Whether that is so from now on; it cannot be taken back.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    handled = _WRITES | _REFER | (_TRUNCATE if offered >= TRUNCATES else 0)
    attributes = struct.pack("QQQ", handled, 0, _SCOPES if offered >= SCOPED else 0)
    used = len(attributes) if offered >= SCOPED else 8
    ruleset = libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(used), 0)
    if ruleset < 0:
        return False
    try:
        for place in (*writable, *_devices()):
            _allow(libc, ruleset, place, handled)
        libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, place: str, handled: int) -> None:
    """Add a rule; a place that is not there needs none."""
    with suppress(OSError):
        handle = os.open(place, os.O_PATH | os.O_CLOEXEC)
        try:
            rights = handled if os.path.isdir(place) else handled & (_WRITE_FILE | _TRUNCATE)  # noqa: PTH112 - 20 a run
            libc.syscall(_ADD_RULE, ruleset, _BENEATH, struct.pack("=Qi", rights, handle), 0)
        finally:
            os.close(handle)


def _devices() -> list[str]:
    """Return the devices a program may write to: those of terminals, of processors for graphics, and shared memory."""
    names = os.listdir("/dev")  # noqa: PTH208
    return [f"/dev/{name}" for name in names if name in _DEVICES or name.startswith("nvidia")]
