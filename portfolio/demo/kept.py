"""Whether a fitted model holds rows of its training data, which then may be published only where the data may."""

from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

import numpy as np

_KEEPING = ("_fit_X", "support_vectors_", "X_fit_", "X_train_")
"""Attributes in which scikit-learn's models of neighbours, kernels and Gaussian processes keep training rows."""
_BASIS = {"Nystroem": "components_", "LabelPropagation": "X_", "LabelSpreading": "X_"}
"""And those whose attributes mean something else elsewhere."""


def kept_rows(model: Any) -> int:
    """Return how many rows of the training data the model holds, in whatever of it they lie; 0 for none.

    Rows count as the part that holds them saw them, scaled or encoded as they may be.
    """
    total, waiting, seen = 0, [model], set()
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        total += _own_rows(part)
        waiting += _parts(part)
    return total


def _own_rows(part: Any) -> int:
    names = (*_KEEPING, _BASIS.get(type(part).__name__, ""))
    kept: list[Any] = [getattr(part, "__dict__", {}).get(name) for name in names]
    return sum(int(rows.shape[0]) for rows in kept if getattr(rows, "ndim", 0) > 1)


def _parts(part: Any) -> Iterator[Any]:
    """Yield what may hold estimators: fields of objects, values of mappings, elements of lists; never numbers."""
    if isinstance(part, Mapping):
        yield from part.values()
    elif isinstance(part, list | tuple) or (isinstance(part, np.ndarray) and part.dtype == object):
        yield from (each for each in np.ravel(part) if _is_whole(each)) if isinstance(part, np.ndarray) else part
    elif _is_whole(part):
        yield from part.__dict__.values()


def _is_whole(part: Any) -> bool:
    return hasattr(part, "__dict__") and not isinstance(part, type | ModuleType)
