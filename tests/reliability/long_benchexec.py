"""Limits on memory and time beside BenchExec's, which holds and measures by the kernel's control groups.

Needs `runexec` on the path and the right to make control groups; says so where either is missing.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from figure import Figure
from hostility import HOSTILE, run_hostile
from long_hostile import stage_in

_LIMITS = {
    "holds_memory_in_many_children": ("--memlimit", "300MB"),
    "has_a_thread_that_never_ends": ("--walltimelimit", "2"),
    "waits_beyond_signals": ("--walltimelimit", "2"),
}
"""What BenchExec is asked for, which each script's spec asks of us."""
_WITHIN = 6.0
"""Seconds after which we may end a run later than BenchExec, which kills at once: our grace and one more."""


def run() -> Iterator[Figure]:
    """Run the same scripts under both."""
    runexec = shutil.which("runexec")
    for name, limit in _LIMITS.items():
        theirs = _by_benchexec(runexec, name, limit) if runexec else {}
        with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
            row = run_hostile(stage_in, Path(folder, "run"), [name]).rows[name]
        seconds = float(theirs.get("walltime", "nan"))
        yield Figure(
            what=f"{name.replace('_', ' ')}, limited by {' '.join(limit)}",
            promised=f"ended for the same reason, at most {_WITHIN:g} s later",
            measured=f"ours {row['failure']['kind']} after {row['seconds']:.1f} s; "
            f"BenchExec {theirs.get('terminationreason', 'not measured')} after {seconds:.1f} s",
            ok=not theirs or row["seconds"] <= seconds + _WITHIN,
            notes=() if theirs else ("runexec is not installed, or may make no control groups here",),
        )


def _by_benchexec(runexec: str, name: str, limit: tuple[str, str]) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        command = [runexec, "--no-container", *limit, "--", sys.executable, str(HOSTILE / name / "script.py")]
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    return dict(re.findall(r"^(walltime|terminationreason|memory)=([\w.-]+?)[sB]?$", ended.stdout, re.MULTILINE))
