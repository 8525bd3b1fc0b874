"""When to fit again: a ridge regression that can be fitted on any stretch of days, and two ways to choose the days."""

from collections.abc import Collection, Mapping

import numpy as np

FIRST = 365  # the first year is for learning; from this day on forecasts count


class Ridge:
    """Demand by weekday, weather, promotion and season, fitted on any stretch of days in the time of one.

    The sums a fit needs are kept cumulatively, so a stretch costs one subtraction and one small system of equations.
    """

    def __init__(self, history: Mapping[str, np.ndarray], penalty: float) -> None:
        day, self.demand = history["day"], history["demand"]
        season = 2 * np.pi * day / 365
        weekday = (day[:, None] % 7 == np.arange(6)).astype(float) - (day[:, None] % 7 == 6)
        others = [(history["temperature"] - 11) / 10, history["promotion"], np.sin(season), np.cos(season)]
        self.X = np.column_stack([np.ones(len(day)), weekday, *others])
        width = self.X.shape[1]
        self._squares = np.zeros((len(day) + 1, width, width))
        self._squares[1:] = np.cumsum(self.X[:, :, None] * self.X[:, None, :], axis=0)
        self._products = np.zeros((len(day) + 1, width))
        self._products[1:] = np.cumsum(self.X * self.demand[:, None], axis=0)
        self._penalty = penalty * np.diag([0] + [1] * (width - 1))  # the level goes free

    def fit(self, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        """Return the coefficients fitted on the days start ... end - 1; one row for each pair of days."""
        squares = self._squares[end] - self._squares[start] + self._penalty
        return np.linalg.solve(squares, (self._products[end] - self._products[start])[..., None])[..., 0]


def calendar(ridge: Ridge, every: int, window: int) -> tuple[np.ndarray, np.ndarray]:
    """Fit every so many days on the last `window` days; return the forecasts' errors and the days of the fits."""
    days = np.arange(FIRST, len(ridge.demand))
    fits = days[::every]
    coefficients = ridge.fit(np.maximum(fits - window, 0), fits)[(days - FIRST) // every]
    return ridge.demand[days] - np.sum(ridge.X[days] * coefficients, axis=1), fits


def on_alarm(
    ridge: Ridge, threshold: float, *, slack: float, wait: int, growth: float, told: Collection[int] | None = None
) -> tuple[np.ndarray, list[int], list[int]]:
    """Fit when the errors say so; return the errors of the forecasts, the days of the fits and those of the alarms.

    A one-sided cumulative sum (Page 1954) of absolute errors in units of the first year's mean absolute error rises
    when they exceed 1 + `slack`, and rings above `threshold`. What came before the sum last left zero is forgotten.
    The model is fitted `wait` days after that day, and again each time the days since then have grown by `growth`.
    With `told`, the sum is not used: the alarm rings on the days given.
    """
    demand, X = ridge.demand, ridge.X
    coefficients = ridge.fit(0, FIRST)
    usual = np.mean(np.abs(demand[:FIRST] - X[:FIRST] @ coefficients))
    errors, fits, alarms = np.empty(len(demand) - FIRST), [FIRST], []
    changed, planned, waiting, total, last_zero = 0, None, False, 0.0, FIRST
    for today in range(FIRST, len(demand)):
        if today == planned:
            coefficients = ridge.fit(changed, today)
            fits.append(today)
            planned = changed + int(np.ceil((today - changed) * growth))
            waiting, total, last_zero = False, 0.0, today
        errors[today - FIRST] = demand[today] - X[today] @ coefficients
        if waiting:
            continue
        total = max(0.0, total + abs(errors[today - FIRST]) / usual - 1 - slack)
        last_zero = today + 1 if total == 0 else last_zero
        if total > threshold if told is None else today in told:
            alarms.append(today)
            changed = last_zero if told is None else today
            planned, waiting, total, last_zero = max(today + 1, changed + wait), True, 0.0, today + 1
    return errors, fits, alarms
