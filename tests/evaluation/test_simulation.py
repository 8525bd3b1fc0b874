"""A short form of `simulation.py`: intervals and tests keep their word on data whose truth is known."""

import numpy as np
import pytest
from known_truth import different, equal, expected_accuracy, sample, single, true_difference
from linear import accuracies, fit
from scipy import stats
from simulation import one_interval, one_pair
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

SETS = 150


def test_the_quick_discriminant_analysis_is_scikit_learns() -> None:
    X, y = sample(single(), 200, np.random.default_rng(0))

    weights, constant = fit(X, y)

    model = LinearDiscriminantAnalysis(solver="lsqr").fit(X, y)
    assert X @ weights + constant == pytest.approx(model.decision_function(X), abs=1e-8)
    assert ((X @ weights + constant > 0) == model.predict(X)).all()


def test_the_known_truth_is_what_fresh_rows_say() -> None:
    rng = np.random.default_rng(0)
    world = single()
    hits = []
    for _ in range(200):
        weights, constant = fit(*sample(world, 180, rng))
        rows, classes = sample(world, 2000, rng)
        hits.append(((rows @ weights + constant > 0) == classes).mean())

    error = np.std(hits) / np.sqrt(len(hits))
    assert abs(np.mean(hits) - expected_accuracy(world, 180)) < 4 * error


def test_corrected_intervals_cover_and_naive_ones_do_not() -> None:
    found = [one_interval(i, n=200, seed=1, nested=0) for i in range(SETS)]

    truth = expected_accuracy(single(), 180)
    covered = {
        kind: np.mean([one[kind][0] <= truth <= one[kind][1] for one in found]) for kind in ("corrected", "naive")
    }
    oracle = 2 * stats.norm.ppf(0.975) * np.std([one["mean"] for one in found], ddof=1)
    width = np.mean([one["corrected"][1] - one["corrected"][0] for one in found])
    assert covered["corrected"] >= 0.94 - 2 * np.sqrt(0.05 * 0.95 / SETS)
    assert covered["naive"] < 0.88
    assert width < 1.4 * oracle


def test_equally_good_models_seldom_differ_and_a_true_difference_is_found() -> None:
    alike, apart = equal(), different(0.04, 450)

    alarms = np.mean([one_pair(i, world=alike, n=200, seed=1)[0] for i in range(SETS)])
    found = np.mean([one_pair(i, world=apart, n=500, seed=1)[0] for i in range(SETS)])

    assert alarms <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / SETS)
    assert true_difference(apart, 450) == pytest.approx(0.04, abs=5e-4)
    assert found >= 0.35


def test_folds_are_stratified_and_each_row_is_tested_once() -> None:
    X, y = sample(single(), 100, np.random.default_rng(0))

    scores = accuracies(X, y, k=10, repeats=3, rng=np.random.default_rng(0))

    assert scores.shape == (30,)
    assert {round(score * 10, 9) % 1 for score in scores} == {0.0}
