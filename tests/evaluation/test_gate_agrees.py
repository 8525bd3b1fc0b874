"""The gate, which hardly needs a library, and the comparisons that scripts call say the same of the same folds."""

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_iris, load_wine
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.model_selection import ShuffleSplit
from sklearn.naive_bayes import GaussianNB

from portfolio.evaluation import SpotCheck, comparison, intervals, spot_check
from portfolio.evaluation.splits import ENOUGH
from portfolio.evaluation.spot_check import ROPE as SPOT_CHECK_ROPE
from portfolio.skill import LEAST_FOLDS, ROPE, Verdict, compare, corrected_bounds, ratio
from portfolio.values.record import Goal, Metric

DATA_SETS = {"breast_cancer": load_breast_cancer, "iris": load_iris, "wine": load_wine}


@pytest.fixture(scope="module", params=DATA_SETS)
def checked(request: pytest.FixtureRequest) -> SpotCheck:
    data = DATA_SETS[request.param]()
    models = {"bayes": GaussianNB(), "lda": LinearDiscriminantAnalysis()}
    return spot_check(models, data.data, data.target, baseline="bayes", random_state=0)


def recorded(checked: SpotCheck, model: str) -> Metric:
    """Return a model's scores as a run records them."""
    scores = tuple(checked.scores.loc[model])
    mean = float(np.mean(scores))
    return Metric(name="skill", value=mean, goal=Goal.MAXIMIZE, scores=scores, splits=checked.splits)


def test_the_splits_name_says_the_ratio_to_the_gate(checked: SpotCheck) -> None:
    assert ratio(recorded(checked, "lda")) == pytest.approx(checked.ratio, abs=1e-14)


@pytest.mark.parametrize("test_over_train", [0.0, 1 / 9, 1 / 4, 0.37])
def test_bounds_are_those_of_the_corrected_interval(checked: SpotCheck, test_over_train: float) -> None:
    differences = (checked.scores.loc["lda"] - checked.scores.loc["bayes"]).to_numpy(dtype=float)

    by_gate = corrected_bounds([float(one) for one in differences], test_over_train)

    two_sided = intervals.corrected_interval(differences, test_over_train, level=0.90)  # each end for itself: 95 %
    assert by_gate == pytest.approx(two_sided, abs=1e-8)


def test_change_and_bounds_are_those_of_the_paired_comparison(checked: SpotCheck) -> None:
    found = compare(recorded(checked, "bayes"), recorded(checked, "lda"), same_data=True)

    pair = comparison.compare(checked.scores.loc["lda"], checked.scores.loc["bayes"], checked.ratio, rope=ROPE)
    assert found.bounds is not None
    assert found.change == pytest.approx(pair.difference, abs=1e-8)
    half = (found.bounds[1] - found.bounds[0]) / 2
    quantiles = 1.699127026533498 / 2.045229642132703  # Student's t, 29 degrees of freedom, 0.95 and 0.975
    assert half == pytest.approx((pair.high - pair.low) / 2 * quantiles, abs=1e-8)


def test_better_is_what_half_the_p_value_calls_significant(checked: SpotCheck) -> None:
    found = compare(recorded(checked, "bayes"), recorded(checked, "lda"), same_data=True)

    pair = comparison.compare(checked.scores.loc["lda"], checked.scores.loc["bayes"], checked.ratio, rope=ROPE)
    one_sided = pair.p_value / 2 if pair.difference > 0 else 1 - pair.p_value / 2
    assert (found.verdict is Verdict.BETTER) == (one_sided < 0.05)


@pytest.mark.parametrize("test_size", [0.1, 0.5, 0.75])
def test_any_share_of_test_rows_is_understood(test_size: float) -> None:
    data = load_iris()
    cv = ShuffleSplit(12, test_size=test_size, random_state=0)

    checked = spot_check({"bayes": GaussianNB()}, data.data, data.target, cv=cv)

    assert ratio(recorded(checked, "bayes")) == pytest.approx(checked.ratio, abs=1e-14)


def test_random_scores_agree_too() -> None:
    random = np.random.default_rng(0)

    for folds in random.integers(LEAST_FOLDS, 40, 50):
        differences = random.normal(0.01, 0.1, folds)
        assert corrected_bounds(differences.tolist(), 1 / 9) == pytest.approx(
            intervals.corrected_interval(differences, 1 / 9, level=0.90), abs=1e-8
        )


def test_both_ask_for_as_many_folds_and_know_the_same_rope() -> None:
    assert (ENOUGH, SPOT_CHECK_ROPE) == (LEAST_FOLDS, ROPE)
