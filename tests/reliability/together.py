"""Two commands at once in one workspace, and one that waits for another that is killed."""

import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

from ground import Ground, differences, end_of_all, lasting, leftovers
from stage import SECONDS

PAIRS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("build",), ("build",)),
    (("build",), ("run", "--force", "succeeds")),
    (("build", "--force"), ("verify", "minimal")),
    (("build",), ("clean",)),
    (("clean", "--all"), ("run", "--record", "succeeds")),
    (("build", "--drafts"), ("new", "another")),
    (("run", "--record", "succeeds"), ("run", "--record", "succeeds")),
    (("init",), ("build", "--jobs", "1")),
)
_HANGING = "import time\nprint('waiting', flush=True)\ntime.sleep(600)\n"
_ALLOWED = (0, 2)
"""Two is what `init` answers where there is a portfolio."""


def run_pair(made: Ground, folder: Path, number: int) -> list[str]:
    """Start a pair at once, then build; return what was not as promised."""
    stage, pair = made.edited(folder), PAIRS[number % len(PAIRS)]
    both = [stage.start(*arguments) for arguments in pair]
    said = [process.communicate(timeout=SECONDS) for process in both]
    complaints = [
        f"{' '.join(arguments)} beside another: {process.returncode}: {err[-500:]}"
        for arguments, process, (_, err) in zip(pair, both, said, strict=True)
        if process.returncode not in _ALLOWED or "Traceback" in err
    ]
    shutil.rmtree(stage.projects / "another", ignore_errors=True)
    ran = stage.portfolio("build")
    astray = differences(lasting(stage.site), lasting(made.new.site))
    if ran.code or astray:
        complaints.append(f"{pair}: the next build: {ran.code}, {astray[:3]} {ran.err[-300:]}")
    found = [*leftovers(stage.root), *map(str, end_of_all(stage.root))]
    return complaints + ([f"{pair}: left {found[:3]}"] if found else [])


def kill_the_holder(made: Ground, folder: Path, waiting: tuple[str, ...]) -> tuple[float, list[str]]:
    """Kill a build that holds the workspace while `waiting` waits; return the seconds until that one ended."""
    stage = made.edited(folder)
    script = (stage.projects / "succeeds" / "script.py").read_text(encoding="utf-8")
    stage.write("projects/succeeds/script.py", _HANGING)
    holder = stage.start("build")
    _wait_for(lambda: any((stage.root / "build" / "scratch").glob("*/output.txt")))
    stage.write("projects/succeeds/script.py", script)
    waiter = stage.start(*waiting)
    time.sleep(1.0)
    is_waiting = waiter.poll() is None
    holder.send_signal(signal.SIGKILL)
    began = time.monotonic()
    holder.communicate(timeout=SECONDS)
    _, err = waiter.communicate(timeout=SECONDS)
    seconds = time.monotonic() - began
    complaints = [] if is_waiting else [f"{waiting} did not wait: {err[-300:]}"]
    if waiter.returncode:
        complaints.append(f"{waiting} behind a killed build: {waiter.returncode}: {err[-500:]}")
    left = end_of_all(stage.root)
    return seconds, complaints + ([f"{waiting}: processes {left} are left"] if left else [])


def _wait_for(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)
