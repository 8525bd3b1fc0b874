"""How a regressor errs, and whether a range around its predictions holds as often as it promises."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from portfolio.evaluation.belonging import sides
from portfolio.evaluation.given import target
from portfolio.evaluation.intervals import wilson
from portfolio.evaluation.training_folds import out_of_fold
from portfolio.evaluation.wording import number
from portfolio.log import current, log_figure, log_metric, log_table

_THIRDS = ("low", "middle", "high")
_ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Residuals:
    """Errors on the test rows, outcome minus prediction, and a range of one width around every prediction.

    `table` is indexed by `prediction` (all, and its low, middle and high third) with the mean error `bias`, the mean
    absolute `error`, the `coverage` of the range with its 95 % Wilson interval from `low` to `high`, and `n` rows.
    """

    table: pd.DataFrame
    errors: np.ndarray
    predicted: np.ndarray
    half_width: float
    promised: float
    folds: str

    @property
    def method(self) -> str:
        """How the range was made."""
        return (
            f"share of {len(self.errors)} test rows within prediction ± {number(self.half_width)}, a width that held "
            f"{100 * self.promised:.0f} % of the errors on {self.folds} (split conformal, Lei et al. 2018, pooled "
            "over folds); 95 % Wilson interval"
        )

    @property
    def caption(self) -> str:
        """Whether the promise was kept, on all rows and in the third where it was kept least."""
        whole: Any = self.table.loc[_ALL]
        low, high = whole["low"], whole["high"]
        kept = (
            "as promised within chance"
            if low <= self.promised <= high
            else ("less than promised" if high < self.promised else "more than promised")
        )
        thirds = self.table.drop(index=_ALL)
        worst = str(thirds["coverage"].idxmin())
        least: Any = thirds.loc[worst]
        return (
            f"A range of ± {number(self.half_width)}, meant to hold {100 * self.promised:.0f} %, holds "
            f"{100 * whole['coverage']:.0f} % of the test rows ({100 * low:.0f} to {100 * high:.0f}), {kept}; least "
            f"where the prediction is {worst}, {100 * least['coverage']:.0f} % "
            f"({100 * least['low']:.0f} to {100 * least['high']:.0f})."
        )

    def figure(self) -> Any:
        """Return the errors against the predictions, with the range as a band."""
        figure = Figure(figsize=(5, 3.8), layout="constrained")
        axes = figure.subplots()
        axes.axhspan(-self.half_width, self.half_width, color="C0", alpha=0.15, linewidth=0)
        axes.axhline(0, color="0.5", linewidth=1)
        outside = np.abs(self.errors) > self.half_width
        for which, colour in ((~outside, "C0"), (outside, "C1")):
            axes.scatter(self.predicted[which], self.errors[which], 16, color=colour, linewidths=0, alpha=0.8)
        axes.set(xlabel="prediction", ylabel="outcome minus prediction")
        return figure

    def log(self, name: str = "residuals") -> None:
        """Log table and figure under `name`, and the metrics `coverage` and `interval_width`."""
        whole: Any = self.table.loc[_ALL]
        interval = (100 * float(whole["low"]), 100 * float(whole["high"]))
        log_metric(
            "coverage",
            100 * float(whole["coverage"]),
            baseline=100 * self.promised,
            interval=interval,
            unit="%",
            method=self.method,
            n=len(self.errors),
        )
        log_metric("interval_width", 2 * self.half_width, goal="minimize", method="whole width of the range")
        log_table(name, self.table, caption=self.caption)
        alt = f"Outcome minus prediction against prediction for {len(self.errors)} test rows, with a band of one width"
        log_figure(name, self.figure(), alt=f"{alt}. {self.caption}", caption=self.caption)


def residuals(  # noqa: PLR0913 - a model, the four arrays of a split, and what ties rows together
    model: Any,
    X_train: Any,
    y_train: Any,
    X_test: Any,
    y_test: Any,
    *,
    coverage: float = 0.9,
    groups: Any = None,
    time: Any = None,
    random_state: int | None = None,
) -> Residuals:
    """Look at a regressor's errors on the test rows, and at a range that should hold a promised share of outcomes.

    Half the width of the range is the ⌈(n + 1) · coverage⌉-th smallest absolute error on held-out training rows: split
    conformal prediction (Lei, G'Sell, Rinaldo, Tibshirani & Wasserman 2018, "Distribution-free predictive inference for
    regression", JASA 113), with the errors of 5 folds pooled, as in cross-conformal prediction (Vovk 2015). The pooling
    makes the guarantee approximate, which is why the coverage is counted on the test rows.

    Args:
        model: a regressor fitted on the training rows.
        X_train: training rows.
        y_train: their outcomes.
        X_test: test rows.
        y_test: their outcomes.
        coverage: the share of outcomes the range should hold.
        groups: the group of each row, given as `leakage_checks` takes it; whole groups are then held out of a fold.
        time: when each row was observed, given likewise; folds then test what comes after their training rows.
        random_state: decides the folds; None for the seed of the run.

    Raises:
        ValueError: an argument does not fit; the message begins with its name.
    """
    if not 0 < coverage < 1:
        raise ValueError(f"coverage: wants a share between 0 and 1, not {coverage}")
    known = target(X_train, y_train, x_name="X_train", y_name="y_train").astype(float)
    new = target(X_test, y_test, x_name="X_test", y_name="y_test").astype(float)
    seed = current().seed if random_state is None else random_state
    whose, when = (sides(one, name, X_train, X_test) for one, name in ((groups, "groups"), (time, "time")))
    held_out = out_of_fold(
        *(model, X_train, known),
        method="predict",
        random_state=seed,
        groups=whose.train if whose else None,
        time=when.train if when else None,
    )
    missed = np.abs(known[held_out.rows] - held_out.predictions.ravel())
    predicted = np.asarray(model.predict(X_test), dtype=float).ravel()
    half = conformal_width(missed, coverage)
    errors = new - predicted
    third = np.minimum(3 * np.argsort(np.argsort(predicted, kind="stable"), kind="stable") // len(new), 2)
    rows = {_ALL: np.full(len(new), True)} | {name: third == place for place, name in enumerate(_THIRDS)}
    table = pd.DataFrame.from_dict(
        {name: _row(errors[here], half) for name, here in rows.items() if here.any()},
        orient="index",
        columns=["bias", "error", "coverage", "low", "high", "n"],
    )
    return Residuals(
        table=table.rename_axis("prediction"),
        errors=errors,
        predicted=predicted,
        half_width=half,
        promised=coverage,
        folds=held_out.words,
    )


def conformal_width(errors: np.ndarray, coverage: float) -> float:
    """Return the ⌈(n + 1) · coverage⌉-th smallest absolute error, the largest where there are too few."""
    rank = math.ceil(round((len(errors) + 1) * coverage, 9))
    return float(np.sort(np.abs(errors))[min(rank, len(errors)) - 1])


def _row(errors: np.ndarray, half: float) -> tuple[float, float, float, float, float, int]:
    held = int((np.abs(errors) <= half).sum())
    low, high = wilson(held, len(errors))
    return float(errors.mean()), float(np.abs(errors).mean()), held / len(errors), low, high, len(errors)
