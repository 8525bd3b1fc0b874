"""Held-out rows are asked seldom and counted; a swept parameter shows its edge."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator
from sklearn.datasets import load_breast_cancer, load_diabetes, make_regression
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import portfolio.log
from portfolio.evaluation import holdout, sweep

X, X_TEST, Y, Y_TEST = train_test_split(*load_breast_cancer(return_X_y=True), random_state=0)
FITTED = GaussianNB().fit(X, Y)


@pytest.fixture(autouse=True)
def _own_run(tmp_path: Path) -> Iterator[None]:
    before = portfolio.log.current()
    portfolio.log.begin(portfolio.log.Log(tmp_path, inputs={}, echo=False))
    yield
    portfolio.log.begin(before)


class Counting(BaseEstimator):  # type: ignore[misc]  # scikit-learn is untyped
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.classes_ = FITTED.classes_
        self._estimator_type = "classifier"

    def fit(self, _X: Any, _y: Any) -> "Counting":
        return self

    def predict(self, X: Any) -> Any:
        self.asked.append(len(X))
        return FITTED.predict(X)


def test_the_table_has_one_row_a_metric() -> None:
    result = holdout(FITTED, X_TEST, Y_TEST, metrics=["accuracy", "f1"], n_resamples=50)

    assert list(result.table.columns) == ["value", "low", "high", "method", "n"]
    assert list(result.table.index) == ["accuracy", "f1"]
    assert result.table["value"]["accuracy"] == np.mean(FITTED.predict(X_TEST) == Y_TEST)
    assert list(result.table["n"]) == [143, 143]
    assert (set(result.intervals["accuracy"]), set(result.intervals["f1"])) == ({"wilson", "bootstrap"}, {"bootstrap"})


def test_a_model_predicts_once_whatever_the_number_of_resamples() -> None:
    model = Counting()

    holdout(model, X_TEST, Y_TEST, metrics=["accuracy", "f1"], n_resamples=50)

    assert model.asked == [143]


def test_intervals_are_the_same_for_the_same_seed_only() -> None:
    one, same, other = (
        holdout(FITTED, X_TEST, Y_TEST, metrics=["roc_auc"], n_resamples=50, random_state=seed).intervals["roc_auc"]
        for seed in (0, 0, 1)
    )

    assert one == same != other


def test_each_look_at_the_same_rows_is_counted_whatever_their_order_and_holder() -> None:
    order = np.random.default_rng(0).permutation(len(Y_TEST))

    first = holdout(FITTED, X_TEST, Y_TEST, n_resamples=5)
    again = holdout(FITTED, pd.DataFrame(X_TEST[order]).to_numpy(), list(Y_TEST[order]), n_resamples=5)
    other = holdout(FITTED, X_TEST[:-1], Y_TEST[:-1], n_resamples=5)

    assert (first.times_scored, again.times_scored, other.times_scored) == (1, 2, 1)
    assert "scored 2 times in this run" in again.table["method"]["accuracy"]
    assert again.notes == ("these rows were scored 2 times in this run; the best of several is optimistic",)


def test_a_new_run_has_a_new_ledger(tmp_path: Path) -> None:
    holdout(FITTED, X_TEST, Y_TEST, n_resamples=5)

    portfolio.log.begin(portfolio.log.Log(tmp_path / "next", inputs={}, echo=False))

    assert holdout(FITTED, X_TEST, Y_TEST, n_resamples=5).times_scored == 1


def test_resamples_of_one_class_only_are_left_out_and_said() -> None:
    order = np.argsort(FITTED.predict_proba(X_TEST)[:, 1])
    few = np.concatenate([order[Y_TEST[order] == 0][-1:], order[Y_TEST[order] == 1][::12][:7]])  # one in its midst

    result = holdout(FITTED, X_TEST[few], Y_TEST[few], metrics=["roc_auc"], n_resamples=200)

    assert np.isfinite(result.table[["low", "high"]].to_numpy()).all()
    assert "of 200 resamples, which are left out" in result.notes[0]


def test_a_perfect_score_has_an_interval_by_wilson_and_none_by_resampling() -> None:
    hits = np.flatnonzero(FITTED.predict(X_TEST) == Y_TEST)

    result = holdout(FITTED, X_TEST[hits], Y_TEST[hits], metrics=["accuracy"], n_resamples=20)

    assert result.table["low"]["accuracy"] < 1
    assert result.intervals["accuracy"]["bootstrap"] == (1, 1)
    assert "without width says nothing" in result.notes[0]


def test_numbers_get_r2_and_the_mean_absolute_error() -> None:
    rows, target = load_diabetes(return_X_y=True)

    result = holdout(Ridge().fit(rows[:300], target[:300]), rows[300:], target[300:], n_resamples=50)

    assert list(result.table.index) == ["r2", "neg_mean_absolute_error"]
    assert (result.table["low"] < result.table["value"]).all()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"model": GaussianNB()}, "model: is not fitted"),
        ({"model": GaussianNB}, "model: wants a fitted estimator"),
        ({"y_test": Y_TEST[1:]}, "y_test: has 142 values, X_test has 143 rows"),
        ({"X_test": X_TEST[:1], "y_test": Y_TEST[:1]}, "X_test: wants at least 2 rows"),
        ({"X_test": X_TEST[:, :3]}, "X_test: model.predict"),
        ({"metrics": []}, "metrics: is empty"),
        ({"metrics": "accuracy"}, "metrics: wants a list"),
        ({"metrics": ["roc_auk"]}, "metrics: .*\nhint: did you mean 'roc_auc'"),
        ({"y_test": np.ones(143), "metrics": ["roc_auc"]}, "metrics: 'roc_auc' cannot be computed"),
        ({"n_resamples": 0}, "n_resamples: wants"),
    ],
)
def test_wrong_input_of_holdout_is_refused_by_the_arguments_name(changes: dict[str, Any], said: str) -> None:
    arguments: dict[str, Any] = {"model": FITTED, "X_test": X_TEST, "y_test": Y_TEST, **changes}

    with pytest.raises((TypeError, ValueError), match=said):
        holdout(**arguments)


def test_a_sweep_has_one_row_a_value_and_the_scores_of_training_rows() -> None:
    result = sweep(KNeighborsClassifier(), X, Y, param="n_neighbors", values=[1, 15, 250], cv=3)

    assert list(result.table.columns) == ["mean", "low", "high", "train"]
    assert (list(result.table.index), result.scores.shape) == ([1, 15, 250], (3, 3))
    assert result.table["train"][1] == 1
    assert result.best == result.table["mean"].idxmax()


def test_a_best_value_between_others_is_not_at_the_edge() -> None:
    rows, target = make_regression(60, 40, noise=100, random_state=0)

    result = sweep(Ridge(), rows, target, param="alpha", values=[10, 1e-6, 1e6], cv=3)

    assert (result.best, result.on_edge) == (10, False)


def test_a_best_value_at_the_edge_is_said() -> None:
    model = make_pipeline(StandardScaler(), LogisticRegression())

    result = sweep(model, X, Y, param="logisticregression__C", values=np.array([1e-4, 1e-6, 1e-5]), cv=3)

    assert (result.best, result.on_edge) == (1e-4, True)
    assert "at the edge of the values tried" in result.caption
    assert result.figure().axes


def test_values_that_are_no_numbers_have_no_edge() -> None:
    result = sweep(KNeighborsClassifier(), X, Y, param="weights", values=["uniform", "distance"], cv=3)

    assert not result.on_edge


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"param": "n_neighbours"}, "param: .*\nhint: did you mean 'n_neighbors'"),
        ({"values": [3]}, "values: wants at least 2"),
        ({"values": [3, 3]}, "values: one is given twice"),
        ({"values": 3}, "values: wants a list"),
        ({"values": [3, -1]}, "n_neighbors=-1: "),
        ({"estimator": KNeighborsClassifier}, "estimator: wants an estimator"),
    ],
)
def test_wrong_input_of_sweep_is_refused_by_the_arguments_name(changes: dict[str, Any], said: str) -> None:
    usual = {"estimator": KNeighborsClassifier(), "param": "n_neighbors", "values": [3, 5]}
    arguments: dict[str, Any] = {**usual, **changes}

    with pytest.raises((TypeError, ValueError), match=said):
        sweep(arguments.pop("estimator"), X, Y, cv=3, **arguments)
