"""Intervals of a score: from the folds of a cross-validation, from a share of rows, and from resampled rows."""

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, stats

LEVEL = 0.95
Statistic = Callable[[NDArray[np.intp]], float]
_BATCH_BYTES = 64 << 20
_EQUAL = 1e-12  # differences of floats below this share of their size are rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrapped:
    """A percentile interval from resampled rows, and how many resamples it rests on."""

    low: float
    high: float
    n_resamples: int
    n_undefined: int

    @property
    def is_blind(self) -> bool:
        """Whether all resamples say the same, as where nothing went wrong: how sure that is they cannot tell."""
        return not self.high - self.low > _EQUAL * max(1.0, abs(self.low))


def is_constant(scores: ArrayLike) -> bool:
    """Whether all scores are the same number, apart from rounding."""
    values = np.asarray(scores, dtype=float)
    return bool(np.ptp(values) <= _EQUAL * max(1.0, float(np.abs(values).max())))


def corrected_error(scores: ArrayLike, ratio: float) -> float:
    """Return the corrected standard error of the mean of J scores: `sqrt((1/J + ratio) * s²)`, s² with ddof 1.

    Scores of overlapping training sets are not independent, so `s / sqrt(J)` is too small: Nadeau & Bengio (2003),
    "Inference for the generalization error", Machine Learning 52; for repeated cross-validation Bouckaert & Frank
    (2004), "Evaluating the replicability of significance tests for comparing learning algorithms", PAKDD.

    Args:
        scores: J scores, or J paired differences.
        ratio: test rows over training rows of one fold, 1/(k-1) for k-fold cross-validation.
    """
    values = np.asarray(scores, dtype=float)
    if len(values) < 2 or is_constant(values):  # noqa: PLR2004 - one number has no spread
        return 0.0
    return math.sqrt((1 / len(values) + ratio) * float(values.var(ddof=1)))


def corrected_interval(
    scores: ArrayLike, ratio: float, *, within: tuple[float, float] = (-math.inf, math.inf), level: float = LEVEL
) -> tuple[float, float]:
    """Return the corrected t interval of the mean of J scores, J-1 degrees of freedom, clipped to the range `within`.

    Source: see `corrected_error`.
    """
    values = np.asarray(scores, dtype=float)
    mean, error = float(values.mean()), corrected_error(values, ratio)
    half = error * float(stats.t.isf((1 - level) / 2, len(values) - 1)) if error else 0.0
    return max(mean - half, min(mean, within[0])), min(mean + half, max(mean, within[1]))


def wilson(hits: int, n: int, *, level: float = LEVEL) -> tuple[float, float]:
    """Return the Wilson score interval of a share of `hits` among `n` rows.

    Source: Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22; recommended
    over the plain normal interval by Brown, Cai & DasGupta (2001), Statistical Science 16.
    """
    z2 = float(stats.norm.isf((1 - level) / 2)) ** 2
    share = hits / n
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = math.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    low = 0.0 if hits == 0 else max(0.0, centre - half)
    return low, 1.0 if hits == n else min(1.0, centre + half)


def without_error(counts: ArrayLike, *, level: float = LEVEL) -> tuple[float, float]:
    """Return the interval of a mean recall where no row of any class was wrong, given the rows of each class.

    The lowest mean recall under which no error is as likely as `(1 - level) / 2`: the classes' shares of errors e_c are
    as large as `prod (1 - e_c)^n_c` allows, which makes `1 - e_c` either 1 or proportional to n_c. For one class it is
    the interval of Clopper & Pearson (1934), Biometrika 26, near the rule of three of Hanley & Lippman-Hand (1983), "If
    nothing goes wrong, is everything all right?", JAMA 249.
    """
    rows = np.asarray(counts, dtype=float)

    def likelihood(scale: float) -> float:
        return float((rows * np.log(np.minimum(1.0, scale * rows))).sum())

    wanted = math.log((1 - level) / 2)
    scale = optimize.brentq(lambda known: likelihood(math.exp(known)) - wanted, -700.0, -math.log(rows.min()))
    return float(np.minimum(1.0, math.exp(scale) * rows).mean()), 1.0


def bootstrap(
    statistic: Statistic,
    n: int,
    *,
    n_resamples: int,
    random_state: int | np.random.Generator | None,
    level: float = LEVEL,
    groups: NDArray[Any] | None = None,
) -> Bootstrapped:
    """Return the percentile bootstrap interval of a statistic of rows.

    Source: Efron & Tibshirani (1993), "An Introduction to the Bootstrap", chapter 13; drawn by `scipy.stats.bootstrap`.
    Resamples for which the statistic is not a number, such as an AUC where only one class was drawn, are left out and
    counted. Where rows belong to groups, whole groups are drawn: Field & Welsh (2007), "Bootstrapping clustered data",
    J. R. Statist. Soc. B 69; of a single group nothing can be drawn, and both ends are not a number.

    Args:
        statistic: the statistic of the rows whose indices it is given.
        n: number of rows.
        n_resamples: number of resamples.
        random_state: the same one draws the same rows.
        level: of confidence.
        groups: the group of each row.
    """
    drawn_from, of_drawn = (n, statistic) if groups is None else _of_groups(statistic, groups)
    if drawn_from < 2:  # noqa: PLR2004 - one can be drawn in one way only
        return Bootstrapped(low=math.nan, high=math.nan, n_resamples=n_resamples, n_undefined=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)
        drawn: Any = stats.bootstrap(
            (np.arange(drawn_from),),
            of_drawn,
            n_resamples=n_resamples,
            batch=max(1, _BATCH_BYTES // (8 * n)),
            vectorized=False,
            method="percentile",
            confidence_level=level,
            rng=np.random.default_rng(random_state),
        )
    known = drawn.bootstrap_distribution[np.isfinite(drawn.bootstrap_distribution)]
    low, high = drawn.confidence_interval
    if 0 < len(known) < n_resamples:
        low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return Bootstrapped(low=float(low), high=float(high), n_resamples=n_resamples, n_undefined=n_resamples - len(known))


def _of_groups(statistic: Statistic, groups: NDArray[Any]) -> tuple[int, Statistic]:
    """Return the number of groups, and the statistic as a function of groups by their numbers."""
    members = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    return len(members), lambda drawn: statistic(np.concatenate([members[group] for group in drawn]))
