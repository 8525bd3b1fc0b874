"""All that a page needs, from one line: held-out numbers, what they are compared with, and the checks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import clone

from portfolio.evaluation import given
from portfolio.evaluation.belonging import Sides, sides, without_gaps
from portfolio.evaluation.calibration import Calibration, calibration
from portfolio.evaluation.choosing import best, compared, log_comparison
from portfolio.evaluation.cost import CostCurve, cost_curve
from portfolio.evaluation.data_card import DataCard, data_card
from portfolio.evaluation.diagram import described, diagram
from portfolio.evaluation.held_out import HeldOut, held_out
from portfolio.evaluation.leakage import Leakage, checks_of_report
from portfolio.evaluation.models import dummy
from portfolio.evaluation.residuals import Residuals, residuals
from portfolio.evaluation.scoring import Metric, metric_of
from portfolio.evaluation.skore_checks import SkoreChecks, skore_checks
from portfolio.evaluation.spot_check import SpotCheck
from portfolio.evaluation.tabular import are_wide, frame_of
from portfolio.log import log_figure, log_text


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Report:
    """What `report` found, logged already.

    `model` is fitted: the one the held-out numbers are of. `comparison` is there of several models, `calibration` and
    `cost` of a classifier that gives chances, `residuals` of a regressor, `skore` where that is installed. `caveat`
    says what ties rows together that some intervals take for independent.
    """

    model: Any
    held_out: HeldOut
    comparison: SpotCheck | None
    calibration: Calibration | None
    cost: CostCurve | None
    residuals: Residuals | None
    checks: Leakage
    skore: SkoreChecks | None
    data_card: DataCard
    caveat: str

    @property
    def verdict(self) -> str:
        """What may be said against the baseline, what the checks found, and the caveat."""
        return " ".join(filter(None, (self.held_out.verdict, self.checks.sentence, self.caveat)))

    def __str__(self) -> str:
        return self.verdict

    def _repr_markdown_(self) -> str:
        """Return what a notebook shows of it: the tables and figures are logged."""
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
    groups: Any = None,
    time: Any = None,
) -> Report:
    """Log what a page needs to be believed: the held-out number against a baseline, and what stands behind it.

    Logged under fixed names, so that a spec and a write-up can name them:

    - metrics: the scorer's name without `neg_` (`accuracy`, `r2`, `mean_absolute_error`, …), `baseline` and
      `gain_over_baseline`; of several models `cross_validated`; with costs `cost_per_100` and `cost_threshold`; of a
      regressor `coverage` and `interval_width`.
    - tables: `held_out`, `checks`, `data_card`, and as they apply `comparison`, `calibration`, `cost`, `residuals`,
      `skore_checks`.
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
        groups: whose each row is: a column's name, a pair (of the training rows, of the test rows), or one sequence of
            both, training rows first. Whole groups are then left out of folds and resampled.
        time: when each row was observed, given like `groups`. Folds then test what comes after their training rows.

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
    whose = without_gaps(sides(groups, "groups", X_train, X_test), "groups")
    when = without_gaps(sides(time, "time", X_train, X_test), "time")
    comparison = compared(model, X_train, y, metric=scored, against=against, whose=whose, when=when)
    name = best(comparison, named)
    fitted = _fitted(named[name], X_train, y)
    baseline, called = _baseline(against, X_train, y, classify=classify)
    split, tied = (X_train, y, X_test, new), _tied(whose, when)
    found = Report(
        model=fitted,
        held_out=held_out(
            *(fitted, baseline, X_test, new),
            metrics=_metrics(scored, y, metric),
            metric=scored,
            names=(name, called),
            groups=whose.test if whose else None,
        ),
        comparison=comparison,
        calibration=calibration(fitted, X_test, new) if classify and hasattr(fitted, "predict_proba") else None,
        cost=cost_curve(fitted, *split, cost=cost, **tied) if cost is not None else None,
        residuals=None if classify else residuals(fitted, *split, **tied),
        checks=checks_of_report(*(X_train, X_test, y, new), given=named[name], fitted=fitted, groups=whose, time=when),
        skore=skore_checks(named[name], X_train, y, X_test, new),
        data_card=_card(X_train, X_test, y_train, y, new),
        caveat=_caveat(whose, when),
    )
    _log(found)
    return found


def _tied(whose: Sides | None, when: Sides | None) -> dict[str, Any]:
    """Return what ties rows together as a part takes it."""
    return {name: (known.train, known.test) if known else None for name, known in (("groups", whose), ("time", when))}


def _caveat(whose: Sides | None, when: Sides | None) -> str:
    said = f"Intervals rest on {whose.n_test} groups of test rows, those of shares on rows" if whose else ""
    if when:
        unit = "them" if whose else "test rows"
        said = f"{said + ', and take' if said else 'Intervals take'} {unit} as independent, though they follow time"
    return f"{said}: approximate." if said else ""


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
    name = getattr(y_train, "name", None)
    target = pd.Series(np.concatenate([y, new]), name=name if isinstance(name, str) else "target")
    if are_wide(X_train) and are_wide(X_test):
        return data_card(sparse.vstack([X_train, X_test]), target=target)
    frames = [frame_of(X_train, "X_train"), frame_of(X_test, "X_test")]
    both = pd.concat([frames[0], frames[1].set_axis(frames[0].columns, axis=1)], ignore_index=True)
    return data_card(both, target=target)


def _log(found: Report) -> None:
    """Log all of it, the held-out number first."""
    method = ""
    if found.comparison is not None:
        count = len(found.comparison.table) - 1
        method = f"{found.held_out.names[0]}, the best of {count} on folds of the training rows"
    found.held_out.log(method=method)
    if found.comparison is not None:
        log_comparison(found.comparison, found.held_out)
    for part in (found.calibration, found.cost, found.residuals):
        if part is not None:
            part.log()
    found.checks.log()
    if found.skore is not None:
        found.skore.log()
    found.data_card.log()
    words = described(found.model)
    log_figure("pipeline", diagram(found.model), alt=f"The model's parts in order: {words}.", caption=f"{words}.")
    log_text("evidence", found.verdict)
