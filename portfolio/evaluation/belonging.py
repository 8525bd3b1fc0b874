"""Whose each row of a split is, and when it was observed: rows that belong together are no news to one another."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import TimeSeriesSplit

from portfolio.evaluation.given import row_count
from portfolio.evaluation.tabular import frame_of, listed

Fold = tuple[NDArray[np.intp], NDArray[np.intp]]
Folds = list[Fold]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sides:
    """What is known of each training row and of each test row."""

    train: NDArray[Any]
    test: NDArray[Any]

    @property
    def n_test(self) -> int:
        """How many different ones there are among the test rows."""
        return len(np.unique(self.test))


def sides(given: Any, name: str, X_train: Any, X_test: Any) -> Sides | None:
    """Return the group or the time of every row, or None where none is given.

    Args:
        given: None, a column's name, a pair (of the training rows, of the test rows), or one sequence of both, training
            rows first; a Series whose index has the frames' rows is matched by it.
        name: what messages call the argument.
        X_train: the training rows.
        X_test: the test rows.

    Raises:
        ValueError: there is no such column, or not one value for each row.
    """
    if given is None:
        return None
    train, test = _both(given, name, X_train, X_test)
    return Sides(train=train, test=test)


def without_gaps(known: Sides | None, name: str) -> Sides | None:
    """Return what is known of the rows, once it is known of each.

    Raises:
        ValueError: a value is missing.
    """
    missing = int(pd.isna(known.train).sum() + pd.isna(known.test).sum()) if known else 0
    if missing:
        raise ValueError(f"{name}: {missing} values are missing\nhint: leave these rows out, or give them a value")
    return known


def _both(given: Any, name: str, X_train: Any, X_test: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    sizes = (row_count(X_train, "X_train"), row_count(X_test, "X_test"))
    if isinstance(given, str):
        frames = [frame_of(X, side) for X, side in ((X_train, "X_train"), (X_test, "X_test"))]
        if given not in frames[0]:
            there = listed(list(frames[0].columns), 10)
            raise ValueError(f"{name}: no column {given!r} in X_train; there: {there}")
        return frames[0][given].to_numpy(), frames[1][given].to_numpy()
    if isinstance(given, tuple | list) and tuple(len(part) if np.ndim(part) else -1 for part in given) == sizes:
        return np.asarray(given[0]), np.asarray(given[1])
    if isinstance(given, pd.Series) and given.index.is_unique:
        indexes = [X.index for X in (X_train, X_test) if isinstance(X, pd.DataFrame | pd.Series)]
        if len(indexes) == len(sizes) and all(index.isin(given.index).all() for index in indexes):
            return given.loc[indexes[0]].to_numpy(), given.loc[indexes[1]].to_numpy()
    if not np.ndim(given) or len(given) != sum(sizes):
        raise ValueError(f"{name}: wants {sizes[0]} + {sizes[1]} values, training rows first, not {np.size(given)}")
    both = np.asarray(given)
    return both[: sizes[0]], both[sizes[0] :]


def forward_folds(time: NDArray[Any], most: int) -> Folds:
    """Return folds that each test what comes after their training rows; rows of one time are never divided.

    Raises:
        ValueError: there are fewer than three different times.
    """
    moments, place = np.unique(time, return_inverse=True)
    if len(moments) < 3:  # noqa: PLR2004 - two folds, each with a past
        raise ValueError(f"time: the training rows are of {len(moments)} different times, too few to split")
    splitter = TimeSeriesSplit(min(most, len(moments) - 1))
    return [
        (np.flatnonzero(np.isin(place, known)), np.flatnonzero(np.isin(place, new)))
        for known, new in splitter.split(moments)
    ]
