"""Rows drawn within the ranges of the training data, to try a model on where no row of the data may be shown."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

N_ROWS = 32
_SEED = 0
_TRIES = 20
_SHARE_MISSING = 0.1
_EXACT = 2**53


def drawn_rows(inputs: Sequence[dict[str, Any]], example: pd.DataFrame, n_rows: int = N_ROWS) -> list[list[Any]]:
    """Return rows of plain values, each column drawn evenly and on its own within what the inputs say.

    A row that happens to equal one of the example is drawn again; only where the columns are so few and coarse that
    nothing else is left, rows may coincide. None stands for a missing value, in columns that had some.
    """
    rng = np.random.default_rng(_SEED)
    known = {tuple(_comparable(cell) for cell in row) for row in example.itertuples(index=False)}
    fresh: list[list[Any]] = []
    seen: list[list[Any]] = []
    while len(fresh) < n_rows and len(seen) < n_rows * _TRIES:
        row = [_draw(column, rng) for column in inputs]
        seen.append(row)
        if tuple(_comparable(cell) for cell in row) not in known:
            fresh.append(row)
    return fresh if len(fresh) == n_rows else (fresh + seen)[:n_rows]


def given_as(example: Any) -> dict[str, Any]:
    """Return how the model was given its training data: as a frame, with the types of its columns, or as an array."""
    if not isinstance(example, pd.DataFrame):
        return {"frame": False, "dtypes": None, "named": False}
    named = all(isinstance(name, str) for name in example.columns)
    return {"frame": True, "dtypes": [str(dtype) for dtype in example.dtypes], "named": named}


def frame_of(rows: Sequence[Sequence[Any]], inputs: Sequence[dict[str, Any]], given: Mapping[str, Any]) -> Any:
    """Return the rows as the model was given its training data: a frame of the same columns and types, or an array.

    Single precision becomes double, for the page computes in double; and whole numbers, where one is none.

    Args:
        rows: of plain values, None for a missing one.
        inputs: what the columns are, as `schema.described` says.
        given: from `given_as`.
    """
    if not given["frame"]:
        whole = [[np.nan if cell is None else cell for cell in row] for row in rows]
        texts = any(column["type"] == "category" for column in inputs)
        return np.array(whole, dtype=object if texts else float)
    columns = [
        _column([row[place] for row in rows], column, given["dtypes"][place]) for place, column in enumerate(inputs)
    ]
    frame = pd.concat(columns, axis=1)
    frame.columns = pd.Index([column["name"] for column in inputs] if given["named"] else range(len(inputs)))
    return frame


def _column(cells: list[Any], column: Mapping[str, Any], dtype: str) -> "pd.Series[Any]":
    if dtype == "category":
        return pd.Series(pd.Categorical(cells, categories=column["values"]))
    if column["type"] == "category":
        return pd.Series([np.nan if cell is None else cell for cell in cells], dtype=dtype)
    numbers = np.array([np.nan if cell is None else cell for cell in cells], dtype=float)
    whole = dtype.startswith(("int", "uint", "bool")) and np.isfinite(numbers).all()
    if whole and (numbers == np.round(numbers)).all() and (abs(numbers) <= _EXACT).all():
        return pd.Series(numbers).astype("int64" if dtype != "bool" or numbers.max(initial=0) > 1 else "bool")
    return pd.Series(numbers)


def _draw(column: dict[str, Any], rng: np.random.Generator) -> Any:
    if column["missing"] and rng.random() < _SHARE_MISSING:
        return None
    if column["type"] == "category":
        return column["values"][int(rng.integers(len(column["values"])))]
    low, high = column["min"], column["max"]
    if column["integer"]:
        return float(rng.integers(int(low), int(high), endpoint=True))
    return min(max(float(f"{rng.uniform(low, high):.4g}"), low), high)


def _comparable(cell: Any) -> Any:
    if isinstance(cell, str):
        return cell
    return None if pd.isna(cell) else float(cell)
