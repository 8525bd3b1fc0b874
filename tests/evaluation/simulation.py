"""Do the intervals and tests keep their word? Data sets with a known truth, one command, figures as a Markdown table.

    python tests/evaluation/simulation.py [--sets 400] [--jobs 2] [--seed 0]

Two classes are normal with the same covariance, so the accuracy of a linear rule on fresh rows is known in closed form.
The model is linear discriminant analysis, scored by 10-fold stratified cross-validation three times.

The estimand is the accuracy on fresh rows of a model fitted to 0.9 n rows, averaged over training sets: what
cross-validation estimates, and what models are compared by.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any

import numpy as np
from known_truth import World, accuracy, different, equal, expected_accuracy, sample, single, true_difference
from linear import Floats, accuracies, fit, nested_interval
from numpy.typing import NDArray
from scipy import stats

from portfolio.evaluation.comparison import ALPHA, compare
from portfolio.evaluation.intervals import corrected_interval

K, REPEATS = 10, 3
NESTED = 25  # repetitions of nested cross-validation
RATIO = 1 / (K - 1)
SIZES = (200, 500)
DIFFERENCE = 0.04
ROPE = 0.01


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sets", type=int, default=400, help="data sets of each kind")
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--seed", type=int, default=0)
    chosen = options.parse_args()
    said = f"seed {chosen.seed}, data sets [seed, size, i] for i = 0 to {chosen.sets - 1} of each kind\n"
    sys.stdout.write(said)
    with ProcessPoolExecutor(chosen.jobs) as pool:
        for line in report(chosen.sets, chosen.seed, pool.map):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()


def report(sets: int, seed: int, mapped: Callable[..., Iterable[Any]]) -> Iterator[str]:
    yield "| n | interval | covers the estimand | covers the model at hand | width / oracle's |"
    yield "|---|---|---|---|---|"
    for n in SIZES:
        yield from coverage_rows(n, list(mapped(partial(one_interval, n=n, seed=seed), range(sets), chunksize=10)))
    yield ""
    yield "| n | pairs | true difference | found by the corrected test | by the naive test | on n fresh rows |"
    yield "|---|---|---|---|---|---|"
    for kind in ("equal", "different"):
        for n in SIZES:
            world = pair(kind, n)
            found = np.array(list(mapped(partial(one_pair, world=world, n=n, seed=seed), range(sets), chunksize=10)))
            true = true_difference(world, n - n // K)
            rates = " | ".join(share(column) for column in found.T)
            yield f"| {n} | {kind} | {true:.4f} | {rates} |"


def one_interval(i: int, *, n: int, seed: int, nested: int = NESTED) -> dict[str, tuple[float, ...]]:
    """Return the intervals of one data set, and what they should hold."""
    rng = np.random.default_rng([seed, n, i])
    world = single()
    X, y = sample(world, n, rng)
    scores = accuracies(X, y, k=K, repeats=REPEATS, rng=rng)
    naive = stats.t.interval(0.95, len(scores) - 1, scores.mean(), stats.sem(scores))
    intervals = {"corrected": corrected_interval(scores, RATIO, within=(0, 1)), "naive": naive}
    if nested:
        intervals["nested CV"] = nested_interval(X, y, k=K, repeats=nested, rng=rng)
    weights, constant = fit(X, y)
    at_hand = float(accuracy(weights, np.array(constant), np.array(world.signal)))
    return {**intervals, "mean": (float(scores.mean()),), "at hand": (at_hand,)}


def coverage_rows(n: int, found: list[dict[str, tuple[float, ...]]]) -> Iterator[str]:
    true = expected_accuracy(single(), n - n // K)
    at_hand = np.array([one["at hand"][0] for one in found])
    oracle = 2 * stats.norm.ppf(0.975) * np.std([one["mean"][0] for one in found], ddof=1)
    for kind in [name for name in found[0] if len(found[0][name]) == 2]:
        low, high = np.array([one[kind] for one in found]).T
        cells = (share((low <= true) & (true <= high)), share((low <= at_hand) & (at_hand <= high)))
        yield f"| {n} | {kind} | {cells[0]} | {cells[1]} | {(high - low).mean() / oracle:.2f} |"


def pair(kind: str, n: int) -> World:
    """Return two sets of columns whose models differ by a known accuracy when fitted to 0.9 n rows."""
    return equal() if kind == "equal" else different(DIFFERENCE, n - n // K)


def one_pair(i: int, *, world: World, n: int, seed: int) -> tuple[bool, bool, bool]:
    """Return whether a difference is found: by the corrected test, the naive one, and a paired one on n fresh rows."""
    rng = np.random.default_rng([seed, n, i])
    X, y = sample(world, n, rng)
    folds = rng.integers(1 << 32)
    first, second = (
        accuracies(X[:, list(columns)], y, k=K, repeats=REPEATS, rng=np.random.default_rng(folds))
        for columns in world.columns
    )
    corrected = compare(second, first, RATIO, rope=ROPE)
    naive = stats.ttest_rel(second, first).pvalue
    rows, classes = sample(world, n, rng)
    hits = [_hits(X[:, list(columns)], y, rows[:, list(columns)], classes) for columns in world.columns]
    fresh = stats.ttest_rel(hits[1], hits[0]).pvalue
    return corrected.p_value < ALPHA, bool(naive < ALPHA), bool(fresh < ALPHA)


def _hits(X: Floats, y: NDArray[np.intp], rows: Floats, classes: NDArray[np.intp]) -> Floats:
    weights, constant = fit(X, y)
    hits: Floats = ((rows @ weights + constant > 0) == classes).astype(float)
    return hits


def share(hits: NDArray[np.bool_]) -> str:
    rate = float(np.mean(hits))
    return f"{rate:.3f} ± {np.sqrt(rate * (1 - rate) / len(hits)):.3f}"


if __name__ == "__main__":
    main()
