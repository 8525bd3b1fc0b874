"""Dots with intervals, the one form in which scores are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Dot:
    """A named value and its interval."""

    name: str
    value: float
    low: float
    high: float


def dot_plot(dots: Sequence[Dot], *, label: str, reference: float) -> Any:
    """Return a matplotlib figure with one line a dot, the first on top, and `reference` as a dashed line."""
    figure = _figure(0.9 + 0.42 * len(dots))
    axes = figure.subplots()
    axes.axvline(reference, color="0.5", linewidth=1, linestyle="--")
    for place, dot in enumerate(dots):
        axes.plot([dot.low, dot.high], [place, place], color="C0", linewidth=2, solid_capstyle="butt")
        axes.plot([dot.value], [place], "o", color="C0", markersize=7)
    axes.set(yticks=range(len(dots)), yticklabels=[dot.name for dot in dots], xlabel=label)
    axes.set_ylim(len(dots) - 0.5, -0.5)
    return figure


def curve(dots: Sequence[Dot], train: Sequence[float], *, label: str, param: str) -> Any:
    """Return a matplotlib figure of values in order with their intervals, and the scores on the training rows."""
    figure = _figure(3.6)
    axes = figure.subplots()
    places = range(len(dots))
    axes.plot(places, train, ".:", color="0.5", label="training rows")
    axes.plot(places, [dot.value for dot in dots], color="C0", linewidth=1, alpha=0.6)
    axes.vlines(places, [dot.low for dot in dots], [dot.high for dot in dots], color="C0", linewidth=2)
    axes.plot(places, [dot.value for dot in dots], "o", color="C0", label="test rows, 95 % interval")
    axes.set(xticks=places, xticklabels=[dot.name for dot in dots], xlabel=param, ylabel=label)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False)  # above, where no interval is
    return figure


def _figure(height: float) -> Any:
    """Return an empty figure that pyplot does not know, so that a run does not capture it a second time."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - only where something is drawn

    return Figure(figsize=(5, height), layout="constrained")
