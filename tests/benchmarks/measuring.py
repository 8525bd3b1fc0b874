"""What a command costs: wall time, and CPU time and memory of its whole process tree."""

import ctypes
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_PR_SET_CHILD_SUBREAPER = 36
_REST = 20
"""After each look at memory rest this many times as long as it took, so that looking costs at most 5 % of a core."""
_SHORTEST_REST = 0.02
_HIDDEN = ("GIT_", "PYTHON", "PORTFOLIO_", "OMP_", "OPENBLAS_", "MKL_", "MPL", "VIRTUAL_ENV", "XDG_", "DVC_")
LIMIT_SECONDS = 1800.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """How a command ended and what it took."""

    wall: float
    cpu: float
    """CPU seconds of the command and of all its descendants that have ended."""
    memory: float
    """Highest sum of the tree's proportional set sizes seen at one time, in MB; pages shared by forks count once."""
    code: int


def environment(home: Path, first_on_path: Path, variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a measured command: as a person has it, less what this shell set for us.

    Threads are left as each tool leaves them; the home folder is the benchmark's own, so that caches are alike.
    """
    kept = {name: value for name, value in os.environ.items() if name != "CI" and not name.startswith(_HIDDEN)}
    path = os.pathsep.join([str(first_on_path), kept.get("PATH", os.defpath)])
    ours = {"PATH": path, "HOME": str(home), "GIT_CONFIG_GLOBAL": os.devnull, "DVC_NO_ANALYTICS": "true"}
    return kept | ours | dict(variables or {})


def adopt_orphans() -> None:
    """Let every descendant that loses its parent become ours, so that its CPU time is counted."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def run(command: Sequence[str], *, folder: Path, variables: Mapping[str, str], log: Path) -> Cost:
    """Run `command`, its output appended to `log`, and return what it took.

    Only one command may run at a time: CPU seconds are the difference in what our ended children used.
    """
    before = _cpu_of_children()
    with log.open("ab") as output:
        output.write(f"$ {' '.join(command)}\n".encode())
        output.flush()
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=variables, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        with MemoryWatch(process.pid) as watch:
            code = _wait(process)
        wall = time.perf_counter() - began
    _reap_orphans()
    return Cost(wall=wall, cpu=_cpu_of_children() - before, memory=watch.peak, code=code)


class MemoryWatch:
    """Looks at the memory of a process tree every now and then, in a thread, and remembers the highest sum."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.peak = 0.0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        rest = _SHORTEST_REST
        while not self._ended.wait(rest):
            began = time.thread_time()
            self.peak = max(self.peak, sum(_proportional_size(number) for number in tree(self._root)))
            rest = max(_SHORTEST_REST, _REST * (time.thread_time() - began))


def tree(root: int) -> list[int]:
    """Return `root` and its descendants; empty where there is no /proc."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(path.parent.name))
    found = [root]
    for number in found:
        found += children.get(number, [])
    return found


def _proportional_size(number: int) -> float:
    try:
        text = Path(f"/proc/{number}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    sizes = [line.split()[1] for line in text.splitlines() if line.startswith("Pss:")]
    return sum(map(int, sizes)) * 1024 / 1e6


def _wait(process: "subprocess.Popen[bytes]") -> int:
    """Wait without a timeout, because `Popen.wait` with one polls and would add up to 50 ms to what is measured."""
    timer = threading.Timer(LIMIT_SECONDS, _kill_tree, [process.pid])
    timer.daemon = True
    timer.start()
    try:
        return process.wait()
    finally:
        timer.cancel()


def _kill_tree(root: int) -> None:
    for number in reversed(tree(root)):
        os.kill(number, signal.SIGKILL)


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _reap_orphans() -> None:
    """Take leave of what the command left behind and has ended; what still runs is not waited for."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return
