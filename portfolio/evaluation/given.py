"""What is wrong with what a script gave, said with the argument's name before anything is fitted."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, is_classifier, is_regressor
from sklearn.exceptions import NotFittedError
from sklearn.utils import get_tags
from sklearn.utils.validation import check_is_fitted

FEW_CLASSES = 20


def target(X: Any, y: Any, *, x_name: str = "X", y_name: str = "y") -> NDArray[Any]:
    """Return the target as an array of one value a row, once it is known to fit the rows of `X`.

    Raises:
        TypeError: an argument has no rows.
        ValueError: they differ in length, hold fewer than two rows, or the target has several columns or gaps.
    """
    rows = row_count(X, x_name)
    values = np.asarray(y)
    if values.ndim == 2 and values.shape[1] == 1:  # noqa: PLR2004 - a single column is meant as one value a row
        values = values[:, 0]
    if values.ndim != 1:
        raise ValueError(f"{y_name}: wants one value a row, not an array of shape {values.shape}")
    if len(values) != rows:
        raise ValueError(f"{y_name}: has {len(values)} values, {x_name} has {rows} rows")
    if rows < 2:  # noqa: PLR2004 - one row carries no interval
        raise ValueError(f"{x_name}: wants at least 2 rows, there is {rows}")
    gaps = int(pd.isna(values).sum())
    if gaps:
        raise ValueError(f"{y_name}: {gaps} of {rows} values are missing\nhint: leave these rows out of both")
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        raise ValueError(f"{y_name}: holds infinite values")
    return values


def row_count(X: Any, name: str) -> int:
    """Return the number of rows of a table, an array, a sparse matrix or a list."""
    shape = getattr(X, "shape", None)
    if shape is not None and len(shape) > 0:
        return int(shape[0])
    if not hasattr(X, "__len__") or isinstance(X, str | bytes | Mapping):
        raise TypeError(f"{name}: wants a DataFrame or an array, not {type(X).__name__}")
    return len(X)


def group_of_rows(groups: Any, n_rows: int) -> NDArray[Any] | None:
    """Return the group of each row as an array.

    Raises:
        ValueError: there is not one for each row, or one is missing.
    """
    if groups is None:
        return None
    values = np.asarray(groups)
    if values.ndim != 1 or len(values) != n_rows:
        raise ValueError(f"groups: wants one value for each of {n_rows} rows, not shape {values.shape}")
    if pd.isna(values).any():
        raise ValueError(f"groups: {int(pd.isna(values).sum())} values are missing")
    return values


def are_classes(y: NDArray[Any]) -> bool:
    """Whether a target holds classes: it is no number, or at most 20 different whole numbers."""
    if y.dtype.kind not in "iuf":
        return True
    different = np.unique(y)
    return len(different) <= FEW_CLASSES and bool((different == np.round(different)).all())


def task_of(models: Mapping[str, Any], y: NDArray[Any], *, argument: str) -> bool:
    """Return whether models classify, by what they say of themselves, else by the target.

    Raises:
        ValueError: some classify and others do not, or they classify and there is one class or none is whole.
    """
    kinds = {name: _kind(model) for name, model in models.items()}
    said = {kind for kind in kinds.values() if kind is not None}
    if len(said) == 2:  # noqa: PLR2004 - both
        listed = ", ".join(f"{name!r} is a {'classifier' if kind else 'regressor'}" for name, kind in kinds.items())
        raise ValueError(f"{argument}: cannot compare classifiers with regressors: {listed}")
    classify = said.pop() if said else are_classes(y)
    if classify and len(np.unique(y)) == 1:
        raise ValueError(f"y: holds one class only, {str(y[0])!r}")
    if classify and y.dtype.kind == "f" and not (y == np.round(y)).all():
        raise ValueError(f"y: holds fractions, and {argument} classify\nhint: use regressors")
    if not classify and y.dtype.kind not in "iufb":
        raise ValueError(f"y: holds no numbers, and {argument} are regressors\nhint: use classifiers")
    return classify


def classifies(model: Any, y: NDArray[Any]) -> bool:
    """Return whether a model classifies, by what it says of itself, else by the target."""
    kind = _kind(model)
    return are_classes(y) if kind is None else kind


def is_estimator(model: Any) -> bool:
    """Whether something can be cloned and fitted: an object of scikit-learn's kind, not its class."""
    return not isinstance(model, type) and hasattr(model, "fit") and hasattr(model, "get_params")


def is_fitted(model: Any) -> bool:
    """Whether an estimator was fitted already."""
    if isinstance(model, BaseEstimator) and not get_tags(model).requires_fit:
        return False
    try:
        check_is_fitted(model)
    except (NotFittedError, TypeError):
        return False
    return True


def _kind(model: Any) -> bool | None:
    try:
        return True if is_classifier(model) else False if is_regressor(model) else None
    except (AttributeError, TypeError):
        return None
