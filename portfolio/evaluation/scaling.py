"""Signs that the rows were scaled before they were split."""

import numpy as np
import pandas as pd

from portfolio.evaluation.tabular import is_number

_EXACT = 1e-6
_FEW_VALUES = 2
_MANY_VALUES = 20


def scaled_before_split(both: pd.DataFrame) -> tuple[int, str]:
    """Return how many numeric columns were looked at, and in words what train and test together have exactly.

    Mean 0 with standard deviation 1, or unit norm, or 0 as the smallest and 1 as the largest value, in every column
    with more than two values, does not come about by itself: a scaler saw the test rows.
    """
    columns = [both.iloc[:, place] for place in range(both.shape[1])]
    used = [column for column in columns if is_number(column) and column.nunique() > _FEW_VALUES]
    if not used:
        return 0, ""
    values = np.column_stack([column.to_numpy(dtype=float, na_value=np.nan) for column in used])
    mean, spread = np.nanmean(values, axis=0), np.nanstd(values, axis=0)
    norm = np.sqrt(np.nansum(values**2, axis=0))
    tolerance = 1e-4 if any(column.dtype == np.float32 for column in used) else _EXACT
    rows = len(values)
    of_sample = np.sqrt(rows / max(rows - 1, 1))  # the standard deviation by n - 1, as pandas has it
    unit = (np.abs(spread - 1) < tolerance) | (np.abs(spread * of_sample - 1) < tolerance)
    if np.all((np.abs(mean) < tolerance) & unit):
        return len(used), "mean 0 and standard deviation 1"
    if np.all(np.abs(norm - 1) < tolerance):
        return len(used), "unit norm"
    if _stretched(values, used):
        return len(used), "0 as smallest and 1 as largest value"
    return len(used), ""


def _stretched(values: np.ndarray, used: list[pd.Series]) -> bool:
    """Whether each column was stretched from 0 to 1; shares and grey values, that reach an end often, were not."""
    if min(column.nunique() for column in used) <= _MANY_VALUES:
        return False
    low, high = np.nanmin(values, axis=0), np.nanmax(values, axis=0)
    ends = np.all((np.abs(low) < _EXACT) & (np.abs(high - 1) < _EXACT))
    return bool(ends and np.median(np.sum(values >= 1 - _EXACT, axis=0)) <= 1)
