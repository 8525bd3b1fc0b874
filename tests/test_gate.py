"""The gate: a new result is better, as good, worse or neither beside an old one, paired by fold."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from portfolio.skill import Compared, Verdict, compare, corrected_bounds, judged, ratio, ropes
from portfolio.values.record import Goal, Metric
from portfolio.values.spec import Headline, Spec

OLD = tuple(np.random.default_rng(0).normal(0.8, 0.03, 30).tolist())
NOISE = np.random.default_rng(1).normal(0, 1, 30)


def test_the_bounds_are_those_of_the_corrected_t_by_other_means() -> None:
    differences = np.random.default_rng(2).normal(0.01, 0.02, 30)

    low, high = corrected_bounds(differences.tolist(), 1 / 9)

    error = np.sqrt((1 / 30 + 1 / 9) * differences.var(ddof=1))
    expected = stats.t(df=29, loc=differences.mean(), scale=error).interval(0.90)
    assert (low, high) == pytest.approx(expected, abs=1e-8)


def test_three_times_ten_folds_are_2_08_times_as_wide_as_naively() -> None:
    differences = NOISE.tolist()

    low, high = corrected_bounds(differences, 1 / 9)

    naive = stats.ttest_1samp(differences, 0).confidence_interval(0.90)
    assert (high - low) / (naive.high - naive.low) == pytest.approx(2.0817, abs=1e-4)


@pytest.mark.parametrize(
    ("shift", "spread", "verdict"),
    [
        (0.05, 0.02, Verdict.BETTER),
        (0.0005, 0.001, Verdict.SAME),
        (-0.001, 0.002, Verdict.SAME),
        (-0.05, 0.02, Verdict.WORSE),
        (-0.009, 0.001, Verdict.SAME),
        (-0.009, 0.006, Verdict.INCONCLUSIVE),
        (-0.02, 0.05, Verdict.INCONCLUSIVE),
        (0.02, 0.1, Verdict.INCONCLUSIVE),
    ],
)
@pytest.mark.parametrize("goal", list(Goal))
def test_the_verdict_is_what_the_bounds_allow(shift: float, spread: float, verdict: Verdict, goal: Goal) -> None:
    sign = 1 if goal is Goal.MAXIMIZE else -1
    better_by = sign * (shift + spread * (NOISE - NOISE.mean()))
    new = [old + change for old, change in zip(OLD, better_by.tolist(), strict=True)]

    found = _compared(_metric(OLD, goal=goal), _metric(new, goal=goal))

    assert found.verdict is verdict
    assert found.change == pytest.approx(sign * shift)


def test_a_clear_but_tiny_loss_is_not_worse_than_practically_equal() -> None:
    new = [score - 0.011 for score in OLD]

    verdicts = [_compared(_metric(OLD), _metric(new), rope=rope).verdict for rope in (0.01, 0.012)]

    assert verdicts == [Verdict.WORSE, Verdict.SAME]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"splits": "another"}, "other splits"),
        ({"splits": None}, "other splits"),
        ({"scores": OLD[:20]}, "other splits"),
        ({"scores": None, "value": 0.9}, "no score for each fold"),
        ({"unit": "%"}, "another unit"),
        ({"goal": Goal.MINIMIZE}, "the opposite goal"),
    ],
)
def test_what_is_not_paired_is_not_comparable(change: dict[str, object], why: str) -> None:
    new = replace(_metric([score - 0.1 for score in OLD]), **change)  # type: ignore[arg-type]

    found = _compared(_metric(OLD), new)

    assert (found.verdict, found.why) == (Verdict.NOT_COMPARABLE, why)


def test_other_data_are_not_comparable_even_if_the_numbers_are_the_same() -> None:
    found = compare(_metric(OLD), _metric(OLD), same_data=False)

    assert found.verdict is Verdict.NOT_COMPARABLE


def test_splits_without_a_name_are_not_comparable() -> None:
    old, new = (replace(_metric(scores), splits=None) for scores in (OLD, OLD[::-1]))

    assert _compared(old, new).verdict is Verdict.NOT_COMPARABLE


def test_few_folds_get_an_interval_and_no_verdict() -> None:
    new = [score + 0.3 + noise / 100 for score, noise in zip(OLD[:9], NOISE[:9].tolist(), strict=True)]

    found = _compared(_metric(OLD[:9]), _metric(new))

    assert (found.verdict, found.bounds is not None) == (Verdict.INCONCLUSIVE, True)


def test_without_a_goal_nothing_is_better_or_worse() -> None:
    new = [score + 0.1 for score in OLD]

    assert _compared(_metric(OLD, goal=None), _metric(new, goal=None)).verdict is Verdict.INCONCLUSIVE


def test_what_is_identical_needs_no_test() -> None:
    single = Metric(name="skill", value=3)

    assert _compared(_metric(OLD), _metric(OLD)).verdict is Verdict.SAME
    assert _compared(single, single).verdict is Verdict.SAME


def test_a_metric_that_is_new_or_gone_is_not_comparable() -> None:
    found = [_compared(None, _metric(OLD)), _compared(_metric(OLD), None)]

    assert [compared.why for compared in found] == ["is new", "is gone"]


def test_trials_that_share_nothing_need_no_correction() -> None:
    assert ratio(Metric(name="saved", value=1.0, scores=(0.5, 1.5), splits="0:2 histories")) == 0


@pytest.mark.parametrize(
    ("splits", "count", "folds"),
    [
        ("5x6:digest", 30, 5),
        ("10x3:digest", 30, 10),
        ("2x5:", 10, 2),
        ("5x3:of another number", 30, 10),
        ("1x30:no folds", 30, 10),
        ("0.25:random splits", 50, 5),
        ("digest", 50, 10),
        ("digest", 25, 5),
        ("digest", 14, 14),
        (None, 1, 2),
    ],
)
def test_the_share_of_test_rows_is_read_from_the_name_of_the_splits(splits: str | None, count: int, folds: int) -> None:
    metric = Metric(name="skill", value=0, scores=tuple([0.0] * count), splits=splits)

    assert ratio(metric) == pytest.approx(1 / (folds - 1))


def test_the_spec_says_goal_and_rope_of_the_headline_and_rope_of_its_unit() -> None:
    asked = Headline(metric="skill", goal="minimize", unit="%", rope=0.5)
    metrics = {name: Metric(name=name, value=1, unit=unit) for name, unit in (("skill", None), ("a", "%"), ("b", "s"))}

    found = judged(metrics, spec := Spec(title="T", summary="S", headline=asked))

    assert (found["skill"].goal, found["skill"].unit) == (Goal.MINIMIZE, "%")
    assert ropes(spec, found) == {"skill": 0.5, "a": 0.5}


def _metric(scores: "list[float] | tuple[float, ...]", goal: Goal | None = Goal.MAXIMIZE) -> Metric:
    return Metric(name="skill", value=float(np.mean(scores)), goal=goal, scores=tuple(scores), splits="10x3:digest")


def _compared(old: Metric | None, new: Metric | None, rope: float = 0.01) -> Compared:
    return compare(old, new, same_data=True, rope=rope)
