"""Numbers and categories as JSON holds them; what is missing becomes null."""

import math
from typing import Any

import numpy as np

from portfolio.demo.refused import RefusedError

Node = dict[str, Any]
"""One step of a model as the page's script reads it; `kind` says which."""


def numbers(array: Any) -> list[float]:
    """Return a row of finite numbers.

    Raises:
        RefusedError: one is not finite.
    """
    flat = np.asarray(array, dtype=float).ravel()
    if not np.isfinite(flat).all():
        raise RefusedError("the model holds a number that is not finite")
    return [float(entry) for entry in flat]


def value(entry: Any) -> str | float | None:
    """Return a category or number: text stays text, every number is a float, a missing one is None.

    Raises:
        RefusedError: it is neither text nor a number.
    """
    if hasattr(entry, "item"):
        entry = entry.item()
    if entry is None or isinstance(entry, str):
        return entry
    if isinstance(entry, bool | int | float):
        return None if math.isnan(entry) else float(entry)
    if str(entry) == "<NA>":
        return None
    raise RefusedError(f"a value is {type(entry).__name__}; in the page a category is a text or a number")
