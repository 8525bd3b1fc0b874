"""Same or better skill: whether a new result keeps up with an earlier one, paired by fold.

Pure, and the standard library alone but for the quantile of Student's t, which is asked of SciPy where it is needed.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from statistics import fmean, variance

from portfolio.errors import UsageError
from portfolio.values.record import Goal, Metric
from portfolio.values.spec import Spec

ROPE = 0.01
LEAST_FOLDS = 10
_LEVEL = 0.95
_SHAPE = re.compile(r"(?:(\d{1,4})x(\d{1,5})|(0|\d{1,4}\.\d{1,17})):.*", re.DOTALL)


class Verdict(Enum):
    """What may be said of a new result beside an old one."""

    BETTER = "better"
    SAME = "same or better"
    WORSE = "worse"
    INCONCLUSIVE = "inconclusive"
    NOT_COMPARABLE = "not comparable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One metric beside its older self; `change` and `bounds` are in its own direction, new minus old."""

    verdict: Verdict
    change: float | None
    """The mean difference over the folds, else the difference of the values."""
    bounds: tuple[float, float] | None = None
    """The corrected one-sided 95 % bounds of the change, each for itself."""
    why: str = ""
    """Why there is no more to say."""


def compare(old: Metric | None, new: Metric | None, *, same_data: bool, rope: float = ROPE) -> Compared:
    """Return what may be said of `new` beside `old`, the same metric of two results.

    With d the differences of the scores in the good direction, L and U their bounds and m the region of practical
    equivalence: better L > 0, same or better L >= -m, worse U < 0 and mean(d) < -m, otherwise inconclusive.

    Args:
        old: the accepted, committed or otherwise older metric.
        new: the newer one.
        same_data: whether both results are of the same data.
        rope: m, in the metric's own unit.
    """
    if old is None or new is None:
        why = "is new" if old is None else "is gone"
        return Compared(verdict=Verdict.NOT_COMPARABLE, change=None, why=why)
    change = new.value - old.value
    why = _incomparable(old, new, same_data=same_data)
    if why:
        return Compared(verdict=Verdict.NOT_COMPARABLE, change=change, why=why)
    if old.scores is None or new.scores is None or old.scores == new.scores:
        return Compared(verdict=Verdict.SAME, change=change, why="identical")
    raw = [after - before for before, after in zip(old.scores, new.scores, strict=True)]
    if len(raw) < LEAST_FOLDS:
        few = f"fewer than {LEAST_FOLDS} folds"
        bounds = corrected_bounds(raw, ratio(new)) if len(raw) > 1 else None
        return Compared(verdict=Verdict.INCONCLUSIVE, change=fmean(raw), bounds=bounds, why=few)
    low, high = corrected_bounds(raw, ratio(new))
    goal = new.goal or old.goal
    if goal is None:
        return Compared(verdict=Verdict.INCONCLUSIVE, change=fmean(raw), bounds=(low, high), why="has no goal")
    mean, lower, upper = (fmean(raw), low, high) if goal is Goal.MAXIMIZE else (-fmean(raw), -high, -low)
    return Compared(verdict=_verdict(mean, lower, upper, rope), change=fmean(raw), bounds=(low, high))


def compare_all(
    old: Mapping[str, Metric], new: Mapping[str, Metric], *, same_data: bool, ropes: Mapping[str, float]
) -> dict[str, Compared]:
    """Return what may be said of every metric of two results, by name."""
    return {
        name: compare(old.get(name), new.get(name), same_data=same_data, rope=ropes.get(name, ROPE))
        for name in sorted({*old, *new})
    }


def judged(metrics: Mapping[str, Metric], spec: Spec) -> dict[str, Metric]:
    """Return the metrics with what the spec says of the headline: its goal and unit."""
    asked = spec.headline
    if asked is None or asked.metric not in metrics:
        return dict(metrics)
    plain = metrics[asked.metric]
    goal = Goal(asked.goal) if asked.goal else plain.goal
    return {**metrics, asked.metric: replace(plain, goal=goal, unit=asked.unit or plain.unit)}


def ropes(spec: Spec, metrics: Mapping[str, Metric]) -> dict[str, float]:
    """Return the region of practical equivalence of each metric: the headline's for all of its unit."""
    asked = spec.headline
    headline = metrics.get(asked.metric) if asked else None
    if asked is None or headline is None:
        return {}
    return {name: asked.rope for name, metric in metrics.items() if metric.unit == headline.unit}


def corrected_bounds(differences: Sequence[float], test_over_train: float) -> tuple[float, float]:
    """Return the corrected one-sided 95 % bounds of the mean difference over J folds, lower and upper.

    The standard error is sqrt((1/J + test/train) * s^2) with s^2 the variance of the differences, ddof 1, and J - 1
    degrees of freedom: Nadeau and Bengio, Inference for the Generalization Error, Machine Learning 52 (2003), for
    repeated folds as in Bouckaert and Frank, Evaluating the Replicability of Significance Tests, PAKDD (2004).

    Raises:
        UsageError: SciPy, which knows the quantile, is not installed.
    """
    count, mean = len(differences), fmean(differences)
    spread = variance(differences)
    if spread == 0:
        return mean, mean
    half = _quantile(count - 1) * math.sqrt((1 / count + test_over_train) * spread)
    return mean - half, mean + half


def ratio(metric: Metric) -> float:
    """Return how many test rows there were in a fold for each row it was trained on.

    The name of the splits says so where it begins with their shape, as in `10x3:` for three times ten folds, or with
    the ratio itself, as in `0.25:` or `1.5:`; `0:` names trials that share nothing. Where it does not, ten folds are
    assumed if ten divides the number of scores, else five, else as many folds as scores.
    """
    shape = _SHAPE.fullmatch(metric.splits or "")
    count = len(metric.scores or ())
    if shape and shape[3]:
        return float(shape[3])
    if shape and shape[1] and int(shape[1]) > 1 and int(shape[1]) * int(shape[2]) == count:
        folds = int(shape[1])
    else:
        folds = next((known for known in (10, 5) if count % known == 0), max(2, count))
    return 1 / (folds - 1)


def _incomparable(old: Metric, new: Metric, *, same_data: bool) -> str:
    if not same_data:
        return "other data"
    if old.unit != new.unit:
        return "another unit"
    if old.goal and new.goal and old.goal is not new.goal:
        return "the opposite goal"
    if old.scores is None or new.scores is None:
        is_same = old.value == new.value and old.scores == new.scores
        return "" if is_same else "no score for each fold"
    if old.splits != new.splits or len(old.scores) != len(new.scores):
        return "other splits"
    return "" if old.splits is not None or old.scores == new.scores else "its splits have no name"


def _verdict(mean: float, low: float, high: float, rope: float) -> Verdict:
    if low > 0:
        return Verdict.BETTER
    if low >= -rope:
        return Verdict.SAME
    return Verdict.WORSE if high < 0 and mean < -rope else Verdict.INCONCLUSIVE


def _quantile(degrees: int) -> float:
    """Return the 95 % quantile of Student's t."""
    try:
        from scipy.special import stdtrit  # noqa: PLC0415 - and only where scores differ
    except ImportError as error:
        raise UsageError("comparing fold by fold needs SciPy", hint="pip install scipy") from error
    return float(stdtrit(degrees, _LEVEL))
