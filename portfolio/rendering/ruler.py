"""The headline drawn as a ruler: interval, value and baseline on one line; positions in per cent of its width."""

import math
from dataclasses import dataclass

from portfolio.rendering.numbers import Number

_MARGIN = 8.0
_MIDDLE = 50.0
_LONGEST_LABEL = 30
_LETTER = 2.4
"""Width of a letter on a phone, in per cent of the ruler."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place on the ruler and what is written there, on the side where there is room."""

    at: str
    anchor: str
    text_at: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruler:
    """What the template draws, in SVG's own units."""

    value: Mark
    baseline: Mark | None
    bar_start: str
    bar_end: str
    has_bar: bool
    alt: str


def ruler(
    value: Number, baseline: Number | None, interval: tuple[Number, Number] | None, *, baseline_name: str, alt: str
) -> Ruler | None:
    """Return the ruler, or None where there is nothing to set the value against."""
    low, high = interval or (value, value)
    points = [value, low, high, *([] if baseline is None else [baseline])]
    start, span = min(points), max(points) - min(points)
    if span <= 0 or not math.isfinite(span):
        return None

    def place(point: Number) -> float:
        return _MARGIN + (100 - 2 * _MARGIN) * (point - start) / span

    return Ruler(
        value=_mark(place(value), "this result"),
        baseline=None if baseline is None else _mark(place(baseline), baseline_name),
        bar_start=f"{place(low):.2f}%",
        bar_end=f"{place(high):.2f}%",
        has_bar=interval is not None,
        alt=alt,
    )


def _mark(at: float, label: str) -> Mark:
    """Write over the mark where a label fits there, else towards the middle, so that none leaves the drawing."""
    short = label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1].rstrip()}…"
    room = _LETTER * len(short) / 2
    if room <= at <= 100 - room:
        anchor, text_at = "middle", at
    elif at < _MIDDLE:
        anchor, text_at = "start", max(0.0, at - 1.5)
    else:
        anchor, text_at = "end", min(100.0, at + 1.5)
    return Mark(at=f"{at:.2f}%", anchor=anchor, text_at=f"{text_at:.2f}%", label=short)
