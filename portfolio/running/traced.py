"""A run under the system's tracer, which also sees what native code and started programs open.

It costs several times the run's own time, so it serves `verify` alone; the audit hook serves every run.
"""

import re
import shutil
import sys
from pathlib import Path

from portfolio.running.observe import OBSERVED, ignored_places
from portfolio.running.task import Place

_OPENED = re.compile(r"open(?:at2?)?\(.*\b(O_RDONLY|O_RDWR)\b(.*)= \d+<(/.*)>\s*$")
_IS_NO_INPUT = re.compile(r"O_TRUNC|O_DIRECTORY|O_PATH")
_MOST_BYTES = 256 << 20


def tracer_command(place: Place) -> tuple[str, ...]:
    """Return what to put in front of a command to trace it, nothing where there is no tracer.

    `-D` leaves the traced process the child of ours, so that it is watched and ended like any other.
    """
    strace = shutil.which("strace") if sys.platform.startswith("linux") else None
    if strace is None:
        return ()
    traced = "trace=open,openat,openat2"
    return (strace, "-D", "-f", "-qq", "-y", "-s", "4096", "-e", traced, "-o", str(_log(place)), "--")


def read_trace(place: Place, own: Path) -> bool:
    """Put what was traced into the list of what the run opened; return whether anything was traced.

    Args:
        place: where it ran.
        own: the project's copy, whose files all count anyway.
    """
    path = _log(place)
    if not path.is_file() or not path.stat().st_size:
        return False
    seen, ignored = set(), ignored_places(place.run)
    with path.open("rb") as stream:
        for line in stream.read(_MOST_BYTES).decode("utf-8", "replace").splitlines():
            opened = _OPENED.search(line)
            if not opened or _IS_NO_INPUT.search(opened[2]) or opened[3].startswith(ignored):
                continue
            if not Path(opened[3]).is_relative_to(own):
                kind = "module" if opened[3].endswith(".py") else "read"
                seen.add(f"{kind}\t{opened[3]}\n")
    (place.run / OBSERVED).write_text("".join(sorted(seen)), encoding="utf-8")
    return True


def _log(place: Place) -> Path:
    return place.top / "trace.txt"
