"""Rows and targets as the checks and cards read them, whatever they came as: frames, arrays, sparse, lists."""

from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import is_classifier, is_regressor

_MOST_DENSE_CELLS = 20_000_000
_MOST_DENSE_COLUMNS = 1000
_MOST_CLASSES = 20
_ROWS_A_CLASS = 5


def frame_of(X: Any, name: str) -> pd.DataFrame:
    """Return `X` as a frame, one row an observation; images are laid out flat, columns of arrays are `x0`, `x1`, ….

    Raises:
        ValueError: `X` has no rows, or is sparse and too large to lay out.
    """
    if isinstance(X, pd.Series):
        X = X.to_frame(X.name if X.name is not None else "x0")
    if isinstance(X, pd.DataFrame):
        frame = X.set_axis([str(column) for column in X.columns], axis=1)
    else:
        if hasattr(X, "toarray"):
            if X.shape[0] * X.shape[1] > _MOST_DENSE_CELLS:
                raise ValueError(f"{name}: sparse and too large to lay out, {X.shape[0]} x {X.shape[1]}")
            X = X.toarray()
        values = np.asarray(X)
        if values.ndim == 0:
            raise ValueError(f"{name}: wants rows, not {type(X).__name__}")
        values = values.reshape(len(values), -1) if len(values) else np.empty((0, 0))
        frame = pd.DataFrame(values, columns=[f"x{place}" for place in range(values.shape[1])])
    if frame.empty:
        raise ValueError(f"{name}: has no rows")
    return frame


def are_wide(X: Any) -> bool:
    """Whether rows are sparse and have so many columns, or cells, that they are described as a whole."""
    if not sparse.issparse(X):
        return False
    return bool(X.shape[1] > _MOST_DENSE_COLUMNS or X.shape[0] * X.shape[1] > _MOST_DENSE_CELLS)


def some_rows(values: Any, rows: np.ndarray) -> Any:
    """Return some of the rows, in that order, held as they were."""
    if hasattr(values, "iloc"):
        return values.iloc[rows]
    return values.tocsr()[rows] if sparse.issparse(values) else np.asarray(values)[rows]


def target_of(y: Any, name: str, rows: int) -> pd.Series:
    """Return `y` as a series with one value a row.

    Raises:
        ValueError: there is not one value a row.
    """
    if isinstance(y, pd.DataFrame | pd.Series):
        y = y.to_numpy()
    values = np.asarray(y)
    if values.ndim == 2 and values.shape[1] == 1:  # noqa: PLR2004 - a column
        values = values.ravel()
    if values.shape != (rows,):
        raise ValueError(f"{name}: wants one value for each of {rows} rows, not the shape {values.shape}")
    return pd.Series(values)


def is_classification(y: pd.Series, estimator: Any = None) -> bool:
    """Whether the target is a class: as the estimator says, else by its values."""
    if estimator is not None and (is_classifier(estimator) or is_regressor(estimator)):
        return bool(is_classifier(estimator))
    if not is_number(y):
        return True
    known = y.dropna()
    distinct = known.nunique()
    whole = bool((known == known.round()).all())
    return whole and distinct <= _MOST_CLASSES and len(known) >= _ROWS_A_CLASS * distinct


def is_number(column: pd.Series) -> bool:
    """Whether the column holds numbers rather than names, dates or yes and no."""
    return bool(pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column))


def listed(names: list[str], most: int = 3) -> str:
    """Return the names in words, at most the first few."""
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
