"""The projects that every tool is given: the same work N times over, each script different by a constant only.

The pieces are put together by `peers.py`, because each tool wants its figures and its prose elsewhere; what is fitted
is in one place, here, so that all of them, and the limit they are held against, fit the same.
"""

import os
import re
from collections.abc import Sequence
from pathlib import Path

ROWS, COLUMNS = 569, 31
FIRST_SEED = 731_000_000
"""Seeds are nine digits long, so that finding one on a page is no accident."""

IMPORTS = """\
import matplotlib.pyplot as plt
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
"""
FIT = """\
folds = StratifiedKFold(5, shuffle=True, random_state=SEED)
linear = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
forest = make_pipeline(StandardScaler(), RandomForestClassifier(60, random_state=SEED))
linear_scores = cross_val_score(linear, X, y, cv=folds)
forest_scores = cross_val_score(forest, X, y, cv=folds)
"""
"""About 0.8 CPU seconds at one thread; this alone is the limit's work."""
DRAW = """\
by_fold, axes = plt.subplots(figsize=(5, 4), layout="constrained")
axes.plot(linear_scores, "o-", label="linear")
axes.plot(forest_scores, "s-", label="forest")
axes.set(xlabel="fold", ylabel="accuracy")
axes.legend()
two_features, axes = plt.subplots(figsize=(5, 4), layout="constrained")
axes.scatter(frame["mean radius"], frame["mean texture"], c=y, s=8)
axes.set(xlabel="mean radius", ylabel="mean texture")
"""
SAY = """\
print("seed", SEED, "linear", linear_scores.mean(), "forest", forest_scores.mean())
"""


def slugs(count: int) -> tuple[str, ...]:
    """Return the names of `count` projects; they are valid as a module's name, too."""
    return tuple(f"p{number:04}" for number in range(1, count + 1))


def opening(slug: str, log: Path) -> str:
    """Return a script's first lines after its imports: say in `log` that it runs, then the constant, then the data.

    The log is how a run is counted alike for every tool. One short line is appended, outside of what any tool watches.
    """
    return f"""\
with open({str(log)!r}, "a") as log:
    log.write("{slug}\\n")
SEED = {FIRST_SEED + int(slug[1:])}
frame = pd.read_csv("data/{slug}.csv")
X, y = frame.drop(columns="target"), frame["target"]
"""


def limit_program(names: Sequence[str], data: Path) -> str:
    """Return a program that fits what the scripts of `names` fit, nothing else, and prints CPU and wall seconds."""
    fit = "".join(f"    {line}\n" for line in FIT.splitlines())
    seeds = [FIRST_SEED + int(slug[1:]) for slug in names]
    return f"""\
import time
{IMPORTS}
frame = pd.read_csv({str(data)!r})
X, y = frame.drop(columns="target"), frame["target"]
cpu, wall = time.process_time(), time.perf_counter()
for SEED in {seeds}:
{fit}
print(time.process_time() - cpu, time.perf_counter() - wall)
"""


def write_data(path: Path) -> None:
    """Write the breast-cancer data that scikit-learn ships as CSV: 569 rows, 30 features and the target."""
    from sklearn.datasets import load_breast_cancer  # noqa: PLC0415 - budget.py alone needs none of it

    frame = load_breast_cancer(as_frame=True).frame
    if frame.shape != (ROWS, COLUMNS):
        raise SystemExit(f"the data is {frame.shape}, no longer {ROWS} x {COLUMNS}")
    frame.to_csv(path, index=False)


def touch(path: Path) -> None:
    """Give `path` a new time and the same content."""
    os.utime(path)


def change_constant(path: Path, marker: int) -> None:
    """Let a script have another constant."""
    _replace(path, r"SEED = \d+", f"SEED = {marker}")


def change_data(path: Path, marker: int) -> None:
    """Let the first number of the first row be another one."""
    _replace(path, r"\n[\d.]+,", f"\n17.{marker},")


def change_prose(path: Path, marker: int) -> None:
    """Let the sentence above the result say something else."""
    _replace(path, r"Revision \d+\.", f"Revision {marker}.")


def break_script(path: Path) -> None:
    """Let a script raise, after it said that it runs."""
    _replace(path, r"(SEED = \d+\n)", r"\1raise RuntimeError('meant to fail')\n")


def prose(slug: str) -> str:
    """Return the sentence above the result."""
    return f"What was found in {slug}. Revision {FIRST_SEED}."


def _replace(path: Path, pattern: str, new: str) -> None:
    text, count = re.subn(pattern, new, path.read_text(encoding="utf-8"), count=1)
    if count != 1:
        raise SystemExit(f"{path}: nothing like {pattern!r} in it")
    path.write_text(text, encoding="utf-8")
