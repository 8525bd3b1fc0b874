"""The numbers behind a figure, read from its artists: lines, points, bars and images, as one table in long form."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

MOST_ROWS = 20_000
"""Of more numbers than that a figure is a picture, and whoever wants them has the script."""
_HEADER = ("panel", "kind", "series", "x", "y", "value")
_NAMED = ("FixedFormatter", "StrCategoryFormatter")
"""Formatters by which a place on an axis has a name."""
_FAULTS = (AttributeError, TypeError, ValueError, LookupError, ArithmeticError)

Row = tuple[str, str, str, Any, Any, Any]
_Named = tuple[dict[float, str], dict[float, str]]
"""Names of places on both axes."""


def save_plotted(figure: Any, path: Path) -> bool:
    """Write the numbers behind `figure` as CSV to `path`; return whether there were any, and not too many.

    Numbers have six digits, as the drawing itself; what an artist of somebody else's cannot tell is left out.
    """
    rows: list[Row] = []
    shown = [axes for axes in figure.axes if axes.get_label() != "<colorbar>"]
    for number, axes in enumerate(shown, start=1):
        panel = str(axes.get_title() or axes.get_title(loc="left") or (number if len(shown) > 1 else ""))
        try:
            for row in _rows(axes, panel):
                rows.append(row)
                if len(rows) > MOST_ROWS:
                    return False
        except _FAULTS:
            continue
    if not rows:
        return False
    header = [*_HEADER[:3], _axis(shown, "x"), _axis(shown, "y"), _HEADER[5]]
    used = [place for place in range(len(_HEADER)) if any(row[place] not in ("", None) for row in rows)]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([_written(header[place]) for place in used])
    writer.writerows([_written(row[place]) for place in used] for row in rows)
    path.write_text(stream.getvalue(), encoding="utf-8")
    return True


def _axis(shown: list[Any], name: str) -> str:
    """Return what all panels call an axis, or its letter."""
    called = {str(getattr(axes, f"get_{name}label")()).strip() for axes in shown}
    return called.pop() or name if len(called) == 1 else name


def _rows(axes: Any, panel: str) -> Iterator[Row]:
    """Yield what the axes show, kind by kind; what is hidden, or drawn across whatever the axes show, is left out."""
    named = (_names(axes.xaxis), _names(axes.yaxis))
    lines = [line for line in axes.get_lines() if line.get_transform() == axes.transData and line.get_visible()]
    for line, series in _series(lines):
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=False):
            yield panel, "line", series, _at(x, named[0]), _at(y, named[1]), None
    for found, series in _series(_of_kind(axes.collections, "PathCollection")):
        yield from _points(found, panel, series, named)
    for found in _of_kind(axes.collections, "QuadMesh"):
        if found.get_array() is not None:
            yield from _cells(panel, np.atleast_2d(found.get_array()))
    for bars, series in _series(_of_kind(axes.containers, "BarContainer")):
        yield from _bars(bars, panel, series, named)
    for values in (np.asarray(image.get_array()) for image in axes.images):
        if values.ndim == 2:  # noqa: PLR2004 - one with colours of its own is a picture
            yield from _cells(panel, values)


def _points(found: Any, panel: str, series: str, named: _Named) -> Iterator[Row]:
    places, values = found.get_offsets().tolist(), found.get_array()
    given = [None] * len(places) if values is None else list(np.ravel(values))
    for (x, y), value in zip(places, given, strict=False):
        yield panel, "points", series, _at(x, named[0]), _at(y, named[1]), value


def _bars(bars: Any, panel: str, series: str, named: _Named) -> Iterator[Row]:
    for bar in bars:
        is_flat = bars.orientation == "horizontal"
        right, top = bar.get_x() + bar.get_width(), bar.get_y() + bar.get_height()
        x = right if is_flat else _at(bar.get_x() + bar.get_width() / 2, named[0])
        y = _at(bar.get_y() + bar.get_height() / 2, named[1]) if is_flat else top
        yield panel, "bar", series, x, y, None


def _cells(panel: str, values: Any) -> Iterator[Row]:
    for row, line in enumerate(values[: MOST_ROWS + 1]):
        for column, value in enumerate(line[: MOST_ROWS + 1]):
            yield panel, "cell", "", column, row, value


def _names(axis: Any) -> dict[float, str]:
    """Return the names of places on an axis, where it has any."""
    if type(axis.get_major_formatter()).__name__ not in _NAMED:
        return {}
    labels = (str(label.get_text()) for label in axis.get_ticklabels())
    return {round(float(place), 6): name for place, name in zip(axis.get_ticklocs(), labels, strict=False) if name}


def _at(place: Any, names: dict[float, str]) -> Any:
    return names.get(round(float(place), 6), place) if names and isinstance(place, int | float | np.number) else place


def _of_kind(artists: Any, kind: str) -> list[Any]:
    """Return those that are of that class and shown; a container always is."""
    return [
        found for found in artists if type(found).__name__ == kind and getattr(found, "get_visible", lambda: True)()
    ]


def _series(artists: list[Any]) -> Iterator[tuple[Any, str]]:
    """Yield the artists with their labels, or with numbers that tell several of them apart."""
    for number, artist in enumerate(artists, start=1):
        text = str(artist.get_label() or "")
        yield artist, str(number) * (len(artists) > 1) if text.startswith("_") or not text else text


def _written(value: Any) -> str:
    if value is None or value is np.ma.masked:
        return ""
    if isinstance(value, float | np.floating):
        return f"{float(value):.6g}" if np.isfinite(value) else ""
    return " ".join(str(value).split())
