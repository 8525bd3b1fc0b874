"""The numbers behind a figure of Plotly or Vega-Lite, read from the document that describes it, as one table."""

import base64
import binascii
import csv
import io
import struct
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

MOST_ROWS = 20_000
"""Of more numbers than that a figure is a picture, and whoever wants them has the script."""
_FLAT = ("labels", "parents", "values", "x", "y", "lat", "lon", "locations", "r", "theta", "a", "b", "c")
_MORE = ("open", "high", "low", "close", "z", "value", "text")
_CODES = {"i1": "b", "u1": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I", "i8": "q", "u8": "Q", "f4": "f", "f8": "d"}

Row = dict[str, Any]


def of_plotly(document: Mapping[str, Any]) -> str | None:
    """Return the traces of a Plotly figure as CSV: one row a point; None where there are none, or too many."""
    traces = [trace for trace in _listed(document.get("data")) if isinstance(trace, Mapping)]
    rows = (
        {"trace": _plain(trace.get("name")) or str(number), "type": _plain(trace.get("type")) or "scatter", **row}
        for number, trace in enumerate(traces, start=1)
        for row in _points(trace)
    )
    return _csv(rows)


def of_vega(spec: Mapping[str, Any]) -> str | None:
    """Return the data that stand in a Vega-Lite chart as CSV; None where there are none, or too many."""
    tables = [found for found in _inline(spec) if found]
    shared = spec.get("datasets")
    if isinstance(shared, Mapping):
        tables += [found for each in shared.values() if (found := _listed(each))]
    several = len(tables) > 1
    rows = (
        {**({"dataset": number} if several else {}), **(row if isinstance(row, Mapping) else {"data": row})}
        for number, table in enumerate(tables, start=1)
        for row in table
    )
    return _csv(rows)


def _points(trace: Mapping[str, Any]) -> Iterator[Row]:
    columns = {name: _listed(trace.get(name)) for name in (*_FLAT, *_MORE)}
    grid = columns["z"]
    if grid and any(_listed(line) for line in grid):
        yield from _cells(grid, columns["x"], columns["y"])
        return
    filled = {name: values for name, values in columns.items() if values}
    for place in range(max(map(len, filled.values()), default=0)):
        yield {name: values[place] for name, values in filled.items() if place < len(values)}


def _cells(grid: list[Any], across: list[Any], down: list[Any]) -> Iterator[Row]:
    for row, line in enumerate(grid):
        for column, value in enumerate(_listed(line)):
            x = across[column] if column < len(across) else column
            yield {"x": x, "y": down[row] if row < len(down) else row, "z": value}


def _inline(spec: Any) -> Iterator[list[Any]]:
    """Yield every list of rows that stands where a chart or a layer of one has its data."""
    waiting = [spec]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, Mapping):
            own = inner.get("data")
            if isinstance(own, Mapping):
                yield _listed(own.get("values"))
            waiting.extend(value for name, value in inner.items() if name not in ("data", "datasets"))
        elif isinstance(inner, list):
            waiting.extend(inner)


def _listed(values: Any) -> list[Any]:
    """Return an array of any kind as a list: of NumPy or pandas, or the packed bytes by which Plotly writes them."""
    if isinstance(values, Mapping):
        return _unpacked(values)
    if hasattr(values, "tolist"):
        values = values.tolist()
    return list(values) if isinstance(values, list | tuple) else []


def _unpacked(packed: Mapping[str, Any]) -> list[Any]:
    code, text = _CODES.get(str(packed.get("dtype")).lstrip("<|=")), packed.get("bdata")
    if code is None or not isinstance(text, str):
        return []
    try:
        flat = [value for (value,) in struct.iter_unpack(f"<{code}", base64.b64decode(text))]
    except (struct.error, binascii.Error, ValueError):
        return []
    shape = [int(part) for part in str(packed.get("shape") or "").split(",") if part.strip().isdecimal()]
    if len(shape) == 2 and shape[1] > 0:  # noqa: PLR2004 - rows and columns
        return [flat[start : start + shape[1]] for start in range(0, len(flat), shape[1])]
    return flat


def _csv(found: Iterable[Row]) -> str | None:
    rows = list(islice(found, MOST_ROWS + 1))
    if not rows or len(rows) > MOST_ROWS:
        return None
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(dict.fromkeys(key for row in rows for key in row)), lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _plain(value) for key, value in row.items()} for row in rows)
    return stream.getvalue()


def _plain(value: Any) -> Any:
    """Return what stands in a cell: a number or a text, nothing for what is absent."""
    if value is None or value != value:  # noqa: PLR0124 - only a NaN differs from itself
        return ""
    return value if isinstance(value, int | float) else " ".join(str(value).split())
