"""A spot check compares models fairly, always with a dummy, and says what it did."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_iris, make_classification, make_regression
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LinearRegression, Ridge, RidgeClassifier
from sklearn.model_selection import KFold, TimeSeriesSplit
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import portfolio.log
from portfolio.evaluation import spot_check
from portfolio.evaluation.models import default_models
from portfolio.evaluation.splits import chosen_splits

X, Y = load_iris(return_X_y=True)
COLUMNS = ["mean", "low", "high", "difference", "p_value", "mark", "p_worse", "p_same", "p_better"]


def test_the_table_has_one_row_a_model_and_the_dummy_first() -> None:
    result = spot_check({"bayes": GaussianNB(), "lda": LinearDiscriminantAnalysis()}, X, Y)

    assert list(result.table.columns) == COLUMNS
    assert list(result.table.index) == list(result.scores.index) == ["dummy", "bayes", "lda"]
    assert result.scores.shape == (3, 30)
    assert list(result.table["mark"]) == ["", "v", "v"]
    assert list(result.verdicts["verdict"]) == ["better", "better"]


def test_a_baseline_may_be_named_or_given_and_the_dummy_stays() -> None:
    models = {"bayes": GaussianNB(), "lda": LinearDiscriminantAnalysis()}

    named = spot_check(models, X, Y, cv=5, baseline="lda")
    given = spot_check(models, X, Y, cv=5, baseline=RidgeClassifier())

    assert list(named.table.index) == ["lda", "dummy", "bayes"]
    assert list(given.table.index) == ["baseline", "dummy", "bayes", "lda"]


def test_an_authors_own_dummy_is_the_dummy() -> None:
    result = spot_check({"bayes": GaussianNB(), "most": DummyClassifier()}, X, Y, cv=5)

    assert list(result.table.index) == ["most", "bayes"]


def test_the_same_seed_gives_the_same_result_and_another_one_other_folds() -> None:
    one, same, other = (spot_check({"bayes": GaussianNB()}, X, Y, random_state=seed) for seed in (0, 0, 7))

    pd.testing.assert_frame_equal(one.table, same.table)
    assert (one.splits == same.splits, one.splits == other.splits) == (True, False)


def test_fewer_than_ten_scores_carry_an_interval_and_no_verdict() -> None:
    result = spot_check({"bayes": GaussianNB()}, X, Y, cv=5)

    row = result.table.loc["bayes"]
    assert row["low"] < row["mean"] < row["high"]
    assert result.table["p_value"].isna().all()
    assert (result.verdicts["verdict"]["bayes"], row["mark"]) == ("", "")
    assert "5 folds are too few for a verdict" in result.caption


def test_folds_in_time_get_no_p_value_and_say_approximate() -> None:
    rows, target = make_regression(200, 3, noise=5, random_state=0)

    result = spot_check({"ridge": Ridge()}, rows, target, cv=TimeSeriesSplit(12))

    assert result.table["p_value"].isna().all()
    assert result.notes[0].startswith("approximate")


def test_two_models_that_score_alike_on_every_fold_are_not_tested() -> None:
    result = spot_check({"one": GaussianNB(), "two": GaussianNB()}, X, Y, baseline="one")

    assert math.isnan(result.table["p_value"]["two"])
    assert result.verdicts["detail"]["two"] == "identical on every fold, no test"


def test_what_is_unclear_says_how_many_rows_would_settle_it() -> None:
    rows, target = make_classification(150, 8, class_sep=0.7, random_state=0)

    result = spot_check({"lda": LinearDiscriminantAnalysis(), "bayes": GaussianNB()}, rows, target, baseline="lda")

    assert result.verdicts["verdict"]["bayes"] == "unclear"
    assert result.verdicts["rows_needed"]["bayes"] > 150
    assert f"about {result.verdicts['rows_needed']['bayes']:,} rows would settle it" in result.caption
    assert "equal" not in result.caption


def test_a_fitted_estimator_is_cloned_left_alone_and_told_of() -> None:
    fitted = GaussianNB().fit(X[:60], Y[:60])

    result = spot_check({"bayes": fitted}, X, Y, cv=5)

    assert len(fitted.classes_) == 2
    assert any("came fitted" in note and "bayes" in note for note in result.notes)


def test_default_models_take_gaps_categories_flags_and_leave_times_out() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "amount": np.where(rng.random(80) < 0.1, np.nan, rng.normal(size=80)),
            "colour": np.array(["red", "green", None])[rng.integers(0, 3, 80)],
            "kind": pd.Categorical(rng.choice(["a", "b"], 80)),
            "flag": rng.random(80) < 0.5,
            "empty": np.nan,
            "when": pd.date_range("2026-01-01", periods=80),
        }
    )
    target = np.where(frame["kind"] == "a", "yes", "no")

    result = spot_check(None, frame, target, cv=2)

    assert list(result.table.index[1:]) == list(default_models(frame, classify=True, random_state=0))
    assert result.table["mean"]["logistic regression"] > 0.9


def test_default_models_of_numbers_are_regressors() -> None:
    rows, target = make_regression(60, 3, noise=5, random_state=0)

    result = spot_check(None, rows, target, cv=2)

    assert (result.metric.name, result.best) == ("r2", "ridge")


def test_an_error_keeps_scikit_learns_sign_in_the_table_and_loses_it_in_words() -> None:
    rows, target = make_regression(80, 3, noise=5, random_state=0)

    result = spot_check({"ridge": Ridge()}, rows, target, scoring="neg_mean_absolute_error")

    assert result.table["mean"]["ridge"] < 0
    assert (result.table["high"] <= 0).all()
    assert "-" not in result.caption.replace("k-fold", "")


def test_logging_leaves_table_and_dot_plot_with_words_from_the_numbers(tmp_path: Path) -> None:
    before = portfolio.log.current()
    portfolio.log.begin(portfolio.log.Log(tmp_path, inputs={}, echo=False))
    try:
        spot_check({"bayes": GaussianNB()}, X, Y).log()
    finally:
        portfolio.log.begin(before)

    events = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(event["event"], event["name"]) for event in events] == [("table", "comparison"), ("figure", "comparison")]
    assert "Better than dummy: bayes." in events[0]["caption"]
    assert "bayes 0.95" in events[1]["alt"]
    logged = pd.read_csv(tmp_path / "tables" / "comparison.csv")
    folds = [f"fold {number}" for number in range(1, logged.shape[1] - len(COLUMNS) - 1)]
    assert list(logged.columns) == ["model", "verdict", *COLUMNS, *folds]
    assert logged[folds].mean(axis=1).to_numpy() == pytest.approx(logged["mean"].to_numpy())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"models": {}}, "models: is empty"),
        ({"models": [GaussianNB()]}, "models: wants estimators by name"),
        ({"models": {"bayes": GaussianNB}}, r"models\['bayes'\]: wants an estimator"),
        ({"models": {"bayes": GaussianNB(), "line": LinearRegression()}}, "models: cannot compare classifiers"),
        ({"y": Y[:-1]}, "y: has 149 values, X has 150 rows"),
        ({"y": np.where(Y == 0, np.nan, Y)}, "y: 50 of 150 values are missing"),
        ({"y": np.zeros(150)}, "y: holds one class only"),
        ({"y": np.column_stack([Y, Y])}, "y: wants one value a row"),
        ({"y": np.where(np.arange(150) == 0, 9, Y)}, "y: class '9' has one row"),
        ({"y": X[:, 0]}, "y: holds fractions"),
        ({"X": X[:1], "y": Y[:1]}, "X: wants at least 2 rows"),
        ({"X": 3}, "X: wants a DataFrame or an array"),
        ({"X": np.full_like(X, np.nan)}, r"models\['bayes'\]: .*NaN"),
        ({"scoring": "acuracy"}, "scoring: .*\nhint: did you mean 'accuracy'"),
        ({"scoring": 3}, "scoring: wants"),
        ({"baseline": "bays"}, "baseline: .*\nhint: did you mean 'bayes'"),
        ({"baseline": 3}, "baseline: wants an estimator"),
        ({"groups": [1, 2]}, "groups: wants one value for each of 150 rows"),
        ({"groups": np.zeros(150)}, "groups: there are 1 groups"),
        ({"rope": -1}, "rope: wants"),
        ({"cv": "five"}, "cv: wants"),
        ({"cv": KFold(200)}, "cv: "),
    ],
)
def test_wrong_input_is_refused_by_the_arguments_name(changes: dict[str, Any], said: str) -> None:
    arguments: dict[str, Any] = {"models": {"bayes": GaussianNB()}, "X": X, "y": Y, **changes}

    with pytest.raises((TypeError, ValueError), match=said):
        spot_check(**arguments)


def test_preprocessing_in_a_pipeline_is_learnt_in_each_fold_anew() -> None:
    rows = np.vstack([X, X[:10] + 1000])  # far rows move the scale of any fold that trains on them
    target = np.concatenate([Y, Y[:10]])
    pipeline = make_pipeline(StandardScaler(), RidgeClassifier())

    result = spot_check({"ridge": pipeline}, rows, target, random_state=0)

    folds = chosen_splits(None, target, groups=None, classify=True, random_state=0).folds
    by_hand = []
    for train, test in folds:
        mean, deviation = rows[train].mean(axis=0), rows[train].std(axis=0)
        model = RidgeClassifier().fit((rows[train] - mean) / deviation, target[train])
        by_hand.append((model.predict((rows[test] - mean) / deviation) == target[test]).mean())
    assert result.scores.loc["ridge"].to_numpy() == pytest.approx(by_hand, abs=1e-12)
