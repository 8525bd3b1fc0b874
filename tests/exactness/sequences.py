"""Play many random sequences of edits: `python tests/exactness/sequences.py --sequences 300 [--seed 1]`.

After every edit the next build is compared with a clean one, and what ran with what had to run. The exit code is 1
where a sequence failed; the line printed for it can be played again: seed 1-23 by `--seed 1 --first 23 --sequences 1`.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent))

from exact_builds import Clean
from exact_changes import drawing_from
from exact_desk import NAMES, Desk, built_desk, close, copy_of, play
from exact_projects import first_state

LENGTH = 6
_FAILED = "= failed"
_COUNTED = ("= builds", "= runs", "= clean builds", _FAILED)
_HIDDEN = ("CI", "PORTFOLIO_", "GIT_")
_CLEAN, _CLEAN_SITE = Clean(), Clean(site=True)
"""What clean builds leave, of which each process keeps what it has seen."""


def drawn(seed: str) -> list[list[tuple[str, int]]]:
    """Return a sequence of steps, mostly of one edit each."""
    random = drawing_from(seed)
    sizes = [random.choice((1, 1, 2)) for _ in range(LENGTH)]
    return [[(random.choice(NAMES), random.randrange(1000)) for _ in range(size)] for size in sizes]


def main() -> int:
    """Play what the command line asks for, a process for each core; return the exit code."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sequences", type=int, default=300)
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--first", type=int, default=0)
    options = asked.parse_args()
    for name in [name for name in os.environ if name.startswith(_HIDDEN)]:
        del os.environ[name]
    seeds = [f"{options.seed}-{number}" for number in range(options.first, options.first + options.sequences)]
    counts = Counter(name for seed in seeds for step in drawn(seed) for name, _ in step)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sequences-") as folder:
        base = built_desk(Path(folder) / "base", first_state())
        with ProcessPoolExecutor() as pool:
            for seed, failure, seen in pool.map(partial(_played, base, Path(folder)), seeds):
                counts.update(seen)
                if failure:
                    print(f"seed {seed}: {failure}", flush=True)  # noqa: T201 - a command tells what it found
    for name in (*NAMES, *_COUNTED):
        print(f"{counts[name]:6} {name}")  # noqa: T201 - a command tells what it found
    seconds = time.monotonic() - began
    print(f"{options.sequences} sequences, {counts[_FAILED]} failed, {seconds:.0f} s")  # noqa: T201 - a command tells what it found
    return 1 if counts[_FAILED] else 0


def _played(base: Desk, folder: Path, seed: str) -> tuple[str, str, Counter[str]]:
    """Play one sequence; return its seed, what was wrong, and what was counted."""
    desk, known, failure = copy_of(base, folder / seed), len(_CLEAN.known), ""
    try:
        play(desk, drawn(seed), _CLEAN)
        close(desk, _CLEAN_SITE, drawing_from(seed))
    except Exception as error:  # noqa: BLE001 - a fault of the test is told like one of the build
        failure = f"{type(error).__name__}: {error}"
    shutil.rmtree(desk.top)
    counts = (desk.known.builds - base.known.builds, desk.runs, len(_CLEAN.known) - known, int(bool(failure)))
    return seed, failure, Counter(dict(zip(_COUNTED, counts, strict=True)))


if __name__ == "__main__":
    sys.exit(main())
