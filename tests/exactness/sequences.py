"""Play many random sequences of edits: `python tests/exactness/sequences.py --sequences 300 [--seed 1]`.

After every edit the next build is compared with a clean one, and what ran with what had to run. The exit code is 1
where a sequence failed; the line printed for it can be played again by its seed.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from exact_builds import Clean
from exact_changes import drawing_from
from exact_desk import NAMES, Desk, StaleError, built_desk, close, copy_of, play
from exact_projects import first_state

LENGTH = 6
_BUILDS, _RUNS = "= builds", "= runs"
_HIDDEN = ("CI", "PORTFOLIO_", "GIT_")


def drawn(seed: str) -> list[list[tuple[str, int]]]:
    """Return a sequence of steps, mostly of one edit each."""
    random = drawing_from(seed)
    sizes = [random.choice((1, 1, 2)) for _ in range(LENGTH)]
    return [[(random.choice(NAMES), random.randrange(1000)) for _ in range(size)] for size in sizes]


def main() -> int:
    """Play what the command line asks for; return the exit code."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sequences", type=int, default=300)
    asked.add_argument("--seed", type=int, default=0)
    options = asked.parse_args()
    for name in [name for name in os.environ if name.startswith(_HIDDEN)]:
        del os.environ[name]
    counts: Counter[str] = Counter()
    failures, began = 0, time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sequences-") as folder:
        base, clean, clean_site = built_desk(Path(folder) / "base", first_state()), Clean(), Clean(site=True)
        for number in range(options.sequences):
            seed = f"{options.seed}-{number}"
            counts.update(name for step in drawn(seed) for name, _ in step)
            desk = copy_of(base, Path(folder) / seed)
            failures += _fails(seed, desk, clean, clean_site)
            counts.update({_BUILDS: desk.known.builds - base.known.builds, _RUNS: desk.runs})
            shutil.rmtree(desk.top)
    for name in (*NAMES, _BUILDS, _RUNS):
        print(f"{counts[name]:6} {name}")  # noqa: T201 - a command tells what it found
    seconds = time.monotonic() - began
    print(f"{options.sequences} sequences, {failures} failed, {len(clean.known)} clean builds, {seconds:.0f} s")  # noqa: T201 - a command tells what it found
    return 1 if failures else 0


def _fails(seed: str, desk: Desk, clean: Clean, clean_site: Clean) -> bool:
    try:
        play(desk, drawn(seed), clean)
        close(desk, clean_site, drawing_from(seed))
    except StaleError as error:
        print(f"seed {seed}: {error}", flush=True)  # noqa: T201 - a command tells what it found
        return True
    return False


if __name__ == "__main__":
    sys.exit(main())
