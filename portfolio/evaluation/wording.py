"""What numbers say, in sentences that claim no more than their intervals allow."""

import math
from collections.abc import Sequence

import pandas as pd

from portfolio.evaluation.scoring import Metric

_THOUSAND = 1000


def number(value: float) -> str:
    """Return a number with three digits that count."""
    if abs(value) >= _THOUSAND:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 1 or value != round(value) else f"{value:.0f}"


def ends(low: float, high: float) -> str:
    """Return an interval in words; there is none where its ends are not numbers."""
    return "no interval" if math.isnan(low) or math.isnan(high) else f"{number(low)} to {number(high)}"


def interval_of(low: float, high: float) -> tuple[float, float] | None:
    """Return an interval to be logged: None where there is none, or one without width, which would look like surety."""
    return (low, high) if high > low else None


def between(value: float, low: float, high: float, *, metric: Metric) -> tuple[float, float, float]:
    """Return a score and its interval as people expect them, an error positive."""
    ends = sorted((metric.shown(low), metric.shown(high)))
    return metric.shown(value), ends[0], ends[1]


def described(table: pd.DataFrame, *, metric: Metric, what: str = "model") -> str:
    """Return what a plot of a table's means and intervals shows, for those who cannot see it."""
    rows = [(str(name), between(row["mean"], row["low"], row["high"], metric=metric)) for name, row in table.iterrows()]
    said = (f"{name} {number(value)} ({number(low)} to {number(high)})" for name, (value, low, high) in rows)
    label = f"{metric.label[:1].upper()}{metric.label[1:]}"
    return f"{label} by {what}, averaged over folds, with 95 % intervals: {'; '.join(said)}."


def first_place(table: pd.DataFrame, *, metric: Metric, what: str = "") -> str:
    """Return which row of a table has the highest mean, and its interval."""
    place = int(table["mean"].to_numpy().argmax())
    row = table.iloc[place]
    value, low, high = between(row["mean"], row["low"], row["high"], metric=metric)
    name = f"{what}{table.index[place]}"
    return f"{metric.label}: {name} comes first, {number(value)} ({number(low)} to {number(high)}) on average"


def comparison_caption(table: pd.DataFrame, verdicts: pd.DataFrame, *, metric: Metric, notes: Sequence[str]) -> str:
    """Return who scored best, what each verdict against the baseline is, and the notes."""
    said = [first_place(table, metric=metric)]
    said += _by_verdict(verdicts, str(table.index[0]))
    return " ".join(f"{sentence[:1].upper()}{sentence[1:]}." for sentence in (*said, *notes))


def _by_verdict(verdicts: pd.DataFrame, baseline: str) -> list[str]:
    meanings = {
        "better": "better than {}: {}",
        "same": "the same as {} for practical purposes: {}",
        "worse": "worse than {}: {}",
        "unclear": "unclear against {}: {}",
    }
    said = []
    for kind, meaning in meanings.items():
        named = [_with_detail(row) for row in verdicts[verdicts["verdict"] == kind].itertuples()]
        said += [meaning.format(baseline, ", ".join(named))] if named else []
    return said


def _with_detail(row: object) -> str:
    name, detail = str(getattr(row, "Index", "")), str(getattr(row, "detail", ""))
    return f"{name} ({detail})" if detail else name
