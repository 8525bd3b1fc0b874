"""A build, and the most memory that one of its processes held."""

import re
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from stage import Ran, Stage, command, environment

_PATIENCE = 1800
_PAUSE = 0.02
_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build said, and what it took."""

    ran: Ran
    seconds: float
    megabytes: float
    """The most that one process of the build held."""

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s, {self.megabytes:.0f} MB at most in one process"


def built(stage: Stage) -> Built:
    """Build, and look at every process below it many times a second."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began, most = time.monotonic(), 0.0
        process = subprocess.Popen(
            command("build", "--json"),
            cwd=stage.root,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            process_group=0,
        )
        while process.poll() is None:
            most = max([most, *(_peak(pid) for pid in _below(process.pid))])
            time.sleep(_PAUSE)
            assert time.monotonic() < began + _PATIENCE, "still building"
        seconds = time.monotonic() - began
        said = []
        for file in (out, err):
            file.seek(0)
            said.append(file.read().decode())
    return Built(ran=Ran(code=process.returncode, out=said[0], err=said[1]), seconds=seconds, megabytes=most)


def _below(pid: int) -> list[int]:
    try:
        children = [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        children = []
    return [pid, *(inner for child in children for inner in _below(child))]


def _peak(pid: int) -> float:
    try:
        found = _PEAK.search(Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0
