"""Every figure agrees with an independent computation: another library, a published table, or the definition."""

import itertools
import json
from pathlib import Path
from typing import Any

import baycomp
import numpy as np
import pytest
from scipy import stats
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_iris, load_wine
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import RidgeClassifier
from sklearn.metrics import accuracy_score, balanced_accuracy_score, r2_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold, train_test_split
from sklearn.naive_bayes import GaussianNB
from sklearn.utils import Bunch

from portfolio.evaluation import SpotCheck, holdout, spot_check
from portfolio.evaluation.comparison import holm
from portfolio.evaluation.intervals import bootstrap, wilson
from portfolio.evaluation.quick import quick

DATA_SETS = {"breast_cancer": load_breast_cancer, "iris": load_iris, "wine": load_wine}
MODELS = {"naive bayes": GaussianNB(), "lda": LinearDiscriminantAnalysis(), "ridge": RidgeClassifier()}


@pytest.fixture(scope="module", params=DATA_SETS)
def checked(request: pytest.FixtureRequest) -> tuple[SpotCheck, Bunch]:
    data = DATA_SETS[request.param]()
    return spot_check(MODELS, data.data, data.target, baseline="naive bayes", random_state=0), data


def test_scores_are_those_of_a_loop_over_repeated_stratified_folds(checked: tuple[SpotCheck, Bunch]) -> None:
    result, data = checked

    hits = [_hits(clone(MODELS["lda"]), data, fold) for fold in _folds(result, data)]

    assert result.scores.loc["lda"].to_numpy() == pytest.approx(hits, abs=1e-12)


def test_corrected_intervals_are_those_of_the_formula_written_out(checked: tuple[SpotCheck, Bunch]) -> None:
    result, _ = checked

    bounds = result.table[["mean", "low", "high"]].to_numpy()
    for found, row in zip(bounds, result.scores.to_numpy(), strict=True):
        mean = sum(row) / 30
        variance = sum((score - mean) ** 2 for score in row) / 29
        half = 2.045229642132703 * (variance * (1 / 30 + 1 / 9)) ** 0.5  # Student's t, 29 degrees of freedom, 0.975
        assert found == pytest.approx((mean, max(mean - half, 0), min(mean + half, 1)), abs=1e-8)


def test_corrected_p_values_are_the_plain_t_tests_with_a_smaller_t(checked: tuple[SpotCheck, Bunch]) -> None:
    result, _ = checked
    baseline = result.scores.iloc[0]

    plain = [stats.ttest_rel(row, baseline).statistic for _, row in result.scores.iloc[1:].iterrows()]
    shrunk = [t * ((1 / 30) / (1 / 30 + 1 / 9)) ** 0.5 for t in plain]
    p_values = [2 * stats.t.cdf(-abs(t), 29) for t in shrunk]

    assert result.table["p_value"].to_numpy()[1:] == pytest.approx(_holm_by_closure(p_values), abs=1e-8)


def test_posteriors_are_those_of_baycomp(checked: tuple[SpotCheck, Bunch]) -> None:
    result, _ = checked
    baseline = result.scores.iloc[0].to_numpy()

    found = result.table[["p_worse", "p_same", "p_better"]].to_numpy(dtype=float)
    for row, scores in zip(found[1:], result.scores.to_numpy()[1:], strict=True):
        wanted = baycomp.two_on_single(baseline, scores, rope=0.01, runs=3)
        assert row == pytest.approx(wanted, abs=1e-8)


def test_holm_is_bonferroni_over_every_set_of_comparisons() -> None:
    rng = np.random.default_rng(0)

    for p_values in rng.uniform(0, 0.2, (30, 6)).tolist():
        assert holm(p_values) == pytest.approx(_holm_by_closure(p_values), abs=1e-12)


def test_holm_agrees_with_statsmodels() -> None:
    references = json.loads((Path(__file__).parent / "references.json").read_text(encoding="utf-8"))

    for case in references["holm"]:
        assert holm(case["p_values"]) == pytest.approx(case["corrected"], abs=1e-8)


def test_wilson_agrees_with_statsmodels_and_with_scipy() -> None:
    references = json.loads((Path(__file__).parent / "references.json").read_text(encoding="utf-8"))

    for case in references["wilson"]:
        by_scipy = stats.binomtest(case["hits"], case["n"]).proportion_ci(method="wilson")
        assert wilson(case["hits"], case["n"]) == pytest.approx((case["low"], case["high"]), abs=1e-8)
        assert wilson(case["hits"], case["n"]) == pytest.approx((by_scipy.low, by_scipy.high), abs=1e-8)


@pytest.mark.parametrize("name", DATA_SETS)
def test_the_bootstrap_is_that_of_a_loop_over_the_same_rows(name: str) -> None:
    data = DATA_SETS[name]()
    X, X_test, y, y_test = train_test_split(data.data, data.target, random_state=0)
    model = GaussianNB().fit(X, y)

    found = holdout(model, X_test, y_test, metrics=["accuracy", "balanced_accuracy"], n_resamples=200)

    rows = np.random.default_rng(0).integers(0, len(y_test), (200, len(y_test)))
    hits = model.predict(X_test) == y_test
    means = [hits[drawn].mean() for drawn in rows]
    assert found.intervals["accuracy"]["bootstrap"] == pytest.approx(np.percentile(means, [2.5, 97.5]), abs=1e-8)
    recalls = [np.mean([hits[d][y_test[d] == c].mean() for c in set(y_test[d])]) for d in rows]
    by_loop = np.percentile(recalls, [2.5, 97.5])
    assert found.intervals["balanced_accuracy"]["bootstrap"] == pytest.approx(by_loop, abs=1e-8)


def test_resamples_on_which_a_statistic_is_undefined_are_left_out_and_counted() -> None:
    seen: list[float] = []

    def first_row_or_nothing(rows: Any) -> float:
        value = float(rows.mean()) if rows[0] else float("nan")
        seen.append(value)
        return value

    found = bootstrap(first_row_or_nothing, 4, n_resamples=100, random_state=0)

    known = [value for value in seen if not np.isnan(value)][-(100 - found.n_undefined) :]
    assert 0 < found.n_undefined < 100
    assert (found.low, found.high) == pytest.approx(np.quantile(known, [0.025, 0.975]), abs=1e-12)


def test_short_ways_to_metrics_agree_with_scikit_learn_on_any_rows() -> None:
    rng = np.random.default_rng(0)
    y, scores = rng.integers(0, 2, 60), rng.normal(size=60).round(1)
    target, predicted = rng.normal(size=60), rng.normal(size=60)
    classes = {"predict": (scores > 0).astype(int), "decision_function": scores}
    numbers = {"predict": predicted}

    for drawn in rng.integers(0, 60, (20, 60)):
        for name, wanted in (
            ("accuracy", accuracy_score(y[drawn], (scores > 0)[drawn])),
            ("balanced_accuracy", balanced_accuracy_score(y[drawn], (scores > 0)[drawn])),
            ("roc_auc", roc_auc_score(y[drawn], scores[drawn])),
        ):
            statistic = quick(name, y, classes.__getitem__, np.array([0, 1]))
            assert statistic is not None
            assert statistic(drawn) == pytest.approx(wanted, abs=1e-12)
        statistic = quick("r2", target, numbers.__getitem__, None)
        assert statistic is not None
        assert statistic(drawn) == pytest.approx(r2_score(target[drawn], predicted[drawn]), abs=1e-12)


def _folds(result: SpotCheck, data: Bunch) -> list[Any]:
    """Return ten folds three times, each repetition shuffled with the next seed."""
    folds = [
        fold
        for seed in range(3)
        for fold in StratifiedKFold(10, shuffle=True, random_state=seed).split(data.data, data.target)
    ]
    assert len(folds) == result.scores.shape[1]
    return folds


def _hits(model: Any, data: Bunch, fold: Any) -> float:
    train, test = fold
    predicted = model.fit(data.data[train], data.target[train]).predict(data.data[test])
    return float((predicted == data.target[test]).mean())


def _holm_by_closure(p_values: list[float]) -> list[float]:
    """Return Holm's p-values by the closure principle (Marcus, Peritz & Gabriel 1976, Biometrika 63)."""
    every = range(len(p_values))
    sets = [s for size in range(1, len(p_values) + 1) for s in itertools.combinations(every, size)]
    return [max(min(1, len(s) * min(p_values[j] for j in s)) for s in sets if i in s) for i in every]
