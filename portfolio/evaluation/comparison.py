"""Is one model better than another? Tests on paired scores of the same folds, and what may be said of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from portfolio.evaluation.intervals import corrected_error, corrected_interval, is_constant

ALPHA = 0.05
SURE = 0.95  # the posterior probability from which "same" is said
POWER = 0.8  # with which the rows that would settle a comparison are counted
Verdict = Literal["better", "same", "worse", "unclear", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """What the paired differences of two models on the same folds say.

    Numbers are NaN where no test is made. `p_value` is of two sides, not corrected for the number of comparisons.
    `low` and `high` are the corrected 95 % interval of the mean `difference`.
    """

    difference: float
    low: float
    high: float
    error: float
    n_scores: int
    p_value: float
    p_worse: float
    p_same: float
    p_better: float
    constant: bool


def compare(scores: ArrayLike, baseline: ArrayLike, ratio: float, *, rope: float, test: bool = True) -> Paired:
    """Compare scores with a baseline's on the same folds; higher scores are better.

    The corrected resampled t test (Nadeau & Bengio 2003; Bouckaert & Frank 2004) on J differences, J-1 degrees of
    freedom, and the Bayesian correlated t test beside it, see `posterior`. Where all differences are the same there is
    no spread to test with, so `p_value` is NaN and the posterior is a single point.

    Args:
        scores: J scores.
        baseline: J scores of the baseline on the same folds.
        ratio: test rows over training rows of one fold.
        rope: differences up to this size are no difference in practice.
        test: whether to test; False for few folds and for folds that follow time.
    """
    differences = np.asarray(scores, dtype=float) - np.asarray(baseline, dtype=float)
    mean, error = float(differences.mean()), corrected_error(differences, ratio)
    if is_constant(differences) and abs(mean) <= 1e-12:  # noqa: PLR2004 - rounding
        mean = 0.0
    low, high = corrected_interval(differences, ratio)
    df = len(differences) - 1
    worse, same, better = posterior(mean, error, df, rope) if test else (math.nan,) * 3
    return Paired(
        difference=mean,
        low=low if error else mean,
        high=high if error else mean,
        error=error,
        n_scores=len(differences),
        p_value=2 * float(stats.t.sf(abs(mean) / error, df)) if test and error else math.nan,
        p_worse=worse,
        p_same=same,
        p_better=better,
        constant=not error,
    )


def posterior(mean: float, error: float, df: int, rope: float) -> tuple[float, float, float]:
    """Return P(worse), P(same) and P(better) of a mean difference: below -rope, within it, above rope.

    The posterior is Student's t with `df` degrees of freedom around the mean, scaled by the corrected standard error:
    Benavoli, Corani, Demšar & Zaffalon (2017), "Time for a change: a tutorial for comparing multiple classifiers
    through Bayesian analysis", JMLR 18, section 3. Its correlation rho is 1/k, and rho/(1-rho) the ratio in
    `corrected_error`.
    """
    if not error:
        worse, better = float(mean < -rope), float(mean > rope)
    else:
        worse = float(stats.t.cdf((-rope - mean) / error, df))
        better = float(stats.t.sf((rope - mean) / error, df))
    return worse, max(0.0, 1 - worse - better), better


def holm(p_values: Sequence[float]) -> list[float]:
    """Return the p-values corrected for their number, in the same order; NaN stays NaN and does not count.

    Source: Holm (1979), "A simple sequentially rejective multiple test procedure", Scand. J. Statist. 6.
    """
    known = sorted((p, place) for place, p in enumerate(p_values) if not math.isnan(p))
    corrected, least = [math.nan] * len(p_values), 0.0
    for rank, (p, place) in enumerate(known):
        least = max(least, min(1.0, p * (len(known) - rank)))
        corrected[place] = least
    return corrected


def mark(p_value: float, difference: float) -> str:
    """Return `v` for significantly better, `*` for significantly worse, else nothing, as the Weka Experimenter does."""
    if math.isnan(p_value) or p_value >= ALPHA:
        return ""
    return "v" if difference > 0 else "*"


def verdict(paired: Paired, corrected_p: float) -> Verdict:
    """Return what may be said of a comparison: better, same, worse, unclear, or nothing where none was made.

    *same* only where the posterior has at least 95 % within the ROPE: a difference that is not significant is
    unclear, not the same. Differences that are equal on every fold are judged by their size alone.
    """
    if math.isnan(paired.p_same):
        return ""
    if paired.p_same >= SURE:
        return "same"
    if paired.constant:
        return "better" if paired.difference > 0 else "worse"
    known: dict[str, Verdict] = {"v": "better", "*": "worse"}
    return known.get(mark(corrected_p, paired.difference), "unclear")


def rows_to_settle(paired: Paired, *, n_rows: int, n_comparisons: int, rope: float) -> int | None:
    """Return about how many rows would settle an unclear comparison, two digits rounded up; None where none would.

    The measured difference is taken for the true one, and the squared standard error falls as 1/rows, as the variance
    of a mean does. Then the smaller of the rows that show the difference, tested at 5 % over the number of comparisons
    (Bonferroni, which Holm is never stricter than), and of those that show it to lie within the ROPE, each with a power
    of 80 %: Cohen (1988), "Statistical Power Analysis", section 2.4. Models that learn more from them may need fewer.
    """
    df, size = paired.n_scores - 1, abs(paired.difference)
    reserve = float(stats.norm.ppf(POWER))
    for_difference = float(stats.t.isf(ALPHA / 2 / n_comparisons, df)) + reserve
    for_sameness = float(stats.t.isf((1 - SURE) / 2, df)) + reserve
    ways = [(size, for_difference)] if size else []
    if rope > size:
        ways.append((rope - size, for_sameness))
    if not ways or not paired.error:
        return None
    needed = min(n_rows * (reach * paired.error / margin) ** 2 for margin, reach in ways)
    if needed > 1e12:  # noqa: PLR2004 - no data set has so many
        return None
    step = 10 ** max(0, math.floor(math.log10(needed)) - 1)
    return int(math.ceil(needed / step) * step)
