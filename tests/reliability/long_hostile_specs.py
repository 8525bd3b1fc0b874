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
_ROUNDS = 3


def run() -> Figure:
    """Check each in several rounds; a process is measured by its own processor time, as others share this machine.

    Where its cores are shared with others', even that doubles now and then, each time with other specs. So the least
    of each counts, as the documentation of `timeit` advises; the slowest of all single times is printed beside it.
    """
    rounds, alone = [], []
    for _ in range(_ROUNDS):
        alone += [_library_alone() for _ in range(_ROUNDS)]
        rounds.append([_checked(case) for case in cases()])
    found = [(case, *zip(*times, strict=True)) for case, *times in zip(cases(), *rounds, strict=True)]
    wrong = [f"{case.name}: {max(complaints)}" for case, complaints, _, _ in found if any(complaints)]
    slowest = max(found, key=lambda each: min(each[2]))
    once = max(found, key=lambda each: max(each[2]))
    largest = max(found, key=lambda each: max(each[3]))
    often = sum(seconds >= SECONDS for _, _, times, _ in found for seconds in times)
    return Figure(
        what=f"{len(found)} hostile specs, configurations and folders, each {_ROUNDS} times by `portfolio check`",
        promised="one line each, exit 2, under 0.5 s and 150 MB, nothing executed",
        measured=f"{len(found) - len(wrong)} so; at most {min(slowest[2]):.2f} s ({slowest[0].name}, the least of its"
        f" {_ROUNDS}) and {max(largest[3]) / 1e6:.0f} MB ({largest[0].name})",
        ok=not wrong and min(slowest[2]) < SECONDS and max(largest[3]) < BYTES,
        notes=(
            f"single times: {often} of {_ROUNDS * len(found)} were over {SECONDS} s, at most {max(once[2]):.2f} s",
            f"importing pydantic alone took {min(alone):.2f} to {max(alone):.2f} s meanwhile",
            *wrong,
        ),
    )


def _library_alone() -> float:
    """Return the processor seconds of a Python that imports what checks specs, and nothing of ours."""
    process = subprocess.Popen([sys.executable, "-c", "import pydantic; pydantic.BaseModel"])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime


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
