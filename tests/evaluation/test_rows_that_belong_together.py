"""Groups, times and sparse rows: whole groups are held out and drawn, folds go forward, and the page says so."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.naive_bayes import MultinomialNB
from sklearn.tree import DecisionTreeClassifier

from portfolio.evaluation import holdout, report
from portfolio.evaluation.belonging import forward_folds
from portfolio.evaluation.intervals import bootstrap
from portfolio.evaluation.training_folds import out_of_fold
from portfolio.log import Log, begin, sink

N_GROUPS, EACH = 24, 10


@pytest.fixture(autouse=True)
def log(tmp_path: Path) -> Iterator[Path]:
    before = sink._current
    begin(Log(tmp_path, inputs={"seed": 3}, echo=False))
    yield tmp_path
    sink._current = before


def metrics(folder: Path) -> dict[str, Any]:
    events = [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    return {event["name"]: event for event in events if event["event"] == "metric"}


def patients() -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """Return rows of patients, each of whom is much like herself and has one outcome."""
    random = np.random.default_rng(0)
    patient = np.repeat(np.arange(N_GROUPS), EACH)
    own = random.normal(size=(N_GROUPS, 3))
    X = pd.DataFrame(own[patient] + 0.1 * random.normal(size=(len(patient), 3)), columns=list("abc"))
    y = (own[:, 0] + random.normal(size=N_GROUPS) > 0)[patient].astype(int)
    return X, pd.Series(y, name="ill"), pd.Series(patient, name="patient")


def split_by_patient() -> tuple[tuple[Any, Any, Any, Any], pd.Series]:
    X, y, patient = patients()
    train = patient < N_GROUPS / 2
    return (X[train], y[train], X[~train], y[~train]), patient


def test_whole_groups_are_drawn_where_rows_of_one_resemble_each_other(log: Path) -> None:
    split, patient = split_by_patient()
    model = LogisticRegression()

    found = report(model, *split, groups=patient)
    grouped = metrics(log)["accuracy"]
    begin(Log(log / "rows", inputs={"seed": 3}, echo=False))
    report(model, *split)
    by_row = metrics(log / "rows")["accuracy"]

    width = [interval[1] - interval[0] for interval in (grouped["interval"], by_row["interval"])]
    assert width[0] > 1.5 * width[1]
    assert "95 % bootstrap of 12 whole groups" in grouped["method"]
    assert "120 rows of 12 groups" in found.verdict
    assert "approximate" in found.verdict


def test_the_bootstrap_of_groups_is_that_of_a_loop_over_the_same_groups() -> None:
    random = np.random.default_rng(1)
    groups = random.integers(0, 7, 50)
    values = random.normal(size=50)

    found = bootstrap(lambda rows: float(values[rows].mean()), 50, n_resamples=80, random_state=0, groups=groups)

    drawn = np.random.default_rng(0).integers(0, 7, (80, 7))
    means = [np.concatenate([values[groups == group] for group in some]).mean() for some in drawn]
    assert (found.low, found.high) == pytest.approx(tuple(np.percentile(means, [2.5, 97.5])), abs=1e-8)


def test_a_group_on_both_sides_is_found_and_never_in_both_parts_of_a_fold() -> None:
    X, y, patient = patients()
    rows = np.random.default_rng(0).permutation(len(y))
    train, test = rows[:160], rows[160:]
    tree = DecisionTreeClassifier(random_state=0)

    found = report({"tree": tree}, X.iloc[train], y[train], X.iloc[test], y[test], groups=patient)

    assert found.checks.table.loc["group overlap", "outcome"] == "warn"
    assert found.comparison is not None
    assert "grouped" in found.comparison.method
    assert not [note for note in found.comparison.notes if "in train and test" in note]
    by_fold = out_of_fold(tree, X, y, method="predict", random_state=0, groups=patient)
    shuffled = out_of_fold(tree, X, y, method="predict", random_state=0)
    hits = [(one.predictions == y).mean() for one in (by_fold, shuffled)]
    assert hits[1] - hits[0] > 0.1
    assert by_fold.words == "5 training folds of whole groups"


@pytest.mark.parametrize("form", ["column", "pair", "both"])
def test_groups_are_given_in_any_form(form: str) -> None:
    (X_train, y_train, X_test, y_test), patient = split_by_patient()
    forms: dict[str, Any] = {
        "column": "patient",
        "pair": (patient[: len(y_train)], patient[len(y_train) :]),
        "both": patient.to_list(),
    }
    if form == "column":
        X_train, X_test = (X.assign(patient=patient) for X in (X_train, X_test))

    found = report(LogisticRegression(), X_train, y_train, X_test, y_test, groups=forms[form])

    assert found.held_out.whole == 12
    assert found.checks.table.loc["group overlap", "outcome"] == "pass"


def demand() -> tuple[tuple[Any, Any, Any, Any], tuple[Any, Any]]:
    random = np.random.default_rng(0)
    day = pd.date_range("2024-01-01", periods=300).to_numpy()
    X = np.column_stack([np.arange(300), random.normal(size=300)])
    y = 0.1 * X[:, 0] + X[:, 1] + random.normal(size=300)
    order = random.permutation(200)
    return (X[:200][order], y[:200][order], X[200:], y[200:]), (day[:200][order], day[200:])


def test_folds_follow_time_whatever_the_order_of_the_rows(log: Path) -> None:
    split, day = demand()

    found = report({"ridge": Ridge(), "flat": Ridge(1e6)}, *split, time=day)

    assert found.comparison is not None
    assert "approximate: folds follow time, so no test is made" in found.comparison.notes
    assert found.comparison.table["p_value"].isna().all()
    assert found.checks.table.loc["time overlap", "outcome"] == "pass"
    assert "5 training folds that follow time" in metrics(log)["coverage"]["method"]
    assert found.verdict.endswith("Intervals take test rows as independent, though they follow time: approximate.")


def test_what_ties_rows_in_both_ways_is_said_in_one_sentence() -> None:
    split, day = demand()

    found = report(Ridge(), *split, time=day, groups=np.arange(300) // 10)

    said = (
        "Intervals rest on 10 groups of test rows, those of shares on rows, and take them as independent, though they "
    )
    assert found.caveat == f"{said}follow time: approximate."


def test_test_rows_of_the_past_are_found() -> None:
    (X_train, y_train, X_test, y_test), (before, after) = demand()

    found = report(Ridge(), X_train, y_train, X_test, y_test, time=(after.repeat(2), before[:100]))

    assert found.checks.table.loc["time overlap", "outcome"] == "warn"


def test_a_fold_never_learns_from_the_time_it_is_tested_on() -> None:
    time = np.random.default_rng(0).integers(0, 12, 60)

    folds = forward_folds(time, 5)

    assert len(folds) == 5
    assert all(time[train].max() < time[test].min() for train, test in folds)


@pytest.mark.parametrize(
    ("tied", "message"),
    [
        ({"groups": [1, 2]}, r"groups: wants 120 \+ 120 values, training rows first, not 2"),
        ({"groups": np.where(np.arange(240) < 3, np.nan, 1)}, "groups: 3 values are missing"),
        ({"groups": 7}, r"groups: wants 120 \+ 120 values"),
        ({"time": "day"}, "time: no column 'day' in X_train; there: a, b, c"),
    ],
)
def test_what_ties_rows_and_does_not_fit_is_named(tied: dict[str, Any], message: str) -> None:
    split, _ = split_by_patient()

    with pytest.raises(ValueError, match=message):
        report(LogisticRegression(), *split, **tied)


def words(kind: Any) -> tuple[Any, Any, Any, Any]:
    """Return short texts of two kinds as counts of some three thousand words."""
    random = np.random.default_rng(0)
    y = np.arange(300) % 2
    texts = [" ".join(f"w{word}" for word in random.integers(0, 2000, 25) + 1000 * label) for label in y]
    X = kind(CountVectorizer().fit_transform(texts))
    return X[:200], y[:200], X[200:], y[200:]


@pytest.mark.parametrize("kind", [sparse.csr_array, sparse.csc_matrix])
def test_sparse_rows_are_reported_without_being_laid_out(kind: Any) -> None:
    X_train, y_train, X_test, y_test = words(kind)

    found = report(
        {"bayes": MultinomialNB(), "unseeded": LogisticRegression()},
        *(X_train, y_train, X_test, y_test),
        cost={"false_positive": 1, "false_negative": 2},
    )

    assert found.held_out.gain[1] > 0
    assert "sparse columns" in str(found.data_card.table.index[0])
    assert found.checks.table.loc["duplicate rows", "outcome"] == "pass"
    assert found.checks.table.loc["leaked target", "outcome"] == "not checked"


def test_copied_sparse_rows_are_found() -> None:
    X_train, y_train, X_test, y_test = words(sparse.csr_matrix)
    X_train, y_train = sparse.vstack([X_train, X_test[:3]]).tocsr(), np.append(y_train, y_test[:3])

    found = report(MultinomialNB(), X_train, y_train, X_test, y_test)

    assert found.checks.table.loc["duplicate rows", "detail"] == "3 of 100 test rows equal a training row"


def test_a_sparse_table_of_few_columns_is_described_column_by_column() -> None:
    random = np.random.default_rng(0)
    X = sparse.random(200, 6, density=0.3, random_state=0, format="csr")
    y = random.integers(0, 2, 200)

    found = report(LogisticRegression(), X[:140], y[:140], X[140:], y[140:])

    assert list(found.data_card.table.index) == [*(f"x{place}" for place in range(6)), "target"]
    assert "not checked" not in set(found.checks.table["outcome"][:3])


def test_sparse_rows_are_known_again_when_they_are_scored_twice() -> None:
    X_train, y_train, X_test, y_test = words(sparse.csr_array)
    model = MultinomialNB().fit(X_train, y_train)

    times = [
        holdout(model, rows, y_test, n_resamples=5).times_scored for rows in (X_test, X_test.copy(), X_test.tocsc())
    ]

    assert times == [1, 2, 3]
