"""A verdict never says more than the scores allow."""

import math

import numpy as np
import pytest

from portfolio.evaluation.comparison import Paired, compare, holm, mark, posterior, rows_to_settle, verdict

RATIO = 1 / 9


def _scores(mean: float, spread: float, *, n: int = 30) -> np.ndarray:
    noise = np.random.default_rng(0).normal(size=n)
    return np.asarray(mean + spread * (noise - noise.mean()) / noise.std(ddof=1))


def _compared(mean: float, spread: float, rope: float = 0.01) -> Paired:
    return compare(_scores(mean, spread), np.zeros(30), RATIO, rope=rope)


@pytest.mark.parametrize(
    ("mean", "spread", "said"),
    [
        (0.05, 0.02, "better"),
        (-0.05, 0.02, "worse"),
        (0.001, 0.005, "same"),
        (0.003, 0.001, "same"),  # significant, and too small to matter
        (0.001, 0.05, "unclear"),
        (0.001, 0.015, "unclear"),  # probably the same, and not surely
        (0.03, 0.06, "unclear"),
    ],
)
def test_a_verdict_follows_from_size_and_spread(mean: float, spread: float, said: str) -> None:
    paired = _compared(mean, spread)

    assert verdict(paired, paired.p_value) == said


def test_identical_scores_are_not_tested() -> None:
    scores = np.linspace(0.8, 0.9, 30)

    paired = compare(scores, scores.copy(), RATIO, rope=0.01)

    assert math.isnan(paired.p_value)
    assert (paired.constant, paired.difference, verdict(paired, paired.p_value)) == (True, 0, "same")


def test_the_same_difference_on_every_fold_is_not_tested_but_judged_by_its_size() -> None:
    scores = np.linspace(0.5, 0.6, 30)

    paired = compare(scores + 0.3, scores, RATIO, rope=0.01)

    assert math.isnan(paired.p_value)
    assert (mark(paired.p_value, paired.difference), verdict(paired, paired.p_value)) == ("", "better")


def test_without_a_test_there_is_an_interval_and_no_verdict() -> None:
    paired = compare(_scores(0.3, 0.01, n=5), np.zeros(5), 1 / 4, rope=0.01, test=False)

    assert math.isnan(paired.p_value)
    assert (paired.low > 0.2, verdict(paired, math.nan)) == (True, "")


def test_missing_p_values_do_not_count_among_comparisons() -> None:
    assert holm([0.04, math.nan, 0.01])[::2] == pytest.approx([0.04, 0.02])


def test_the_rows_that_settle_do_settle_four_times_in_five() -> None:
    paired = _compared(0.03, 0.06)

    rows = rows_to_settle(paired, n_rows=100, n_comparisons=1, rope=0.01)

    assert rows is not None
    error = paired.error * math.sqrt(100 / rows)
    drawn = np.random.default_rng(0).normal(0.03, error, 20_000)
    settled = np.abs(drawn) / error > 2.045
    assert 0.77 < settled.mean() < 0.85


def test_the_rows_that_show_sameness_do_show_it() -> None:
    paired = _compared(0.0, 0.05)

    rows = rows_to_settle(paired, n_rows=100, n_comparisons=1, rope=0.01)

    assert rows is not None
    error = paired.error * math.sqrt(100 / rows)
    same = [posterior(mean, error, 29, 0.01)[1] >= 0.95 for mean in np.random.default_rng(0).normal(0, error, 2000)]
    assert np.mean(same) > 0.6


def test_no_number_of_rows_tells_equal_models_apart_without_a_rope() -> None:
    assert rows_to_settle(_compared(0.0, 0.05, rope=0), n_rows=100, n_comparisons=1, rope=0) in {None, 10**12}
