"""A model's predictions, made once and scored again and again on some of the rows."""

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.utils import Tags, get_tags
from sklearn.utils.metaestimators import available_if

from portfolio.evaluation.quick import quick
from portfolio.evaluation.scoring import Metric


class Predicted:
    """What a fitted model predicts for given rows."""

    def __init__(self, model: Any, X: Any) -> None:
        self._model, self._X = model, X
        self._made: dict[str, NDArray[Any]] = {}

    def response(self, method: str) -> NDArray[Any]:
        """Return what `method` of the model says of all rows; asked once.

        Raises:
            ValueError: the model refuses the rows.
        """
        if method not in self._made:
            try:
                self._made[method] = np.asarray(getattr(self._model, method)(self._X))
            except (TypeError, ValueError) as error:
                raise ValueError(f"X_test: model.{method}: {error}") from error
        return self._made[method]

    def score(
        self, metric: Metric, y: NDArray[Any], rows: NDArray[np.intp] | None = None, *, strict: bool = True
    ) -> float:
        """Return the score of some rows, all by default, given their targets.

        Raises:
            ValueError: the metric is undefined for them; not strictly it is NaN then.
        """
        asked = np.arange(len(y)) if rows is None else rows
        try:
            with warnings.catch_warnings():
                if strict:
                    warnings.simplefilter("error", UndefinedMetricWarning)
                value = float(metric.scorer(_Stand(self), asked, y))
        except (AttributeError, TypeError, ValueError, UndefinedMetricWarning) as error:
            if not strict:
                return float("nan")
            raise ValueError(f"metrics: {metric.name!r} cannot be computed of model and y_test: {error}") from error
        if strict and not np.isfinite(value):
            raise ValueError(f"metrics: {metric.name!r} is {value} on y_test")
        return value

    def statistic(self, metric: Metric, y: NDArray[Any], value: float) -> Callable[[NDArray[np.intp]], float]:
        """Return the score as a function of rows, NaN where it is undefined: a short way that agrees, else the scorer.

        Args:
            metric: what is scored.
            y: the target of all rows.
            value: the score of all rows, with which the short way must agree.
        """
        short = quick(metric.name, y, self.response, getattr(self._model, "classes_", None))
        if short is not None and math.isclose(short(np.arange(len(y))), value, rel_tol=1e-9, abs_tol=1e-12):
            return short
        return lambda rows: self.score(metric, y[rows], rows, strict=False)

    @property
    def model(self) -> Any:
        """The model that predicted."""
        return self._model


def _has(method: str) -> Callable[["_Stand"], bool]:
    return lambda stand: hasattr(stand.predicted.model, method)


class _Stand(BaseEstimator):  # type: ignore[misc]  # scikit-learn is untyped
    """Stands for the model where a scorer asks it about rows, named by their numbers."""

    def __init__(self, predicted: Predicted) -> None:
        self.predicted = predicted

    def predict(self, rows: NDArray[np.intp]) -> NDArray[Any]:
        """Return what was predicted for these rows."""
        return self.predicted.response("predict")[rows]

    @available_if(_has("predict_proba"))  # type: ignore[untyped-decorator]
    def predict_proba(self, rows: NDArray[np.intp]) -> NDArray[Any]:
        """Return the probabilities of these rows."""
        return self.predicted.response("predict_proba")[rows]

    @available_if(_has("decision_function"))  # type: ignore[untyped-decorator]
    def decision_function(self, rows: NDArray[np.intp]) -> NDArray[Any]:
        """Return the decision function of these rows."""
        return self.predicted.response("decision_function")[rows]

    @property
    def classes_(self) -> Any:
        """The classes of the model."""
        return self.predicted.model.classes_

    def __sklearn_tags__(self) -> Tags:
        return get_tags(self.predicted.model)

    def __sklearn_is_fitted__(self) -> bool:
        return True
