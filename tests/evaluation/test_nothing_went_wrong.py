"""Where nothing went wrong, resampled rows cannot tell how sure that is, and nothing may look as if they could."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import optimize, stats
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from portfolio.evaluation import holdout, report
from portfolio.evaluation.intervals import bootstrap, without_error
from portfolio.log import Log, begin, sink


@pytest.fixture(autouse=True)
def log(tmp_path: Path) -> Iterator[Path]:
    before = sink._current
    begin(Log(tmp_path, inputs={"seed": 3}, echo=False))
    yield tmp_path
    sink._current = before


def metrics(folder: Path) -> dict[str, Any]:
    events = [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    return {event["name"]: event for event in events if event["event"] == "metric"}


def easy() -> tuple[Any, Any, Any, Any]:
    """Return two flowers that a petal tells apart: nothing goes wrong."""
    X, y = load_iris(return_X_y=True)
    X, y = X[:100], y[:100]
    return X[::2], y[::2], X[1::2], y[1::2]


@pytest.mark.parametrize(("n", "k"), [(30, 1), (25, 2), (10, 7)])
def test_without_an_error_classes_of_one_size_have_the_exact_binomial_interval(n: int, k: int) -> None:
    exact = stats.binomtest(n * k, n * k).proportion_ci(0.95, method="exact")

    assert without_error([n] * k) == pytest.approx((exact.low, exact.high), abs=1e-8)


@pytest.mark.parametrize("counts", [(5, 100), (12, 20, 31), (3, 3, 400)])
def test_without_an_error_the_lowest_mean_recall_is_the_one_that_a_search_finds(counts: tuple[int, ...]) -> None:
    rows = np.array(counts, dtype=float)

    found = optimize.minimize(
        lambda recalls: recalls.mean(),
        np.full(len(rows), 0.9),
        bounds=[(1e-6, 1)] * len(rows),
        constraints={"type": "ineq", "fun": lambda recalls: (rows * np.log(recalls)).sum() - np.log(0.025)},
        tol=1e-12,
    )

    assert without_error(counts)[0] == pytest.approx(found.fun, abs=1e-5)


def test_a_mean_recall_without_an_error_has_an_interval() -> None:
    X, y, X_test, y_test = easy()

    found = holdout(LogisticRegression().fit(X, y), X_test, y_test, metrics=["balanced_accuracy"])

    row: Any = found.table.loc["balanced_accuracy"]
    assert (row["value"], row["high"]) == (1, 1)
    assert row["low"] == pytest.approx(0.025 ** (1 / 50))
    assert found.intervals["balanced_accuracy"]["bootstrap"] == (1, 1)


def test_where_no_other_way_is_known_there_is_no_interval_and_it_is_said() -> None:
    X, y, X_test, y_test = easy()

    found = holdout(LogisticRegression().fit(X, y), X_test, y_test, metrics=["roc_auc"])

    row: Any = found.table.loc["roc_auc"]
    assert row["value"] == 1
    assert np.isnan([row["low"], row["high"]]).all()
    assert "no interval: every resample says the same" in row["method"]
    assert found.notes == ("roc_auc: every resample says the same, so a bootstrap interval without width says nothing",)


@pytest.mark.parametrize("metric", ["roc_auc", "balanced_accuracy", None])
def test_nothing_is_logged_as_surer_than_it_is(log: Path, metric: str | None) -> None:
    found = report(LogisticRegression(), *easy(), metric=metric, cost={"false_positive": 1, "false_negative": 5})

    intervals = [event["interval"] for event in metrics(log).values() if event["interval"]]
    assert all(high > low for low, high in intervals)
    assert found.cost is not None
    assert "nan" not in found.verdict + found.cost.caption
    assert metrics(log)["cost_per_100"]["interval"] is None


def test_a_baseline_that_scores_the_same_on_any_rows_leaves_the_score_its_interval(log: Path) -> None:
    found = report(LogisticRegression(), *easy(), metric="balanced_accuracy")

    low = 0.025 ** (1 / 50)
    assert found.held_out.gain == pytest.approx((0.5, low - 0.5, 0.5))
    assert metrics(log)["baseline"]["interval"] is None
    assert "Better by 0.5" in found.verdict


def test_two_models_that_never_differ_are_not_told_apart() -> None:
    found = report(LogisticRegression(), *easy(), metric="roc_auc", against=LogisticRegression(C=2))

    assert "No difference: both score the same whichever rows are drawn." in found.verdict


def test_a_difference_that_no_resample_changes_has_no_interval() -> None:
    X, y, X_test, y_test = easy()
    turned = KNeighborsClassifier(1).fit(X, 1 - y)

    found = report(LogisticRegression(), X, y, X_test, y_test, metric="roc_auc", against=turned)

    assert found.held_out.gain[0] == 1
    assert "better" not in found.verdict.lower() or found.held_out.gain[1] > 0
    assert found.held_out.baseline_interval is None


def test_of_a_single_group_nothing_is_drawn() -> None:
    drawn = bootstrap(lambda rows: float(rows.mean()), 9, n_resamples=50, random_state=0, groups=np.zeros(9))

    assert drawn.is_blind
    assert np.isnan(drawn.low)
