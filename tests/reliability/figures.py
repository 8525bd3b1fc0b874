"""Print each figure of reliability: `python tests/reliability/figures.py [NAME…]`; `--list` prints the names.

Every module `long_NAME.py` beside this one is a figure: its docstring begins with what it shows, and its `run()` does
the work in temporary folders of its own and returns a `Figure`, or several. The exit code is 1 where a promise was not
kept. The suite has a short form of each; these are commands, for they take minutes.
"""

# ruff: noqa: T201 - a command prints

import argparse
import os
import sys
import time
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

_HERE = Path(__file__).parent
sys.path[:0] = [str(_HERE), str(_HERE.parent)]

from figure import Figure  # noqa: E402 - also where this folder is not on the path yet

_HIDDEN = ("PORTFOLIO_", "GIT_", "PYTEST_")
"""Variables that tell a build or git where it is."""


def names() -> list[str]:
    """Return the names of all figures."""
    return sorted(path.stem.removeprefix("long_") for path in _HERE.glob("long_*.py"))


def measure(name: str) -> Iterator[Figure]:
    """Do the work of one figure, which may take minutes."""
    found: Figure | Iterable[Figure] = import_module(f"long_{name}").run()
    yield from (found,) if isinstance(found, Figure) else found


def main() -> int:
    """Measure what the command line names, or everything; return the exit code."""
    known = names()
    asked = argparse.ArgumentParser(description="Print each figure of reliability.")
    asked.add_argument("names", nargs="*", metavar="NAME", choices=[*known, []], help=", ".join(known))
    asked.add_argument("--list", action="store_true", help="only print the names")
    options = asked.parse_args()
    for variable in [name for name in os.environ if name == "CI" or name.startswith(_HIDDEN)]:
        del os.environ[variable]
    kept = True
    for name in options.names or known:
        if options.list:
            print(name)
            continue
        began = time.monotonic()
        for figure in measure(name):
            kept &= figure.ok
            print(f"{'kept  ' if figure.ok else 'BROKEN'} {name}: {figure.what}: {figure.measured}")
            print(f"       promised: {figure.promised}", *(f"       {note}" for note in figure.notes), sep="\n")
        print(f"       {time.monotonic() - began:.0f} s", flush=True)
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
