"""What a model's inputs are, from rows of its training data: types, ranges and categories, never the rows."""

import math
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from portfolio.demo.refused import RefusedError

MOST_CATEGORIES = 200
MOST_INPUTS = 1024
_FEWEST_PIXELS = 64
_WHITE = {1.0, 15.0, 16.0, 255.0}
_PIXEL = re.compile(r"(?:pixel|px)?_?\d+(?:[_x]\d+)?")


def described(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return one description a column: the range of numbers, the categories of everything else."""
    return [_column(str(name), column) for name, column in frame.items()]


def check_drawable(inputs: Sequence[dict[str, Any]], frame: pd.DataFrame) -> None:
    """Check that rows can be drawn from the description alone.

    Raises:
        RefusedError: a column is too wide, or neither of numbers nor of texts; or there are too many.
    """
    if len(inputs) > MOST_INPUTS:
        raise RefusedError(f"the model wants {len(inputs):,} inputs, more than {MOST_INPUTS:,}")
    if not frame.columns.is_unique:
        raise RefusedError("two columns of the example have one name")
    for column, (_, cells) in zip(inputs, frame.items(), strict=True):
        if column["type"] == "number":
            if not (math.isfinite(column["min"]) and math.isfinite(column["max"])):
                raise RefusedError(f"column {column['name']!r} holds infinite numbers")
            continue
        kinds = {type(cell).__name__ for cell in cells.dropna()}
        if kinds != {"str"}:
            found = ", ".join(sorted(kinds)) or "nothing"
            raise RefusedError(f"column {column['name']!r} holds {found}; in the page a column is of numbers or texts")
        if cells.nunique() > MOST_CATEGORIES:
            raise RefusedError(f"column {column['name']!r} has {cells.nunique():,} categories, over {MOST_CATEGORIES}")


def image(inputs: Sequence[dict[str, Any]]) -> dict[str, float] | None:
    """Return side and white of the square image whose pixels the inputs seem to be, or None.

    They seem so where at least 64 whole numbers, a square number of them, begin at 0, reach up to a usual white, and
    are named as pixels or not at all.
    """
    side = math.isqrt(len(inputs))
    if side * side != len(inputs) or len(inputs) < _FEWEST_PIXELS:
        return None
    if not all(column["type"] == "number" and column["integer"] and not column["missing"] for column in inputs):
        return None
    if not all(_PIXEL.fullmatch(column["name"]) and column["min"] >= 0 for column in inputs):
        return None
    white = max(column["max"] for column in inputs)
    return {"side": side, "white": white} if white in _WHITE else None


def _column(name: str, column: "pd.Series[Any]") -> dict[str, Any]:
    known = column.dropna()
    described = {"name": name, "missing": bool(column.isna().any())}
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_complex_dtype(column) and len(known):
        whole = known.astype(float)
        return described | {
            "type": "number",
            "min": float(known.min()),
            "max": float(known.max()),
            "typical": float(whole.median()),
            "integer": bool((whole == whole.round()).all()),
        }
    counts = known.astype(str).value_counts()
    values = sorted(counts.index)[:MOST_CATEGORIES]
    typical = min(counts.index, key=lambda each: (-counts[each], each)) if len(counts) else None
    return described | {"type": "category", "values": values, "typical": typical}
