"""Scores of one model on given folds."""

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.model_selection import cross_validate
from threadpoolctl import threadpool_limits

from portfolio.evaluation.models import is_dummy
from portfolio.evaluation.scoring import Metric
from portfolio.evaluation.splits import Splits

Scores = NDArray[np.float64]
_SMALL = 20_000  # rows below which several threads cost more than they save, tenfold on a busy machine


def fold_scores(
    model: Any, X: Any, y: NDArray[Any], *, splits: Splits, metric: Metric, argument: str, train: bool = False
) -> tuple[Scores, Scores]:
    """Return the test scores of clones of `model`, one a fold, and the training scores, none unless asked for.

    Args:
        model: cloned for each fold, so that it may come fitted and is left alone.
        X: the features, cut by row.
        y: the target.
        splits: the folds.
        metric: what is scored.
        argument: what messages call the model.
        train: whether training rows are scored too.

    Raises:
        ValueError: the model refuses the rows, or a score is not a finite number.
    """
    with warnings.catch_warnings(), threadpool_limits(1 if len(y) < _SMALL else None):
        if is_dummy(model):  # it predicts one class, so precision and the like are undefined for the others
            warnings.simplefilter("ignore", UndefinedMetricWarning)
        try:
            scored = cross_validate(
                *(clone(model), X, y),
                cv=splits.folds,
                scoring=metric.scorer,
                error_score="raise",
                return_train_score=train,
            )
        except (TypeError, ValueError) as error:
            raise ValueError(f"{argument}: {error}") from error
    test = np.asarray(scored["test_score"], dtype=float)
    if not np.isfinite(test).all():
        place = int(np.flatnonzero(~np.isfinite(test))[0])
        raise ValueError(f"scoring: {metric.name!r} of {argument} is {test[place]} on fold {place}")
    return test, np.asarray(scored.get("train_score", ()), dtype=float)
