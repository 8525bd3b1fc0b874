"""The headline over the commits: a small chart drawn here, and the same as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from portfolio.rendering.numbers import behind, data, rounded, rounded_together
from portfolio.rendering.words import day_in_words
from portfolio.values.entry import Version

HEIGHT = 96
_TOP, _BOTTOM = 12, 84
_LEFT, _RIGHT = 3.0, 97.0
_LEAST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One committed result on the chart, in SVG's own units: across in per cent, down in pixels."""

    x: str
    y: str
    low: str
    high: str
    has_bar: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One committed result in the table."""

    day: str
    day_words: str
    value: Markup
    interval: Markup
    commit: str
    """Its first digits; empty where the code is not published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryView:
    """What a template shows: rows with the newest first, points in the order of time."""

    alt: str
    points: tuple[Point, ...]
    lines: tuple[tuple[Point, Point], ...]
    rows: tuple[Row, ...]
    height: int


def history_view(versions: Sequence[Version], unit: str, *, code: bool) -> HistoryView | None:
    """Return the history of a headline, or None where there were not two different ones."""
    if len(versions) < _LEAST:
        return None
    points = _points(versions)
    rows = tuple(_row(version, unit, code=code) for version in reversed(versions))
    return HistoryView(
        alt=_alt(rows),
        points=points,
        lines=tuple(pairwise(points)),
        rows=rows,
        height=HEIGHT,
    )


def _points(versions: Sequence[Version]) -> tuple[Point, ...]:
    ends = [version.interval or (version.value, version.value) for version in versions]
    lowest = min(min(low, version.value) for version, (low, _) in zip(versions, ends, strict=True))
    highest = max(max(high, version.value) for version, (_, high) in zip(versions, ends, strict=True))
    span = highest / 2 - lowest / 2

    def down(value: float) -> str:
        share = (highest / 2 - value / 2) / span if span else 0.5
        return f"{_TOP + (_BOTTOM - _TOP) * share:.1f}"

    step = (_RIGHT - _LEFT) / (len(versions) - 1)
    return tuple(
        Point(
            x=f"{_LEFT + step * place:.2f}%",
            y=down(version.value),
            low=down(low),
            high=down(high),
            has_bar=version.interval is not None,
        )
        for place, (version, (low, high)) in enumerate(zip(versions, ends, strict=True))
    )


def _row(version: Version, unit: str, *, code: bool) -> Row:
    value, interval = rounded(version.value), Markup()
    if version.interval:
        value, low, high = rounded_together(version.value, *version.interval)
        interval = Markup("{} to {}").format(data(version.interval[0], low), data(version.interval[1], high))
    return Row(
        day=version.day.isoformat(),
        day_words=day_in_words(version.day),
        value=data(version.value, value) + behind(unit),
        interval=interval,
        commit=version.commit[:7] if code else "",
    )


def _alt(rows: Sequence[Row]) -> str:
    """Return what the chart shows, in words: where it began and where it is now."""
    first, last = rows[-1], rows[0]
    began = f"{first.value.striptags()} on {first.day_words}"
    return f"{len(rows)} committed results, from {began} to {last.value.striptags()} on {last.day_words}"
