"""One fitted model against its baseline on the same test rows, and what may be said of the two."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from portfolio.evaluation.figures import Dot, dot_plot
from portfolio.evaluation.holdout import N_RESAMPLES, Holdout, holdout
from portfolio.evaluation.intervals import bootstrap
from portfolio.evaluation.predicted import Predicted
from portfolio.evaluation.scoring import Metric
from portfolio.evaluation.wording import between, ends, interval_of, number
from portfolio.log import log_figure, log_metric, log_table

_FOR_POWER = (1.96 + 0.84) / 1.96  # from half a 95 % interval to 80 % power, Cohen (1988), section 2.4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeldOut:
    """What a model and its baseline scored on the test rows.

    `scores` are the model's. `baseline`, `baseline_interval` and `gain` (value, low, high) have scikit-learn's sign, so
    that higher is better; a baseline that is a number has no interval, nor has one that scores the same whichever rows
    are drawn. The ends of the gain are not numbers where nobody can tell them. `whole` is the number of groups that
    were drawn as wholes, 0 where rows were drawn.
    """

    scores: Holdout
    metric: Metric
    baseline: float
    baseline_interval: tuple[float, float] | None
    gain: tuple[float, float, float]
    names: tuple[str, str]
    is_number: bool
    whole: int = 0

    @property
    def n(self) -> int:
        """The number of test rows."""
        return int(self.scores.table["n"].iloc[0])

    @property
    def shown(self) -> tuple[float, float, float]:
        """The score and its interval as people expect them, an error positive."""
        row: Any = self.scores.table.loc[self.metric.name]
        return between(row["value"], row["low"], row["high"], metric=self.metric)

    @property
    def verdict(self) -> str:
        """What may be said, with the numbers."""
        model, against = self.names
        value, low, high = self.shown
        gain, least, most = self.gain
        told = (
            f"Held out, {model} reaches {self.metric.label} {number(value)} ({ends(low, high)}) on "
            f"{self.n} rows{self._drawn}, {against} {number(self.metric.shown(self.baseline))}."
        )
        if math.isnan(least) and not gain:
            return f"{told} No difference: both score the same whichever rows are drawn."
        if math.isnan(least):
            return f"{told} The difference, {number(gain)}, has no interval: how sure it is these rows cannot tell."
        by = f"{number(abs(gain))} ({number(min(abs(least), abs(most)))} to {number(max(abs(least), abs(most)))})"
        if least > 0 or most < 0:
            side = "Better" if least > 0 else "Worse"
            if low <= self.metric.shown(self.baseline) <= high:
                ahead = "ahead" if least > 0 else "behind"
                includes = "though the interval of its score includes the baseline's"
                return f"{told} Row by row it is {ahead} by {by}, {includes}."
            return f"{told} {side} by {by}."
        needed = self._to_settle(gain, least, most)
        return f"{told} No clear difference: {number(gain)} ({number(least)} to {number(most)}).{needed}"

    @property
    def _drawn(self) -> str:
        return f" of {self.whole} groups" if self.whole else ""

    def _to_settle(self, gain: float, least: float, most: float) -> str:
        """Return how many test rows would tell such a difference from none with 80 % power."""
        if not gain or most <= least or self.whole:
            return ""
        needed = self.n * (_FOR_POWER * (most - least) / 2 / abs(gain)) ** 2
        if needed > 1e9:  # noqa: PLR2004 - no answer to go by
            return ""
        step = 10 ** max(0, int(np.log10(needed)) - 1)
        return f" About {int(np.ceil(needed / step) * step):,} test rows would tell such a difference from none."

    def figure(self) -> Any:
        """Return both scores with their intervals, and the baseline as a dashed line."""
        model, against = self.names
        at = self.metric.shown(self.baseline)
        dots = [Dot(model, *self.shown)]
        if self.baseline_interval:
            dots.append(Dot(against, *between(self.baseline, *self.baseline_interval, metric=self.metric)))
        return dot_plot(dots, label=f"{self.metric.label} on {self.n} test rows", reference=at)

    def log(self, *, method: str = "") -> None:
        """Log every held-out metric under its own name, `baseline`, `gain_over_baseline`, and table and figure."""
        before = f"{method}; " if method else ""
        for name, metric in self.scores.metrics.items():
            row: Any = self.scores.table.loc[name]
            value, low, high = between(row["value"], row["low"], row["high"], metric=metric)
            log_metric(
                logged_name(metric),
                value,
                goal=metric.goal,
                baseline=self.metric.shown(self.baseline) if name == self.metric.name else None,
                interval=interval_of(low, high),
                method=f"{before}{row['method']}",
                n=self.n,
            )
        self._log_against()
        log_table("held_out", self.scores.table, caption=f"Scores of {self.names[0]} on {self.n} held-out rows.")
        scored = f"{number(self.shown[0])} ({ends(*self.shown[1:])})"
        alt = f"Held-out {self.metric.label} of {self.names[0]}, {scored}, "
        beside = f"beside {number(self.metric.shown(self.baseline))} of {self.names[1]}."
        log_figure("held_out", self.figure(), alt=f"{alt}{beside}", caption=self.verdict)

    def _log_against(self) -> None:
        """Log the baseline, and by how much the model is ahead of it."""
        interval = None
        if self.baseline_interval:
            interval = between(self.baseline, *self.baseline_interval, metric=self.metric)[1:]
        against = "given as a number" if self.is_number else f"{self.names[1]}, on the same {self.n} rows"
        at = self.metric.shown(self.baseline)
        log_metric("baseline", at, goal=self.metric.goal, interval=interval, method=against, n=self.n)
        gain, least, most = self.gain
        log_metric(
            "gain_over_baseline",
            gain,
            goal="maximize",
            interval=interval_of(least, most),
            method=f"{self._paired_by}; above zero is better" if most > least else "no interval: see the score's",
            n=self.n,
        )

    @property
    def _paired_by(self) -> str:
        if self.is_number:
            return "95 % interval of the score, less the number"
        if self.baseline_interval is None:
            return "95 % interval of the score, less the baseline's, which is the same whichever rows are drawn"
        drawn = f"bootstrap of {self.whole} whole groups" if self.whole else "bootstrap"
        return f"paired on the same rows; 95 % {drawn}, {N_RESAMPLES:,} resamples"


def logged_name(metric: Metric) -> str:
    """Return the name a metric is logged under: the scorer's, an error without its `neg_`."""
    return metric.name.removeprefix("neg_")


def held_out(  # noqa: PLR0913 - a model, its baseline, the rows, and what to say of them
    model: Any,
    against: Any,
    X_test: Any,
    y_test: np.ndarray,
    *,
    metrics: list[str],
    metric: Metric,
    names: tuple[str, str],
    groups: np.ndarray | None = None,
) -> HeldOut:
    """Score a fitted model and a fitted baseline, or a number, on the same test rows.

    The gain's interval is a percentile bootstrap of the difference, both scored on the same resampled rows, or groups.
    """
    scores = holdout(model, X_test, y_test, metrics=metrics, groups=groups)
    whole = 0 if groups is None else len(np.unique(groups))
    row: Any = scores.table.loc[metric.name]
    if isinstance(against, int | float):
        fixed = metric.shown(float(against))  # an error is given without scikit-learn's sign
        at, interval, gain = fixed, None, _less(row, fixed)
    else:
        at, interval, gain = _paired((model, against), X_test, y_test, metric=metric, row=row, groups=groups)
    is_number = isinstance(against, int | float)
    return HeldOut(
        scores=scores,
        metric=metric,
        baseline=at,
        baseline_interval=interval,
        gain=gain,
        names=names,
        is_number=is_number,
        whole=whole,
    )


def _less(row: Any, fixed: float) -> tuple[float, float, float]:
    return float(row["value"]) - fixed, float(row["low"]) - fixed, float(row["high"]) - fixed


def _paired(
    models: tuple[Any, Any], X_test: Any, y_test: np.ndarray, *, metric: Metric, row: Any, groups: np.ndarray | None
) -> tuple[float, tuple[float, float] | None, tuple[float, float, float]]:
    """Return what the baseline scores with its interval, and how far the model is ahead."""
    predicted = [Predicted(one, X_test) for one in models]
    at = predicted[1].score(metric, y_test)
    ours, theirs = (
        one.statistic(metric, y_test, value) for one, value in zip(predicted, (row["value"], at), strict=True)
    )

    def ahead(rows: np.ndarray) -> float:
        return ours(rows) - theirs(rows)

    drawn, base = (
        bootstrap(of, len(y_test), n_resamples=N_RESAMPLES, random_state=0, groups=groups) for of in (ahead, theirs)
    )
    interval = None if base.is_blind else (base.low, base.high)
    if not drawn.is_blind:
        return at, interval, (float(row["value"]) - at, drawn.low, drawn.high)
    if base.is_blind:  # such as a dummy's mean recall, which is one half on whatever rows
        return at, None, _less(row, at)
    return at, interval, (float(row["value"]) - at, math.nan, math.nan)
