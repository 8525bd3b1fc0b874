"""Common metrics of resampled rows without scikit-learn's checks, which take most of a bootstrap's time."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portfolio.evaluation.intervals import Statistic

Rows = NDArray[np.intp]
Response = Callable[[str], NDArray[Any]]


def quick(name: str, y: NDArray[Any], response: Response, classes: NDArray[Any] | None) -> Statistic | None:
    """Return a metric as a function of rows, or None where there is no short way.

    Args:
        name: scikit-learn's name of the scorer.
        y: the target of all rows.
        response: returns what a method of the model, such as `predict`, says of all rows.
        classes: the model's classes; None for a regressor.
    """
    if name == "accuracy":
        hits = response("predict") == y
        return lambda rows: float(hits[rows].mean())
    if name == "balanced_accuracy":
        return _mean_recall(y, response("predict"))
    if name == "roc_auc" and classes is not None and len(classes) == 2:  # noqa: PLR2004 - a curve is of two classes
        return _area(y == classes[1], _scores(response))
    if y.dtype.kind not in "iuf":
        return None
    wrong = {"neg_mean_absolute_error": np.abs, "neg_mean_squared_error": np.square}
    if name in wrong:
        errors = wrong[name](y - response("predict").astype(float))
        return lambda rows: -float(errors[rows].mean())
    return _r2(y.astype(float), response("predict").astype(float)) if name == "r2" else None


def _scores(response: Response) -> NDArray[Any]:
    """Return scores of the second class, from the methods scikit-learn asks, in its order."""
    try:
        return response("decision_function")
    except AttributeError:
        return response("predict_proba")[:, 1]


def _mean_recall(y: NDArray[Any], predicted: NDArray[Any]) -> Statistic:
    labels, codes = np.unique(y, return_inverse=True)
    hits = predicted == y

    def statistic(rows: Rows) -> float:
        present = np.bincount(codes[rows], minlength=len(labels))
        found = np.bincount(codes[rows], weights=hits[rows], minlength=len(labels))
        return float((found[present > 0] / present[present > 0]).mean())

    return statistic


def _area(positive: NDArray[np.bool_], scores: NDArray[Any]) -> Statistic:
    """Return the area under the ROC curve as the share of pairs in order, ties counting half.

    Source: Hanley & McNeil (1982), "The meaning and use of the area under a ROC curve", Radiology 143.
    """
    levels, codes = np.unique(scores, return_inverse=True)

    def statistic(rows: Rows) -> float:
        ups = np.bincount(codes[rows], weights=positive[rows], minlength=len(levels))
        downs = np.bincount(codes[rows], minlength=len(levels)) - ups
        pairs = ups.sum() * downs.sum()
        below = np.cumsum(downs) - downs / 2
        return float((ups * below).sum() / pairs) if pairs else math.nan

    return statistic


def _r2(y: NDArray[np.float64], predicted: NDArray[np.float64]) -> Statistic:
    squared = np.square(y - predicted)

    def statistic(rows: Rows) -> float:
        spread = float(np.square(y[rows] - y[rows].mean()).sum())
        return 1 - float(squared[rows].sum()) / spread if spread else math.nan

    return statistic
