"""A real Dask cluster for tests and figures: a scheduler and workers, each a process in a folder of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from stage import SECONDS, Stage, environment

TINY = """\
import time
from portfolio import log_metric, log_table, params
time.sleep({seconds})
log_metric("number", {number})
log_table("rows", [{{"n": {number}}}], caption="One row.")
print("I am {number}")
"""
SPEC = 'title = "Number {number}"\nsummary = "A tiny one."\n\n[headline]\nmetric = "number"\n'


@dataclass
class Dask:
    """A scheduler and its workers, which come and go."""

    top: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    bare: str = ""
    """Where a scheduler finds all that it has; the folders of this Python's own unless given."""
    address: str = ""
    scheduler: "subprocess.Popen[bytes] | None" = None
    workers: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    _folders: dict[int, Path] = field(default_factory=dict)

    def start(self, workers: int) -> None:
        """Start a scheduler and its first workers."""
        port = free_port()
        self.address = f"tcp://127.0.0.1:{port}"
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
        _wait_for(port)
        for _ in range(workers):
            self.join()

    def join(self, variables: Mapping[str, str] | None = None, *options: str) -> None:
        """Start one more worker, in a folder of its own."""
        common = ("--no-nanny", "--nthreads", "1", "--no-dashboard", "--local-directory", ".", *options)
        self.workers.append(self._start("worker", self.address, *common, variables=variables))

    def kill(self, worker: "subprocess.Popen[bytes]") -> None:
        """Kill a worker as a power cut would."""
        worker.kill()
        worker.wait(SECONDS)
        self.workers.remove(worker)

    def stop(self) -> None:
        """End everything."""
        for process in (*self.workers, *([self.scheduler] if self.scheduler else [])):
            process.send_signal(signal.SIGKILL)
            process.wait(SECONDS)
        self.workers.clear()
        self.scheduler = None

    def survivors(self) -> list[Path]:
        """Return for each process of a run that is alive on any worker the folder of that worker."""
        mark, found = b"PORTFOLIO_RUN=" + os.fsencode(self.top) + b"/", []
        for path in Path("/proc").glob("[0-9]*/environ"):
            with suppress(OSError):
                _, carried, after = path.read_bytes().partition(mark)
                if carried:
                    found.append(self.top / os.fsdecode(after.partition(b"/")[0]))
        return found

    def busy(self) -> "list[subprocess.Popen[bytes]]":
        """Return the workers on which a run is under way."""
        folders = set(self.survivors())
        return [worker for worker in self.workers if self._folders[worker.pid] in folders]

    def _start(
        self, what: str, *arguments: str, variables: Mapping[str, str] | None = None
    ) -> "subprocess.Popen[bytes]":
        known = {"PYTHONPATH": self.bare} if self.bare and what == "scheduler" else {}
        folder = self.top / f"{what}-{len(list(self.top.glob(f'{what}-*')))}"
        folder.mkdir(parents=True)
        with (folder / "log.txt").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-P", *(["-S"] if known else []), "-m", "dask", what, *arguments],
                cwd=folder,
                env=environment({**self.variables, **known, **(variables or {})}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._folders[process.pid] = folder
        return process


@contextmanager
def dask_cluster(top: Path, workers: int, variables: Mapping[str, str] | None = None, bare: str = "") -> Iterator[Dask]:
    """Hold a cluster, whose processes have these variables; nothing of it is left behind the block."""
    cluster = Dask(top, variables or {}, bare)
    try:
        cluster.start(workers)
        yield cluster
    finally:
        cluster.stop()


def add_numbers(stage: Stage, count: int, seconds: float = 0.0) -> list[str]:
    """Add `count` tiny projects that sleep so long; return their slugs."""
    slugs = [f"n{number:04d}" for number in range(count)]
    for number, slug in enumerate(slugs):
        stage.write(f"projects/{slug}/spec.toml", SPEC.format(number=number))
        stage.write(f"projects/{slug}/script.py", TINY.format(number=number, seconds=seconds))
    return slugs


def add_slow(stage: Stage) -> None:
    """Add a project that runs for longer than any test."""
    stage.write("projects/slow/spec.toml", 'title = "Slow"\nsummary = "It waits."\n')
    stage.write("projects/slow/script.py", "import time\nprint('here')\ntime.sleep(550)\n")


def stored(stage: Stage) -> list[str]:
    """Return the projects with a stored run."""
    return sorted(path.parent.name for path in (stage.root / "build" / "records").glob("*/last_good"))


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + SECONDS
    while True:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        assert time.monotonic() < deadline, "the scheduler did not start"
        time.sleep(0.05)
