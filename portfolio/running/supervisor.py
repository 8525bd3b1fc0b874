"""Start one process group, watch it, end it, where the system has no keepers: see `fresh`.

`subprocess.run` is not used for scripts: on a time-out it kills the child alone and then waits for the pipes that
grandchildren hold open (nbclient#88 shows the same for kernels). Output goes to a file, so no pipe can block.
"""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event

from portfolio.log import RUN_FOLDER
from portfolio.running.task import Limits, Watched

_FIRST_LOOK, _SLOWEST_LOOK = 0.002, 0.05
_LONGEST_SWEEP = 2.0
"""Seconds to wait for those killed to be gone."""


class Interrupted(Exception):  # noqa: N818 - not an error of anybody
    """The build was cancelled while this run was under way."""


def watch(
    command: Sequence[str], *, folder: Path, environment: Mapping[str, str], output: Path, limits: Limits, cancel: Event
) -> Watched:
    """Run `command` in its own session until it ends, a limit is reached or `cancel` is set.

    Its last argument is added here: the number of this process, without which it must not live.

    Returns:
        How it ended; by then no process of its group and none that carries its run folder is alive.

    Raises:
        Interrupted: `cancel` was set; everything was ended.
        OSError: the process could not be started.
    """
    began = time.monotonic()
    with output.open("wb") as sink:
        process = subprocess.Popen(
            [*command, str(os.getpid())],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            close_fds=True,
        )
    stopped = None
    try:
        stopped = _wait(process, output, began + limits.seconds, limits, cancel)
        if stopped:
            _end(process, limits.grace if stopped != "cancelled" else 1.0)
    finally:
        usage = _reap(process)
        sweep(environment[RUN_FOLDER])
    if stopped == "cancelled":
        raise Interrupted
    return Watched(
        code=process.returncode,
        stopped=stopped,
        seconds=time.monotonic() - began,
        cpu_seconds=usage[0],
        peak_memory=usage[1],
    )


def _wait(process: subprocess.Popen[bytes], output: Path, deadline: float, limits: Limits, cancel: Event) -> str | None:
    pause = _FIRST_LOOK
    while not _has_ended(process):
        if cancel.wait(pause):
            return "cancelled"
        if time.monotonic() > deadline:
            return "time"
        if output.stat().st_size >= limits.output:
            return "output"
        pause = min(pause * 1.5, _SLOWEST_LOOK)
    return "output" if output.stat().st_size >= limits.output else None


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether the process ended, without reaping it: until it is reaped its group's number cannot be given anew."""
    if hasattr(os, "waitid"):
        return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(process.pid)], capture_output=True, check=False)
    return not state.stdout.strip() or state.stdout.lstrip().startswith(b"Z")  # macOS before Python 3.13


def _end(process: subprocess.Popen[bytes], grace: float) -> None:
    """TERM to the group, then grace, then KILL."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    patience = time.monotonic() + grace
    while time.monotonic() < patience and not _has_ended(process):
        time.sleep(_SLOWEST_LOOK / 2)


def _reap(process: subprocess.Popen[bytes]) -> tuple[float, int]:
    """Kill what is left of the group, collect the leader; return CPU seconds and peak bytes."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    scale = 1024 if os.uname().sysname == "Linux" else 1
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * scale


def sweep(run_folder: str) -> None:
    """Kill what left its group: on Linux every process that still carries this run's folder in its environment."""
    wanted = f"{RUN_FOLDER}={run_folder}".encode()
    deadline = time.monotonic() + _LONGEST_SWEEP
    while time.monotonic() < deadline:
        survivors = [pid for pid in _pids() if wanted in _environment_of(pid)]
        if not survivors:
            return
        for pid in survivors:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(_FIRST_LOOK)


def _pids() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]  # noqa: PTH208
    except FileNotFoundError:
        return []


def _environment_of(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []
