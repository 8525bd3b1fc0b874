"""Fuzz the readers of hostile input and the escaping: `python tests/reliability/fuzz.py --minutes 10 [--atheris NAME]`.

With hypothesis, all targets in turn, each time from another seed; with `--atheris`, one target, led by coverage.
Prints the number of inputs of each target; the exit code is 1 where one crashed, and its input is shown.
"""

# ruff: noqa: T201 - a command prints

import argparse
import sys
import time
import traceback
from collections import Counter
from importlib import import_module
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent)]

from fuzz_targets import TARGETS, seeds  # noqa: E402 - beside the tests
from fuzzed import mutated  # noqa: E402
from hypothesis import HealthCheck, Phase, given, seed, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

_EXAMPLES = 300


def fuzz(seconds: float) -> tuple[Counter[str], list[str]]:
    """Fuzz every target in turn for so long; return the number of inputs of each, and what crashed."""
    began, counts, crashes, number = time.monotonic(), Counter[str](), [], 0
    while time.monotonic() - began < seconds:
        number += 1
        for name in TARGETS:
            try:
                _round(name, number, counts)
            except Exception:  # noqa: BLE001 - whatever comes out is a defect
                crashes.append(f"{name}, seed {number}")
                print(f"{crashes[-1]}:\n{traceback.format_exc()}", flush=True)
    return counts, crashes


def _round(name: str, number: int, counts: Counter[str]) -> None:
    kinds = mutated(seeds(name)) | st.binary(max_size=2000) | st.text(max_size=1000).map(str.encode)

    @seed(number)
    @settings(
        max_examples=_EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(kinds)
    def holds(raw: bytes) -> None:
        counts[name] += 1
        TARGETS[name](raw)

    holds()


def _by_atheris(name: str, minutes: float) -> None:
    atheris = import_module("atheris")  # not needed otherwise, and not on every Python

    atheris.instrument_all()
    atheris.Setup([sys.argv[0], f"-max_total_time={int(minutes * 60)}", "-rss_limit_mb=2048"], TARGETS[name])
    atheris.Fuzz()


def main() -> int:
    """Fuzz as the command line says; return the exit code."""
    asked = argparse.ArgumentParser(description="Fuzz the readers of hostile input and the escaping.")
    asked.add_argument("--minutes", type=float, default=10.0)
    asked.add_argument("--atheris", metavar="NAME", choices=sorted(TARGETS), help="one target, led by coverage")
    options = asked.parse_args()
    if options.atheris:
        _by_atheris(options.atheris, options.minutes)
        return 0
    counts, crashes = fuzz(options.minutes * 60)
    print(*(f"{name}: {count:,} inputs" for name, count in sorted(counts.items())), sep="\n")
    print(f"{len(crashes)} crashes")
    return 1 if crashes else 0


if __name__ == "__main__":
    raise SystemExit(main())
