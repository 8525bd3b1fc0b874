"""Every hostile spec, configuration and folder by the real command line, with its time and its memory."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from figure import Figure
from stage import command, environment

sys.path.append(str(Path(__file__).parent.parent / "hostile_specs"))

from odd_specs import Case, cases, good

SECONDS, BYTES = 0.5, 150 << 20


def run() -> Figure:
    """Check each; what a process is measured by is its own processor time, as others share this machine."""
    found = [(case, *_checked(case)) for case in cases()]
    wrong = [f"{case.name}: {complaint}" for case, complaint, _, _ in found if complaint]
    slowest = max(found, key=lambda each: each[2])
    largest = max(found, key=lambda each: each[3])
    return Figure(
        what=f"{len(found)} hostile specs, configurations and folders, each by `portfolio check`",
        promised="one line each, exit 2, under 0.5 s and 150 MB, nothing executed",
        measured=f"{len(found) - len(wrong)} so; at most {slowest[2]:.2f} s ({slowest[0].name})"
        f" and {largest[3] / 1e6:.0f} MB ({largest[0].name})",
        ok=not wrong and slowest[2] < SECONDS and largest[3] < BYTES,
        notes=tuple(wrong),
    )


def _checked(case: Case) -> tuple[str, float, int]:
    """Return what is wrong with how the command answers, its processor seconds and its bytes."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "workspace"
        case.make(good(root))
        with tempfile.TemporaryFile() as said:
            began = time.monotonic()
            process = subprocess.Popen(
                command("check", "--json"), cwd=root, env=environment(), stdout=said, stderr=subprocess.DEVNULL
            )
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            took = min(time.monotonic() - began, usage.ru_utime + usage.ru_stime)
            said.seek(0)
            problems = json.loads(said.read())["problems"]
        executed = list(Path(folder).rglob("executed"))
    odd = [each for each in problems if not each["hint"] or "\n" in each["file"] + each["key"] + each["message"]]
    memory = usage.ru_maxrss * (1024 if sys.platform == "linux" else 1)
    is_right = process.returncode == 2 and len(problems) == case.problems and not odd and not executed
    return ("" if is_right else f"exit {process.returncode}, {len(problems)} problems"), took, memory
