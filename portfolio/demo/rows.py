"""Rows drawn within the ranges of the training data, to try a model on where no row of the data may be shown."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

N_ROWS = 32
_SEED = 0
_TRIES = 20
_SHARE_MISSING = 0.1


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


def frame_of(rows: Sequence[Sequence[Any]], example: Any) -> Any:
    """Return the rows as the model was given its training data: a frame of the same columns and types, or an array.

    Single precision becomes double, for the page computes in double.
    """
    if not isinstance(example, pd.DataFrame):
        whole = [[np.nan if cell is None else cell for cell in row] for row in rows]
        texts = any(isinstance(cell, str) for row in whole for cell in row)
        return np.array(whole, dtype=object if texts else float)
    columns = {}
    for place, name in enumerate(example.columns):
        cells: list[Any] = [row[place] for row in rows]
        dtype = example.dtypes.iloc[place]
        if pd.api.types.is_float_dtype(dtype):
            dtype = np.dtype(float)
        if pd.api.types.is_bool_dtype(dtype):
            cells = [None if cell is None else bool(cell) for cell in cells]
        columns[name] = pd.Series([np.nan if cell is None else cell for cell in cells]).astype(dtype)
    return pd.DataFrame(columns)


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
