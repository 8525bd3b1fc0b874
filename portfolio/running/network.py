"""Keep a run from the network, by what the kernel allows without special rights.

An empty network namespace leaves a run its own `localhost` and nothing else. Where namespaces are not for everybody,
as on Ubuntu 24.04, a filter of system calls refuses every socket but those between processes of one machine.
"""

import ctypes
import errno
import os
import platform
import socket
import struct
import sys
from contextlib import suppress
from pathlib import Path

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_GET_FLAGS, _SET_FLAGS, _IS_UP = 0x8913, 0x8914, 1
_NO_NEW_PRIVILEGES, _SET_FILTER, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_CALLS = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""By machine: its number, and that of the system call `socket`."""
_IO_URING_SETUP = 425
_FOREIGN_CALLS = 0x40000000
"""From here on x86's second numbering of the same calls."""


def leave() -> str:
    """Cut this process, which has one thread, and its children off; return by which means, empty where none did it."""
    if not sys.platform.startswith("linux"):
        return ""
    return "namespace" if leave_by_namespace() else "filter" if leave_by_filter() else ""


def leave_by_namespace() -> bool:
    """Move into an empty network namespace, by way of a user namespace where that takes rights we lack."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_NETWORK) != 0:
        user, group = os.getuid(), os.getgid()
        if libc.unshare(_NEW_USER | _NEW_NETWORK) != 0:
            return False
        with suppress(OSError):  # else files would seem to be nobody's
            Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
            Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
            Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
    with suppress(OSError):
        _raise_loopback()
    return True


def leave_by_filter() -> bool:
    """Refuse every socket to this process but those of the machine's own processes."""
    known = _CALLS.get(platform.machine())
    if known is None:
        return False
    program = _program(*known)
    libc = ctypes.CDLL(None, use_errno=True)
    steps = ctypes.create_string_buffer(program)
    given = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(steps))
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    return bool(libc.prctl(_SET_FILTER, _FILTER, given, 0, 0) == 0)


def _raise_loopback() -> None:
    """Make `localhost` work, which a new namespace has and does not use; libraries talk to their own workers by it."""
    import fcntl  # noqa: PLC0415 - not on Windows

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_:
        asked = fcntl.ioctl(any_, _GET_FLAGS, struct.pack("16sH14x", b"lo", 0))
        flags = struct.unpack("16sH14x", asked)[1]
        fcntl.ioctl(any_, _SET_FLAGS, struct.pack("16sH14x", b"lo", flags | _IS_UP))


def _program(machine: int, socket_call: int) -> bytes:
    """Return the filter: other machines' calls, io_uring (which opens sockets itself) and foreign sockets are refused.

    Each step is `(code, steps to skip if so, if not, value)`.
    """
    refuse = _REFUSE | errno.ENETUNREACH
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 0, 8, machine),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 6, 0, _FOREIGN_CALLS),
        (_EQUAL, 5, 0, _IO_URING_SETUP),
        (_EQUAL, 0, 3, socket_call),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_EQUAL, 1, 0, socket.AF_UNIX),
        (_EQUAL, 0, 1, socket.AF_NETLINK),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, refuse),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
