"""One line logs what a page needs, and says no more than the intervals allow."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.dummy import DummyClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, mean_absolute_error, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

from portfolio.evaluation import report
from portfolio.evaluation.diagram import diagram
from portfolio.log import Log, begin, sink

Logged = dict[str, dict[str, Any]]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    before = sink._current
    begin(Log(tmp_path, inputs={"seed": 3}, echo=False))
    yield tmp_path
    sink._current = before


def logged(folder: Path) -> Mapping[str, Logged]:
    kinds: dict[str, Logged] = {}
    for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        kinds.setdefault(event["event"], {})[event["name"]] = event
    return kinds


def cancer() -> tuple[Any, Any, Any, Any]:
    X, y = load_breast_cancer(return_X_y=True, as_frame=True)
    X_train, X_test, y_train, y_test = train_test_split(X, 1 - y, test_size=0.3, stratify=y, random_state=0)
    return X_train, y_train, X_test, y_test


def diabetes() -> tuple[Any, Any, Any, Any]:
    X, y = load_diabetes(return_X_y=True, scaled=False)
    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
    return X_train, y_train, X_test, y_test


def logistic() -> Any:
    return make_pipeline(StandardScaler(), LogisticRegression())


def test_a_classifier_is_held_out_calibrated_costed_and_checked(log: Path) -> None:
    X_train, y_train, X_test, y_test = cancer()

    found = report(logistic(), X_train, y_train, X_test, y_test, cost={"false_positive": 1, "false_negative": 20})

    kinds = logged(log)
    assert list(kinds["metric"]) == [
        "accuracy",
        "roc_auc",
        "baseline",
        "gain_over_baseline",
        "cost_per_100",
        "cost_threshold",
    ]
    assert set(kinds["table"]) == {"held_out", "calibration", "cost", "checks", "data_card"}
    assert set(kinds["figure"]) == {"held_out", "calibration", "cost", "data_card", "pipeline"}
    assert kinds["text"]["evidence"]["text"] == found.verdict
    again = logistic().fit(X_train, y_train)
    assert kinds["metric"]["accuracy"]["value"] == accuracy_score(y_test, again.predict(X_test))
    assert kinds["metric"]["roc_auc"]["value"] == pytest.approx(
        roc_auc_score(y_test, again.predict_proba(X_test)[:, 1])
    )
    assert kinds["metric"]["accuracy"]["baseline"] == (y_test == 0).mean()


def test_a_regressor_is_held_out_with_its_errors_positive_and_its_range_counted(log: Path) -> None:
    X_train, y_train, X_test, y_test = diabetes()

    report(Ridge(), X_train, y_train, X_test, y_test, metric="neg_mean_absolute_error")

    metrics = logged(log)["metric"]
    error = metrics["mean_absolute_error"]
    assert error["goal"] == "minimize"
    assert error["value"] == pytest.approx(mean_absolute_error(y_test, Ridge().fit(X_train, y_train).predict(X_test)))
    assert error["baseline"] == pytest.approx(mean_absolute_error(y_test, np.full(len(y_test), y_train.mean())))
    assert error["interval"][0] < error["value"] < error["interval"][1] < error["baseline"]
    assert metrics["gain_over_baseline"]["value"] == pytest.approx(error["baseline"] - error["value"])
    assert {"coverage", "interval_width"} <= set(metrics)
    assert {"residuals", "held_out"} <= set(logged(log)["figure"])


def test_of_several_models_the_winner_is_chosen_on_training_rows_and_said_so(log: Path) -> None:
    X_train, y_train, X_test, y_test = cancer()
    models = {"tree": DecisionTreeClassifier(max_depth=1, random_state=0), "logistic": logistic()}

    found = report(models, X_train, y_train, X_test, y_test)

    kinds = logged(log)
    assert found.comparison is not None
    assert list(found.comparison.table.index) == ["dummy", "tree", "logistic"]
    assert found.comparison.n_rows == len(X_train)
    assert "logistic, the best of 2 on folds of the training rows; held out" in kinds["metric"]["accuracy"]["method"]
    assert "chosen on these training folds" in kinds["table"]["comparison"]["caption"]
    assert len(kinds["metric"]["cross_validated"]["scores"]) == 30
    assert kinds["metric"]["cross_validated"]["splits"]


def test_the_same_numbers_come_out_of_the_same_rows(log: Path, tmp_path: Path) -> None:
    split = cancer()
    report(DecisionTreeClassifier(random_state=0), *split, cost={"false_positive": 1, "false_negative": 5})
    first = logged(log)["metric"]

    begin(Log(tmp_path / "again", inputs={"seed": 3}, echo=False))
    report(DecisionTreeClassifier(random_state=0), *split, cost={"false_positive": 1, "false_negative": 5})

    assert logged(tmp_path / "again")["metric"] == first


@pytest.mark.usefixtures("log")
def test_no_better_than_its_baseline_is_never_called_better() -> None:
    random = np.random.default_rng(1)
    X, y = random.normal(size=(300, 4)), random.integers(0, 2, 300)

    found = report(LogisticRegression(), X[:150], y[:150], X[150:], y[150:], against=LogisticRegression(C=0.5))

    assert "No clear difference" in found.verdict or "No difference: both score the same" in found.verdict
    assert "Better" not in found.verdict


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(("against", "said"), [(0.5, "Better by"), (0.97, "No clear difference"), (0.9999, "Worse by")])
def test_a_number_is_a_baseline_too(against: float, said: str) -> None:
    found = report(logistic(), *cancer(), against=against)

    assert said in found.verdict
    assert found.held_out.baseline == against


@pytest.mark.usefixtures("log")
def test_what_is_worse_is_called_worse() -> None:
    assert "Worse by" in report(DummyClassifier(), *cancer(), against=logistic()).verdict


@pytest.mark.usefixtures("log")
def test_a_fitted_model_is_scored_as_it_is_and_what_it_learned_from_is_checked(tmp_path: Path) -> None:
    X_train, y_train, X_test, y_test = cancer()
    honest = DecisionTreeClassifier(random_state=0).fit(X_train, y_train)
    everything = pd.concat([X_train, X_test]), pd.concat([y_train, y_test])
    leaky = DecisionTreeClassifier(random_state=0).fit(*everything)

    first = report(honest, X_train, y_train, X_test, y_test)
    begin(Log(tmp_path / "leaky", inputs={}, echo=False))
    second = report(leaky, X_train, y_train, X_test, y_test)

    assert first.model is honest
    assert first.checks.warnings == ()
    assert second.checks.warnings == ("fitted estimator",)


def test_every_figure_says_what_it_shows_by_its_numbers(log: Path) -> None:
    report({"ridge": make_pipeline(StandardScaler(), Ridge())}, *diabetes())

    figures = logged(log)["figure"].values()

    assert all(len(figure["alt"]) > 30 and figure["caption"].endswith(".") for figure in figures)
    assert [figure["name"] for figure in figures if not any(c.isdigit() for c in figure["caption"])] == ["pipeline"]


def test_a_classifier_without_chances_is_not_calibrated(log: Path) -> None:
    found = report(make_pipeline(StandardScaler(), LinearSVC(random_state=0)), *cancer())

    assert found.calibration is None
    assert "calibration" not in logged(log)["table"]


@pytest.mark.usefixtures("log")
def test_names_and_gaps_in_a_frame_are_no_hindrance() -> None:

    random = np.random.default_rng(0)
    frame = pd.DataFrame({"size": random.normal(size=200), "town": random.choice(["Ulm", "Aachen"], 200)})
    y = np.where(frame["size"] + (frame["town"] == "Ulm") + random.normal(size=200) > 0.5, "yes", "no")
    frame.loc[::9, "size"] = np.nan
    model = make_pipeline(
        make_column_transformer((SimpleImputer(), ["size"]), (OneHotEncoder(), ["town"])), LogisticRegression()
    )

    found = report(model, frame[:140], y[:140], frame[140:], y[140:])

    assert found.data_card.table.loc["town", "middle"] in {"Ulm", "Aachen"}
    assert found.held_out.gain[0] > 0


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"model": LogisticRegression}, TypeError, r"model: wants an estimator .*\nhint: LogisticRegression\(\)"),
        ({"model": {}}, ValueError, "model: is empty"),
        ({"metric": "acuracy"}, ValueError, "metric: scikit-learn has no scorer 'acuracy'"),
        ({"against": "dummy"}, TypeError, "against: wants an estimator or a number"),
        ({"cost": {"fp": 1}}, ValueError, "cost: wants"),
        ({"y_test": [0, 1]}, ValueError, "y_test: has 2 values"),
    ],
)
def test_what_is_wrong_is_named(change: Mapping[str, Any], error: type[Exception], message: str) -> None:
    arguments = dict(zip(("X_train", "y_train", "X_test", "y_test"), cancer(), strict=True)) | {"model": logistic()}

    with pytest.raises(error, match=message):
        report(**{**arguments, **change})


def test_a_diagram_fits_a_phone() -> None:
    drawn: Figure = diagram(make_pipeline(StandardScaler(), LogisticRegression(C=0.1)))
    drawn.draw_without_rendering()

    texts = [text for text in drawn.axes[0].texts if text.get_text()]
    assert [text.get_text() for text in texts] == [
        "rows",
        "StandardScaler",
        "LogisticRegression",
        "C = 0.1",
        "predictions",
    ]
    assert drawn.get_figwidth() <= 5
    assert all(drawn.bbox.contains(*corner) for text in texts for corner in text.get_window_extent().corners())
