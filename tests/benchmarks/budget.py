"""Hold `portfolio` to its own budget: the rows that need no other tool beside it.

`python tests/benchmarks/budget.py [--projects 10 100 1000] [--work DIR]`. A command, not a test: the first build of
1,000 projects takes minutes. See README.md beside it.
"""

# ruff: noqa: T201 - a command prints

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from author_rows import editing
from measuring import adopt_orphans
from rounds import DATA
from rows import NotMeasuredError, Row, as_table, noted
from small_rows import many_projects, memory, quick_answers
from tables import machine

from projects import write_data


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
        rows = [noted(row) for row in _rows(asked.projects, work)]
    print(f"## Budget\n\nMeasured {machine()}.\n\n{as_table(rows)}")
    return 0


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
