"""Marks for a policy that only a simulation can give, because in a simulation the days of the breaks are known."""

import numpy as np


def breaks(regime: np.ndarray) -> np.ndarray:
    """Return the first day of the second and of the third regime: the truth, which no policy is told."""
    return np.searchsorted(regime, [1, 2])


def delays(truth: np.ndarray, alarms: np.ndarray, never: int) -> list[int]:
    """Return for each break the days until the next alarm, or `never`."""
    return [int(min(alarms[alarms >= day] - day, default=never)) for day in truth]


def soon_after(truth: np.ndarray, days: np.ndarray, within: int) -> np.ndarray:
    """Tell for each of the days whether a break lies less than `within` days back."""
    return np.any((days[:, None] >= truth) & (days[:, None] < truth + within), axis=1)


def covered(errors: np.ndarray, memory: int, level: float) -> np.ndarray:
    """Tell for each day from the `memory`-th on whether an interval made of the errors before it held.

    Its half-width is the quantile of the last `memory` absolute errors that split conformal prediction would take.
    """
    size = np.abs(errors)
    past = np.lib.stride_tricks.sliding_window_view(size[:-1], memory)
    rank = int(np.ceil(level * (memory + 1))) - 1
    return size[memory:] <= np.partition(past, rank, axis=1)[:, rank]
