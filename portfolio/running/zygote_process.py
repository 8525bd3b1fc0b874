"""A process that imports libraries once and is forked for each run: `python -P -m portfolio.running.zygote_process FD`.

Nothing of a script is executed here. It says what it loaded, then forks for every order until its channel is closed.
Unless importing was as harmless as it should be, it says why, and every run gets an interpreter of its own.
"""

import sys

from portfolio.running import worker

_EVERY_WORKER_HAS = frozenset(sys.modules)

# ruff: noqa: E402 - only what a fresh worker lacks may mislead a script, so that is noted first
import gc
import importlib.util
import json
import os
import socket
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from portfolio.running.keeper import Order, fork_kept
from portfolio.running.leaving import leave
from portfolio.running.observe import Finder

_LARGEST = 1 << 17
_DRAWING = "portfolio.running.drawing"
_Stamps = Mapping[str, tuple[int, int, int]]


def serve(channel: socket.socket) -> tuple[Path, int] | None:
    """Load what the first message names, then fork for every other; return orders and keeper in a script's process."""
    began = time.time_ns()
    wanted = json.loads(channel.recv(_LARGEST))
    said = _listen()
    brought, tried, variables = _preload(wanted)
    sys.stdout.flush()
    unfit = _said(said) or _threads() or _open_files(channel.fileno(), said) or _changed_since(began)
    _say(channel, {"unfit": unfit, "brought": brought, "tried": tried, "variables": variables, "held": _held()})
    os.dup2(0, 1)
    os.dup2(0, 2)
    os.close(said)
    gc.collect()
    gc.freeze()  # a collection in a fork would copy all of this memory
    return _fork_for_all(channel, _stamps())


def _fork_for_all(channel: socket.socket, loaded: _Stamps) -> tuple[Path, int] | None:
    while True:
        message, descriptors, _, _ = socket.recv_fds(channel, _LARGEST, 2)
        if not message:
            return None
        output, report = descriptors[0], socket.socket(fileno=descriptors[1])
        order = Order(**json.loads(message))
        _reap()
        keeper = 0 if _threads() else fork_kept(order, output, report, channel, partial(_are_current, loaded))
        if keeper:
            return Path(order.orders), keeper
        os.close(output)
        report.close()  # without a word from a keeper: nothing was forked


def _preload(wanted: Iterable[str]) -> tuple[dict[str, list[str]], dict[str, list[str]], dict[str, dict[str, str]]]:
    """Import what there is of `wanted`; return for each the modules it brought, those it tried, and its variables.

    Variables are taken away again: scikit-learn sets some, and only a script that imports it may see them.
    """
    brought = {"": sorted(set(sys.modules) - _EVERY_WORKER_HAS)}
    tried: dict[str, list[str]] = {}
    variables: dict[str, dict[str, str]] = {}
    attempts = _attempts()
    gc.disable()  # it looks at every function and class again and again: an eighth of the time
    for name in sorted(wanted, key=_rank):
        modules, before = set(sys.modules), dict(os.environ)
        attempts.clear()
        if not _is_module(name):
            continue
        exec(f"import {name}", {"__name__": "__main__"})  # noqa: S102 - what it warns of, it would warn the script of
        if name == "matplotlib.pyplot":
            importlib.import_module(_DRAWING)
        brought[name] = sorted(set(sys.modules) - modules)
        tried[name] = sorted(attempts)
        variables[name] = {key: value for key, value in os.environ.items() if before.get(key) != value}
        _restore(before)
    gc.enable()
    del sys.meta_path[0]
    return brought, tried, variables


def _attempts() -> set[str]:
    """Return a set that will hold the top-level names of all modules looked for from now on, found or not."""
    attempts: set[str] = set()
    sys.meta_path.insert(0, Finder(attempts.add))
    return attempts


def _restore(variables: Mapping[str, str]) -> None:
    for name in set(os.environ) | set(variables):
        if name not in variables:
            del os.environ[name]
        elif os.environ.get(name) != variables[name]:
            os.environ[name] = variables[name]


def _rank(name: str) -> tuple[int, bool, str]:
    """Order imports so that what most libraries load is known to be brought by the one that always does."""
    return name.count("."), name not in ("numpy", "matplotlib.pyplot"), name


def _is_module(name: str) -> bool:
    try:
        return name in sys.modules or importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def _listen() -> int:
    """Let what is printed go to a file in memory."""
    said = os.memfd_create("said")
    os.dup2(said, 1)
    os.dup2(said, 2)
    return said


def _said(said: int) -> str:
    return os.pread(said, 1000, 0).decode(errors="replace")


def _threads() -> str:
    """Whether there are more threads than this one, which a fork would not have, but would wait for."""
    count = len(os.listdir("/proc/self/task"))  # noqa: PTH208
    return "" if count == 1 else f"{count} threads"


def _open_files(*ours: int) -> str:
    known = {"0", "1", "2", *map(str, ours)}
    kept = [name for name in os.listdir("/proc/self/fd") if name not in known]  # noqa: PTH208
    left = [name for name in kept if os.path.exists(f"/proc/self/fd/{name}")]  # noqa: PTH110 - the listing's own is gone
    return f"open files: {', '.join(left)}" if left else ""


def _changed_since(began: int) -> str:
    names = [name for name, stamp in _stamps().items() if stamp[0] >= began]
    return f"changed meanwhile: {', '.join(names)}" if names else ""


def _stamps() -> _Stamps:
    """Return the state of every file that was loaded: what a fork has in memory must be what is installed."""
    found = {}
    for module in list(sys.modules.values()):
        name = getattr(module, "__file__", None)
        if name:
            with suppress(OSError):
                found[name] = _stamp(name)
    return found


def _are_current(stamps: _Stamps) -> bool:
    try:
        return all(_stamp(name) == stamp for name, stamp in stamps.items())
    except OSError:
        return False


def _stamp(name: str) -> tuple[int, int, int]:
    state = os.stat(name)  # noqa: PTH116 - 2,000 times for every run
    return state.st_mtime_ns, state.st_size, state.st_ino


def _held() -> int:
    """Return the bytes of data this process holds, which count against the limit of every fork."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return next(int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmData:"))


def _say(channel: socket.socket, told: Mapping[str, object]) -> None:
    """Send a file that holds the message, which may be too long for one."""
    file = os.memfd_create("told")
    os.write(file, json.dumps(told).encode())
    socket.send_fds(channel, [b"told"], [file])
    os.close(file)


def _reap() -> None:
    """Forget the keepers that ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


if __name__ == "__main__":
    forked = serve(socket.socket(fileno=int(sys.argv[1])))
    if forked is None:
        os._exit(0)  # what libraries do at an exit is for the runs
    leave(worker.main(*forked))
