"""What no tool can go below: the pure fitting of the projects, imports, figures and pages not counted."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from environments import OURS
from measuring import environment

from projects import limit_program

_ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """What fitting took, in seconds, in one process with one thread; over all cores the limit is `cpu` / cores."""

    cpu: float
    wall: float


def fit(names: Sequence[str], data: Path, home: Path) -> Fitting:
    """Fit once what the projects `names` fit, one after the other."""
    command = [sys.executable, "-c", limit_program(names, data)]
    variables = environment(home, OURS, _ONE_THREAD)
    ended = subprocess.run(command, env=variables, capture_output=True, text=True, check=True)
    cpu, wall = map(float, ended.stdout.split())
    return Fitting(cpu=cpu, wall=wall)
