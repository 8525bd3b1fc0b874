"""All that a page needs, from one line: held-out numbers, what they are compared with, and the checks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone

from portfolio.evaluation import given
from portfolio.evaluation.calibration import Calibration, calibration
from portfolio.evaluation.cost import CostCurve, cost_curve
from portfolio.evaluation.data_card import DataCard, data_card
from portfolio.evaluation.diagram import described, diagram
from portfolio.evaluation.held_out import HeldOut, held_out
from portfolio.evaluation.leakage import Leakage, checks_of_report
from portfolio.evaluation.models import dummy
from portfolio.evaluation.residuals import Residuals, residuals
from portfolio.evaluation.scoring import Metric, metric_of
from portfolio.evaluation.spot_check import SpotCheck, spot_check
from portfolio.evaluation.tabular import frame_of
from portfolio.evaluation.wording import between
from portfolio.evaluation.wording import described as described_scores
from portfolio.log import log_figure, log_metric, log_table, log_text


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Report:
    """What `report` found, logged already.

    `model` is fitted: the one the held-out numbers are of. `comparison` is there of several models, `calibration` and
    `cost` of a classifier that gives chances, `residuals` of a regressor.
    """

    model: Any
    held_out: HeldOut
    comparison: SpotCheck | None
    calibration: Calibration | None
    cost: CostCurve | None
    residuals: Residuals | None
    checks: Leakage
    data_card: DataCard

    @property
    def verdict(self) -> str:
        """What may be said against the baseline, and what the checks found."""
        return f"{self.held_out.verdict} {self.checks.sentence}"

    def __str__(self) -> str:
        return self.verdict


def report(  # noqa: PLR0913 - a model, the four arrays of a split, and what to judge by
    model: Any,
    X_train: Any,
    y_train: Any,
    X_test: Any,
    y_test: Any,
    *,
    metric: str | None = None,
    against: Any = None,
    cost: Mapping[str, float] | None = None,
) -> Report:
    """Log what a page needs to be believed: the held-out number against a baseline, and what stands behind it.

    Logged under fixed names, so that a spec and a write-up can name them:

    - metrics: the scorer's name without `neg_` (`accuracy`, `r2`, `mean_absolute_error`, …), `baseline` and
      `gain_over_baseline`; of several models `cross_validated`; with costs `cost_per_100` and `cost_threshold`; of a
      regressor `coverage` and `interval_width`.
    - tables: `held_out`, `checks`, `data_card`, and as they apply `comparison`, `calibration`, `cost`, `residuals`.
    - figures: `held_out`, `pipeline`, `data_card`, and as they apply `comparison`, `calibration`, `cost`, `residuals`.
    - text: `evidence`, the verdict in words.

    Outside a build the same is printed.

    Args:
        model: an estimator, fitted on the training rows here unless it is fitted already; or estimators by name, which
            are compared on folds of the training rows, the best being fitted on all of them.
        X_train: training rows, a frame or an array.
        y_train: their targets.
        X_test: test rows, which decide nothing.
        y_test: their targets.
        metric: the name of a scorer; None for accuracy or R².
        against: the baseline: an estimator, fitted or not, or a number in the metric's own unit; None for a dummy that
            looks at no feature.
        cost: of one wrong answer of each kind, `{"false_positive": 1, "false_negative": 20}`; a positive is the second
            of two classes in sorted order.

    Raises:
        TypeError: an argument is of the wrong type.
        ValueError: an argument does not fit; the message begins with its name.
    """
    y = given.target(X_train, y_train, x_name="X_train", y_name="y_train")
    new = given.target(X_test, y_test, x_name="X_test", y_name="y_test")
    _check(model, against)
    named = model if isinstance(model, Mapping) else {_called(model): model}
    classify = given.task_of(named, y, argument="model")
    if cost is not None and not classify:
        raise ValueError("cost: is of wrong classes, and the model is a regressor")
    scored = metric_of(metric, classify=classify, argument="metric")
    comparison = _compared(model, X_train, y, metric=scored, against=against)
    name = _best(comparison, named)
    fitted = _fitted(named[name], X_train, y)
    baseline, called = _baseline(against, X_train, y, classify=classify)
    split = (X_train, y, X_test, new)
    found = Report(
        model=fitted,
        held_out=held_out(
            fitted, baseline, X_test, new, metrics=_metrics(scored, y, metric), metric=scored, names=(name, called)
        ),
        comparison=comparison,
        calibration=calibration(fitted, X_test, new) if classify and hasattr(fitted, "predict_proba") else None,
        cost=cost_curve(fitted, *split, cost=cost) if cost is not None else None,
        residuals=None if classify else residuals(fitted, *split),
        checks=checks_of_report(X_train, X_test, y, new, given=named[name], fitted=fitted),
        data_card=_card(X_train, X_test, y_train, y, new),
    )
    _log(found)
    return found


def _check(model: Any, against: Any) -> None:
    """Raise what is wrong with the models before anything is fitted."""
    several = isinstance(model, Mapping)
    if several and not model:
        raise ValueError("model: is empty\nhint: name at least one estimator")
    for name, one in (model if several else {"": model}).items():
        if not given.is_estimator(one):
            what = f"the class {one.__name__}\nhint: {one.__name__}()" if isinstance(one, type) else repr(one)
            raise TypeError(
                f"model{f'[{name!r}]' if several else ''}: wants an estimator with fit and predict, not {what}"
            )
    is_number = isinstance(against, int | float | np.number) and not isinstance(against, bool)
    if against is not None and not is_number and not given.is_estimator(against):
        raise TypeError(f"against: wants an estimator or a number, not {against!r}")
    if is_number and not np.isfinite(against):
        raise ValueError(f"against: {against} is not a finite number")


def _called(model: Any) -> str:
    """Return the name of an estimator's kind, of a pipeline's last step."""
    return type(model.steps[-1][1] if hasattr(model, "steps") else model).__name__


def _compared(model: Any, X_train: Any, y: np.ndarray, *, metric: Metric, against: Any) -> SpotCheck | None:
    """Return the comparison of several models on folds of the training rows."""
    if not isinstance(model, Mapping):
        return None
    baseline = clone(against) if given.is_estimator(against) else None
    return spot_check(model, X_train, y, scoring=metric.name, baseline=baseline)


def _best(comparison: SpotCheck | None, named: Mapping[str, Any]) -> str:
    """Return the name of the model to hold out: the best of several on the training folds."""
    return next(iter(named)) if comparison is None else str(comparison.table.loc[list(named), "mean"].idxmax())


def _fitted(model: Any, X_train: Any, y: np.ndarray) -> Any:
    return model if given.is_fitted(model) else clone(model).fit(X_train, y)


def _baseline(against: Any, X_train: Any, y: np.ndarray, *, classify: bool) -> tuple[Any, str]:
    """Return the fitted baseline or the number, and what it is called."""
    if against is None:
        called = "naming the commonest class" if classify else "predicting the mean"
        return dummy(classify=classify).fit(X_train, y), called
    if given.is_estimator(against):
        return _fitted(against, X_train, y), _called(against)
    return float(against), "the baseline"


def _metrics(scored: Metric, y: np.ndarray, asked: str | None) -> list[str]:
    """Return what is scored on the test rows: what was asked for, else what a reader would ask next as well."""
    if asked is not None:
        return [asked]
    more = {"accuracy": "balanced_accuracy", "r2": "neg_mean_absolute_error"}[scored.name]
    return [scored.name, "roc_auc" if scored.name == "accuracy" and len(np.unique(y)) == 2 else more]  # noqa: PLR2004


def _card(X_train: Any, X_test: Any, y_train: Any, y: np.ndarray, new: np.ndarray) -> DataCard:
    """Return the data card of training and test rows together."""
    frames = [frame_of(X_train, "X_train"), frame_of(X_test, "X_test")]
    both = pd.concat([frames[0], frames[1].set_axis(frames[0].columns, axis=1)], ignore_index=True)
    name = getattr(y_train, "name", None)
    return data_card(both, target=pd.Series(np.concatenate([y, new]), name=name if isinstance(name, str) else "target"))


def _log(found: Report) -> None:
    """Log all of it, the held-out number first."""
    method = ""
    if found.comparison is not None:
        count = len(found.comparison.table) - 1
        method = f"{found.held_out.names[0]}, the best of {count} on folds of the training rows"
    found.held_out.log(method=method)
    if found.comparison is not None:
        _log_comparison(found.comparison, found.held_out)
    for part in (found.calibration, found.cost, found.residuals):
        if part is not None:
            part.log()
    found.checks.log()
    found.data_card.log()
    words = described(found.model)
    log_figure("pipeline", diagram(found.model), alt=f"The model's parts in order: {words}.", caption=f"{words}.")
    log_text("evidence", found.verdict)


def _log_comparison(comparison: SpotCheck, held: HeldOut) -> None:
    """Log the comparison and the winner's mean, which is optimistic because it was chosen by it."""
    name, metric = held.names[0], comparison.metric
    value, low, high = between(*comparison.table.loc[name, ["mean", "low", "high"]], metric=metric)
    log_metric(
        "cross_validated",
        value,
        goal=metric.goal,
        interval=(low, high),
        method=f"{name}, chosen by this number, which is optimistic; {comparison.method}",
        n=comparison.n_rows,
        scores=[metric.shown(float(score)) for score in comparison.scores.loc[name].to_numpy()],
        splits=comparison.splits,
    )
    caption = f"{comparison.caption} {name} was chosen on these training folds; the held-out number judges it."
    log_table("comparison", comparison.shown(), caption=caption)
    alt = described_scores(comparison.table, metric=metric)
    log_figure("comparison", comparison.figure(), alt=alt, caption=caption)
