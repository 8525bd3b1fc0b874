"""Hold `portfolio` to its own budget: the rows that need no other tool beside it.

`python tests/benchmarks/budget.py [--projects 10 100 1000] [--work DIR]`. A command, not a test: the first build of
1,000 projects takes minutes. See README.md beside it.
"""

# ruff: noqa: T201 - a command prints

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from author_rows import editing
from measuring import adopt_orphans
from rounds import DATA
from rows import NotMeasuredError, Row, as_table, noted
from small_rows import many_projects, memory, quick_answers
from tables import machine

from projects import write_data

IMPORTS = 1.73
"""CPU seconds of `import_seconds` on the machine for which the budget was written."""
TIMES = 3


def main() -> int:
    """Measure and print; return 0."""
    parser = argparse.ArgumentParser(description="Hold portfolio to its own budget.")
    parser.add_argument("--projects", type=int, nargs="+", default=[10, 100, 1000], help="numbers of stored projects")
    parser.add_argument("--work", type=Path, help="keep the workspaces in this folder")
    asked = parser.parse_args()
    adopt_orphans()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as temporary:
        work = asked.work.resolve() if asked.work else Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        write_data(work / DATA)
        before = import_seconds(work)
        rows = [noted(row) for row in _rows(asked.projects, work)]
        before = [*before, *import_seconds(work)]
    imports = median(before)
    print(f"## Budget\n\nMeasured {machine()}.\n\n{as_table(rows, imports / IMPORTS)}")
    print(
        f"Importing numpy, pandas, pyplot and scikit-learn took {imports:.2f} CPU seconds here, before and after these"
    )
    print(f"rows; it took {IMPORTS} s where the budget was set: *met at the budget's speed* allows for that.")
    return 0


def import_seconds(work: Path) -> list[float]:
    """Return the CPU seconds of importing what most scripts do, some times over: what this machine is worth today."""
    command = [
        sys.executable,
        "-P",
        "-c",
        "import numpy, pandas, matplotlib.pyplot, sklearn.ensemble, sklearn.linear_model",
    ]
    environment = {**os.environ, "MPLCONFIGDIR": str(work / "matplotlib"), "OMP_NUM_THREADS": "1"}
    found = []
    for _ in range(1 + TIMES):
        before = os.times()
        subprocess.run(command, env=environment, check=True)
        after = os.times()
        found.append(after.children_user + after.children_system - before.children_user - before.children_system)
    return found[1:]


def _rows(projects: Sequence[int], work: Path) -> Iterator[Row]:
    """Return all rows; where a group cannot go on, a row says so, and the other groups do."""
    groups = (quick_answers(work), editing(work), memory(work), many_projects(sorted(projects), work))
    for group in groups:
        try:
            yield from group
        except NotMeasuredError as error:
            yield Row(what="the rows that should follow", budget=0, measured=None, unit="s", note=str(error))


if __name__ == "__main__":
    sys.exit(main())
