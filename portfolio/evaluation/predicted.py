"""A model's predictions, made once and scored again and again on some of the rows."""

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.utils import Tags, get_tags

from portfolio.evaluation.scoring import Metric

_RESPONSES = ("predict", "predict_proba", "decision_function")


class Predicted:
    """What a fitted model predicts for given rows."""

    def __init__(self, model: Any, X: Any, *, classify: bool) -> None:
        self._model, self._X, self._classify = model, X, classify
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

    @property
    def model(self) -> Any:
        """The model that predicted."""
        return self._model

    @property
    def classify(self) -> bool:
        """Whether it predicts classes."""
        return self._classify


class _Stand(BaseEstimator):  # type: ignore[misc]  # scikit-learn is untyped
    """Stands for the model where a scorer asks it about rows, named by their numbers."""

    def __init__(self, predicted: Predicted) -> None:
        self.predicted = predicted

    def __getattr__(self, name: str) -> Any:
        if name in _RESPONSES and hasattr(self.predicted.model, name):
            return lambda rows: self.predicted.response(name)[rows]
        if name == "classes_":
            return self.predicted.model.classes_
        raise AttributeError(name)

    def __sklearn_tags__(self) -> Tags:
        return get_tags(self.predicted.model)

    def __sklearn_is_fitted__(self) -> bool:
        return True
