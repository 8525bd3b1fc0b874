"""A run in a fresh interpreter, which forks: one half keeps, the other runs the script."""

import os
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Event

from portfolio.log import RUN_FOLDER
from portfolio.running import supervisor
from portfolio.running.forked import Forked, available
from portfolio.running.task import Limits, Watched


def watch(
    command: Sequence[str], *, folder: Path, environment: Mapping[str, str], output: Path, limits: Limits, cancel: Event
) -> Watched:
    """Run `command`, which is a worker's, until its script ends, a limit is reached or `cancel` is set.

    Added to it are the numbers of this process and of what leads to its keeper.

    Returns:
        How it ended; by then nothing that it started is alive.

    Raises:
        Interrupted: `cancel` was set; everything was ended.
        OSError: the process could not be started.
    """
    if not available():
        return supervisor.watch(
            command, folder=folder, environment=environment, output=output, limits=limits, cancel=cancel
        )
    report, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with report:
        with theirs, output.open("wb") as sink:
            process = subprocess.Popen(
                [*command, str(os.getpid()), str(theirs.fileno())],
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=[theirs.fileno()],
            )
        run = Path(environment[RUN_FOLDER])
        try:
            watched = Forked(report=report, run=run, output=output, limits=limits, cancel=cancel).watch()
        finally:
            report.close()  # its keeper, if there is one still, ends everything
            code = _end(process)
    return watched or Watched(code=code, stopped=None, seconds=0.0, cpu_seconds=0.0, peak_memory=0)


def _end(process: "subprocess.Popen[bytes]") -> int:
    """Wait for the keeper, which has no more to do than to end; kill it where it does not."""
    try:
        return process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        return process.wait()
