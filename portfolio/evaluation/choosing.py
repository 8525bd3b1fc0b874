"""Which of several models is held out: the best on folds of the training rows, and what that comparison says."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.base import clone

from portfolio.evaluation import given
from portfolio.evaluation.belonging import Sides, forward_folds
from portfolio.evaluation.held_out import HeldOut
from portfolio.evaluation.scoring import Metric
from portfolio.evaluation.splits import N_SPLITS
from portfolio.evaluation.spot_check import SpotCheck, spot_check
from portfolio.evaluation.tabular import some_rows
from portfolio.evaluation.wording import between, described, interval_of
from portfolio.log import log_figure, log_metric, log_table


def compared(
    model: Any,
    X_train: Any,
    y: np.ndarray,
    *,
    metric: Metric,
    against: Any,
    whose: Sides | None,
    when: Sides | None,
) -> SpotCheck | None:
    """Return the comparison of several models on folds of the training rows; None of a single one.

    Whole groups are left out of folds, and with times folds test what comes after their training rows.
    """
    if not isinstance(model, Mapping):
        return None
    baseline = clone(against) if given.is_estimator(against) else None
    groups = whose.train if whose else None
    if when is None:
        return spot_check(model, X_train, y, scoring=metric.name, baseline=baseline, groups=groups)
    order = np.argsort(when.train, kind="stable")
    return spot_check(
        *(model, some_rows(X_train, order), y[order]),
        cv=forward_folds(when.train[order], N_SPLITS),
        scoring=metric.name,
        baseline=baseline,
        groups=None if groups is None else groups[order],
    )


def best(comparison: SpotCheck | None, named: Mapping[str, Any]) -> str:
    """Return the name of the model to hold out: the best of several on the training folds."""
    return next(iter(named)) if comparison is None else str(comparison.table.loc[list(named), "mean"].idxmax())


def log_comparison(comparison: SpotCheck, held: HeldOut) -> None:
    """Log the comparison and the winner's mean, which is optimistic because it was chosen by it."""
    name, metric = held.names[0], comparison.metric
    value, low, high = between(*comparison.table.loc[name, ["mean", "low", "high"]], metric=metric)
    log_metric(
        "cross_validated",
        value,
        goal=metric.goal,
        interval=interval_of(low, high),
        method=f"{name}, chosen by this number, which is optimistic; {comparison.method}",
        n=comparison.n_rows,
        scores=[metric.shown(float(score)) for score in comparison.scores.loc[name].to_numpy()],
        splits=comparison.splits,
    )
    caption = f"{comparison.caption} {name} was chosen on these training folds; the held-out number judges it."
    log_table("comparison", comparison.logged(), caption=caption)
    alt = described(comparison.table, metric=metric)
    log_figure("comparison", comparison.figure(), alt=alt, caption=caption)
