"""Does a chance of 80 % come true eight times in ten?"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from portfolio.evaluation.given import target
from portfolio.evaluation.intervals import wilson
from portfolio.log import log_figure, log_table

_ROWS_A_GROUP = 15
_MOST_GROUPS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Chances and what came of them.

    `table` has one row a group of about equally many test rows, by predicted chance: mean `predicted`, share
    `observed` with its 95 % Wilson interval from `low` to `high`, `n` rows. `of` is what the chance is of.
    """

    table: pd.DataFrame
    of: str

    @property
    def missed(self) -> int:
        """The number of groups whose interval does not hold what was predicted."""
        return int(
            ((self.table["predicted"] < self.table["low"]) | (self.table["predicted"] > self.table["high"])).sum()
        )

    @property
    def gap(self) -> float:
        """Mean distance of observed and predicted, groups by their rows: the expected calibration error.

        Naeini, Cooper & Hauskrecht (2015), "Obtaining well calibrated probabilities using Bayesian binning", AAAI.
        """
        apart = (self.table["observed"] - self.table["predicted"]).abs()
        return float(np.average(apart, weights=self.table["n"]))

    @property
    def caption(self) -> str:
        """In how many groups the chances do not fit, and how the surest fared."""
        groups, surest = len(self.table), self.table.iloc[-1]
        sure = (
            f"Where {self.of} is given the highest chance, {100 * surest['predicted']:.0f} % on average, it comes "
            f"true for {100 * surest['observed']:.0f} % of {int(surest['n'])} test rows "
            f"({100 * surest['low']:.0f} to {100 * surest['high']:.0f})"
        )
        if not self.missed:
            return f"{sure}. In each of {groups} groups the interval holds the predicted chance."
        return f"{sure}. In {self.missed} of {groups} groups the interval misses the predicted chance."

    def figure(self) -> Any:
        """Return predicted chance against observed share, the diagonal dashed."""
        figure = Figure(figsize=(5, 4.4), layout="constrained")
        axes = figure.subplots()
        axes.plot([0, 100], [0, 100], color="0.5", linestyle="--", linewidth=1)
        shown = 100 * self.table
        axes.vlines(shown["predicted"], shown["low"], shown["high"], color="C0", linewidth=2, alpha=0.5)
        axes.plot(shown["predicted"], shown["observed"], "o-", color="C0", linewidth=1)
        axes.set(xlim=(-3, 103), ylim=(-3, 103), xlabel=f"predicted chance of {self.of}, %", ylabel="came true, %")
        axes.set(xticks=range(0, 101, 20), yticks=range(0, 101, 20))
        return figure

    def log(self, name: str = "calibration") -> None:
        """Log table and figure under `name`."""
        log_table(name, self.table, caption=self.caption)
        alt = (
            f"Share that came true against predicted chance, {len(self.table)} groups of test rows with 95 % intervals"
        )
        log_figure(name, self.figure(), alt=f"{alt}. {self.caption}", caption=self.caption)


def calibration(model: Any, X_test: Any, y_test: Any, *, n_bins: int | None = None) -> Calibration:
    """Compare predicted chances with what came true on rows the model has not seen.

    Of two classes the chance of the second, `model.classes_[1]`, is judged; of more, the chance of the class named.
    Groups hold about equally many rows, as in `sklearn.calibration.calibration_curve(strategy="quantile")`.

    Args:
        model: a fitted classifier with `predict_proba`.
        X_test: test rows.
        y_test: their classes.
        n_bins: how many groups; None for up to 10 of at least 15 rows.

    Raises:
        TypeError: the model gives no chances.
        ValueError: an argument does not fit; the message begins with its name.
    """
    values = target(X_test, y_test, x_name="X_test", y_name="y_test")
    if not hasattr(model, "predict_proba"):
        raise TypeError(f"model: {type(model).__name__} has no predict_proba, so gives no chances")
    if n_bins is not None and n_bins < 1:
        raise ValueError(f"n_bins: wants at least 1, not {n_bins}")
    chances = np.asarray(model.predict_proba(X_test))
    if chances.shape[1] == 2:  # noqa: PLR2004 - yes or no
        chance, came, of = chances[:, 1], values == model.classes_[1], str(model.classes_[1])
    else:
        chance, of = chances.max(axis=1), "the class it names"
        came = values == model.classes_[chances.argmax(axis=1)]
    groups = n_bins or int(np.clip(len(values) // _ROWS_A_GROUP, 1, _MOST_GROUPS))
    return Calibration(table=_grouped(chance, came, groups), of=of)


def _grouped(chance: np.ndarray, came: np.ndarray, groups: int) -> pd.DataFrame:
    edges = np.percentile(chance, np.linspace(0, 100, groups + 1))
    place = np.searchsorted(edges[1:-1], chance)
    rows = []
    for group in np.unique(place):
        here = place == group
        hits, n = int(came[here].sum()), int(here.sum())
        low, high = wilson(hits, n)
        rows.append((float(chance[here].mean()), hits / n, low, high, n))
    table = pd.DataFrame(rows, columns=["predicted", "observed", "low", "high", "n"])
    return table.rename_axis("group")
