"""Calibration, costs, ranges, cards and differences agree with computations made otherwise."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.calibration import calibration_curve
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import confusion_matrix, mean_absolute_error
from sklearn.model_selection import KFold, train_test_split
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from portfolio.evaluation import calibration, cost_curve, data_card, importance, residuals, same_result
from portfolio.evaluation.cost import CHOSEN

COST = {"false_positive": 1.0, "false_negative": 20.0}


@pytest.fixture(scope="module")
def cancer() -> tuple[Any, Any, Any, Any]:
    X, y = load_breast_cancer(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, 1 - y, test_size=0.3, stratify=y, random_state=0)
    return X_train, y_train, X_test, y_test


def test_groups_of_chances_are_those_of_scikit_learn(cancer: Any) -> None:
    X_train, y_train, X_test, y_test = cancer
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.001)).fit(X_train, y_train)

    table = calibration(model, X_test, y_test, n_bins=8).table

    chance = model.predict_proba(X_test)[:, 1]
    observed, predicted = calibration_curve(y_test, chance, n_bins=8, strategy="quantile")
    assert table["observed"].to_numpy() == pytest.approx(observed)
    assert table["predicted"].to_numpy() == pytest.approx(predicted)
    first = table.iloc[3]
    wilson = stats.binomtest(round(first["observed"] * first["n"]), int(first["n"])).proportion_ci(method="wilson")
    assert (first["low"], first["high"]) == pytest.approx((wilson.low, wilson.high))


def test_chances_that_are_too_sure_are_told_from_those_that_are_not() -> None:
    random = np.random.default_rng(0)
    chance = random.random(2000)
    came = (random.random(2000) < 0.25 + 0.5 * chance).astype(int)

    class Says:
        classes_ = np.array([0, 1])

        def predict_proba(self, X: Any) -> Any:
            return np.column_stack([1 - X, X])

    assert calibration(Says(), chance, came).missed >= 6
    assert calibration(Says(), 0.25 + 0.5 * chance, came).missed <= 2


def test_of_more_classes_the_named_one_is_judged() -> None:
    X, y = load_wine(return_X_y=True)

    found = calibration(GaussianNB().fit(X[::2], y[::2]), X[1::2], y[1::2])

    right = (GaussianNB().fit(X[::2], y[::2]).predict(X[1::2]) == y[1::2]).mean()
    assert np.average(found.table["observed"], weights=found.table["n"]) == pytest.approx(right)


def test_a_cost_is_what_the_confusion_matrix_says_and_its_threshold_owes_nothing_to_the_test_rows(cancer: Any) -> None:
    X_train, y_train, X_test, y_test = cancer
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(X_train, y_train)

    found = cost_curve(model, X_train, y_train, X_test, y_test, cost=COST, random_state=0)
    other = cost_curve(model, X_train, y_train, X_test[:40], y_test[:40], cost=COST, random_state=0)

    acted = model.predict_proba(X_test)[:, 1] >= found.threshold
    _, false_positives, false_negatives, _ = confusion_matrix(y_test, acted).ravel()
    row = found.table.loc[CHOSEN]
    assert row["cost"] == pytest.approx(100 * (false_positives + 20 * false_negatives) / len(y_test))
    assert row["low"] < row["cost"] < row["high"]
    assert found.without_model == pytest.approx(100 * (y_test == 0).mean())
    assert other.threshold == found.threshold
    assert found.threshold < 0.2


def test_a_range_is_as_wide_as_the_held_out_errors_of_training_say() -> None:
    X, y = load_diabetes(return_X_y=True, scaled=False)
    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
    model = Ridge().fit(X_train, y_train)

    found = residuals(model, X_train, y_train, X_test, y_test, coverage=0.8, random_state=5)

    errors = []
    for fit, rest in KFold(5, shuffle=True, random_state=5).split(X_train):
        errors += list(np.abs(y_train[rest] - Ridge().fit(X_train[fit], y_train[fit]).predict(X_train[rest])))
    assert found.half_width == pytest.approx(np.quantile(errors, 0.8 * (1 + 1 / len(errors)), method="inverted_cdf"))
    assert found.table.loc["all", "error"] == pytest.approx(mean_absolute_error(y_test, model.predict(X_test)))
    assert found.table.loc["all", "coverage"] == np.mean(np.abs(y_test - model.predict(X_test)) <= found.half_width)
    assert found.table["n"].tolist() == [111, 37, 37, 37]


def test_ranges_of_independent_rows_keep_their_promise() -> None:
    held: list[Any] = []
    for seed in range(40):
        random = np.random.default_rng(seed)
        X = random.normal(size=(300, 3))
        y = X @ [1, 2, 3] + random.standard_t(4, size=300)
        found = residuals(Ridge().fit(X[:100], y[:100]), X[:100], y[:100], X[100:], y[100:], random_state=seed)
        held.append(found.table.loc["all", "coverage"])

    assert 0.88 <= np.mean(held) <= 0.93


def test_importance_puts_what_matters_first() -> None:
    random = np.random.default_rng(0)
    X = pd.DataFrame(random.normal(size=(200, 3)), columns=["idle", "strong", "weak"])
    y = 3 * X["strong"] + X["weak"] + random.normal(0, 0.1, 200)

    found = importance(Ridge().fit(X, y), X, y)

    assert list(found.table.index) == ["strong", "weak", "idle"]
    assert found.caption.startswith("Shuffling strong costs most")


def test_a_card_shows_columns_and_no_row() -> None:
    frame = pd.DataFrame(
        {
            "age": [30.0, None, 50.0, 70.0],
            "name": ["Ada Lovelace", "Alan Turing", "Grace Hopper", "Emmy Noether"],
            "town": ["Ulm", "Ulm", "Ulm", "Bonn"],
            "day": pd.to_datetime(["2020-01-01", "2020-01-05", "2020-01-02", "2020-02-01"]),
            "ill": [True, False, False, False],
        }
    )

    card = data_card(frame, target="ill")

    assert card.table["kind"].to_dict() == {
        "age": "number",
        "name": "text",
        "town": "category",
        "day": "time",
        "ill": "yes or no",
    }
    assert list(card.table.loc["age", ["missing", "low", "middle", "high"]]) == [0.25, 30, 50, 70]
    assert card.table.loc["town", "middle"] == "Ulm"
    assert "Lovelace" not in card.table.to_string()
    assert card.caption == "4 rows, 4 columns beside the target; values are missing in age."
    assert "the commonest, False, has 75 % of the rows" in card.target_caption


def test_results_are_compared_part_by_part() -> None:
    a = {"weights": np.array([1.0, 2.0]), "table": pd.DataFrame({"x": [1.0, np.nan]})}
    b = {"table": pd.DataFrame({"x": [1.0, np.nan]}), "weights": [1.0, 2.5]}

    found = same_result(a, b)

    assert found.table["largest"].to_dict() == {"weights": 0.5, "table.x": 0.0}
    assert found.table["relative"].to_dict() == {"weights": 0.25, "table.x": 0.0}
    assert found.largest == 0.5
    assert same_result(3, 3.0).largest == 0
    assert same_result([1 + 1j], [1 + 2j]).largest == 1


@pytest.mark.parametrize(
    ("a", "b", "error", "message"),
    [
        ([1, 2], [1, 2, 3], ValueError, r"b: values has the shape \(3,\), in a \(2,\)"),
        ({"x": 1}, {"y": 1}, ValueError, "only one of the two has x, y"),
        ([1.0, np.nan], [1.0, 2.0], ValueError, "NaN or infinity"),
        (["one"], [1], TypeError, "a: values is no array of numbers"),
        ({}, {}, ValueError, "a: holds nothing to compare"),
    ],
)
def test_what_cannot_be_compared_is_said(a: Any, b: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        same_result(a, b)
