"""Which guards this system has: asked for by `doctor`, and before anything runs where a sandbox is required.

What a process can only find out by trying, and could not undo, a process of its own tries:
`python -P -m portfolio.running.sandbox` prints it.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from portfolio.running import landlock, network
from portfolio.running.census import can_count
from portfolio.running.forked import available

_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """One guard of runs."""

    name: str
    on: bool
    what: str
    """What it does where it is on, what follows where it is off."""


def guards() -> tuple[Guard, ...]:
    """Return all guards; takes a tenth of a second."""
    tried = _tried()
    return (_limits(tried), _end(), _tree(), _write(tried), _signals(tried), _network(tried))


def missing(*, network: bool) -> tuple[str, ...]:
    """Return the names of the guards that are off, that of the network only where some run needs it."""
    return tuple(guard.name for guard in guards() if not guard.on and (network or guard.name != "network"))


def _limits(tried: Mapping[str, object]) -> Guard:
    on = "limits" in tried
    what = "memory of a process and size of a file" if on else "this system limits no memory: a script can take it all"
    return Guard(name="limits", on=on, what=what)


def _end() -> Guard:
    on = available()
    what = "whatever a run started ends with it" if on else "a process that hides from its run's group can outlive it"
    return Guard(name="end", on=on, what=what)


def _tree() -> Guard:
    on = available()
    how = "of all its processes together" if can_count() else "of all its processes together, which takes longer here"
    what = f"memory, number and files {how}" if on else "each process has the whole limit for itself"
    return Guard(name="tree", on=on, what=what)


def _write(tried: Mapping[str, object]) -> Guard:
    on = bool(tried.get("write"))
    off = "no Landlock, or an early one: inputs are compared afterwards, other files of yours are not protected"
    return Guard(name="write", on=on, what="a run writes only in its own folders, by Landlock" if on else off)


def _signals(tried: Mapping[str, object]) -> Guard:
    on = bool(tried.get("signals"))
    off = "a run can end or read processes of yours outside of it, and the build among them"
    return Guard(
        name="signals", on=on, what="a run signals and reads only its own processes, by Landlock" if on else off
    )


def _network(tried: Mapping[str, object]) -> Guard:
    means = tried.get("network", "")
    off = "network = false cannot be kept: this kernel allows neither namespaces nor filters"
    return Guard(name="network", on=bool(means), what=f"network = false is kept, by a {means}" if means else off)


def _tried() -> Mapping[str, object]:
    """Return what a process that tried everything says: what works, with how."""
    command = [sys.executable, "-P", "-m", "portfolio.running.sandbox"]
    try:
        ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False)
        found: dict[str, object] = json.loads(ended.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return {}
    return found


def _try() -> dict[str, object]:
    """Apply every guard to this process, and see whether it holds; return what works, with how."""
    found: dict[str, object] = {}
    with suppress(ImportError):
        import resource  # noqa: F401, PLC0415 - not on Windows

        found["limits"] = True
    means = network.leave()
    if means and not _reaches_out():
        found["network"] = means
    offered, elsewhere = landlock.version(), tempfile.gettempdir()
    if offered and landlock.restrict((), offered):
        found["write"] = not _can_write(elsewhere) and offered >= landlock.TRUNCATES
        found["signals"] = not _can_signal(os.getppid())
    return found


def _reaches_out() -> bool:
    """Whether there is a way to an address that is nobody's; nothing is sent."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_:
            any_.connect(("192.0.2.1", 9))
    except OSError:
        return False
    return True


def _can_write(folder: str) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _can_signal(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except PermissionError:
        return False
    return True


if __name__ == "__main__":
    print(json.dumps(_try()))  # noqa: T201 - whoever asked reads it
