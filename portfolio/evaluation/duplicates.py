"""Rows of the test set that stand in the training set as well."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from portfolio.evaluation.tabular import is_number

_FEW_VALUES = 10
_ALLOWED_AMONG_FEW = 10


def duplicate_rows(train: pd.DataFrame, test: pd.DataFrame) -> tuple[int, bool]:
    """Return how many test rows equal a training row, and whether chance may be why.

    Rows are compared by hashes made of one random word for each value (Zobrist 1970). A copy agrees in every column;
    where rows coincide because values are few, as many or more agree in all columns but one. So the pairs that agree
    in all are weighed against those that miss one column, whichever column is missed most.
    """
    whole_train, whole_test = _words(train, test)
    exact = _counts(whole_train, whole_test)
    copied = int((exact > 0).sum())
    if not copied:
        return 0, False
    near, most_values = 0, 0
    for part_train, part_test, distinct in _columns(train, test):
        but_one = _counts(whole_train ^ part_train, whole_test ^ part_test)
        near = max(near, int((but_one - exact).sum()))
        most_values = max(most_values, distinct)
    allowed = _ALLOWED_AMONG_FEW if most_values <= _FEW_VALUES else 1
    return copied, int(exact.sum()) <= allowed * near


def equal_sparse_rows(train: Any, test: Any) -> int:
    """Return how many rows of one sparse matrix equal a row of another; rows that hold nothing do not count."""
    known = {row for row in stored_cells(train) if row[0]}
    return sum(row in known for row in stored_cells(test))


def stored_cells(matrix: Any) -> Iterator[tuple[bytes, bytes]]:
    """Yield the columns and the values of each row's cells that are not zero."""
    rows = sparse.csr_matrix(matrix, copy=True, dtype=float)
    rows.sum_duplicates()
    rows.eliminate_zeros()
    for start, end in pairwise(rows.indptr):
        yield rows.indices[start:end].astype(np.int64).tobytes(), rows.data[start:end].tobytes()


def _words(train: pd.DataFrame, test: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    whole_train, whole_test = np.zeros(len(train), np.uint64), np.zeros(len(test), np.uint64)
    for part_train, part_test, _ in _columns(train, test):
        whole_train ^= part_train
        whole_test ^= part_test
    return whole_train, whole_test


def _columns(train: pd.DataFrame, test: pd.DataFrame) -> Iterator[tuple[np.ndarray, np.ndarray, int]]:
    """Yield each column's random words, the same for equal values, and how many values it takes."""
    random = np.random.default_rng(0)
    for place in range(train.shape[1]):
        both = [comparable(frame.iloc[:, place]) for frame in (train, test)]
        codes, values = pd.factorize(np.concatenate(both), use_na_sentinel=False)
        words = random.integers(0, 2**64, size=len(values), dtype=np.uint64)[codes]
        yield words[: len(train)], words[len(train) :], len(values)


def comparable(column: pd.Series) -> np.ndarray:
    """Return values that are equal where the column's are: 1 and 1.0 are, and so is what is missing."""
    if is_number(column):
        return column.to_numpy(dtype=float, na_value=np.nan) + 0.0  # no negative zero
    known = column.astype(object).where(column.notna(), None)
    return np.array([None if value is None else str(value) for value in known], dtype=object)


def _counts(train: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Return for each test word how often it stands among the training words."""
    ordered = np.sort(train)
    return np.searchsorted(ordered, test, side="right") - np.searchsorted(ordered, test, side="left")
