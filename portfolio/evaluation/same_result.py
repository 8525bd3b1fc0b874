"""Do two ways to the same result agree, and to how many digits? The rungs of a ladder from scratch."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from portfolio.evaluation.wording import number
from portfolio.log import log_figure, log_metric, log_table


@dataclass(frozen=True, slots=True, kw_only=True)
class SameResult:
    """How far apart two results are.

    `table` has one row a part (of a mapping or a frame; a plain array is the one part `values`): `largest` absolute
    difference, `relative` to the largest value there, `n` numbers compared.
    """

    table: pd.DataFrame

    @property
    def largest(self) -> float:
        """The largest absolute difference."""
        return float(self.table["largest"].max())

    @property
    def caption(self) -> str:
        """What was found, in one sentence."""
        numbers = int(self.table["n"].sum())
        if not self.largest:
            return f"All {numbers:,} numbers are exactly the same."
        part = f" in {self.table['largest'].idxmax()}" if len(self.table) > 1 else ""
        relative = float(self.table["relative"].max())
        return (
            f"Of {numbers:,} numbers the largest difference is {self.largest:.2g}{part}, {relative:.2g} of the values."
        )

    def figure(self) -> Any:
        """Return the largest difference of each part on a logarithmic axis, beside the rounding of a double."""
        rounding = float(np.finfo(float).eps)
        figure = Figure(figsize=(5, 1.2 + 0.36 * len(self.table)), layout="constrained")
        axes = figure.subplots()
        shown = np.maximum(self.table["relative"].to_numpy(), rounding / 100)
        axes.plot(shown, range(len(shown)), "o", color="C0")
        axes.axvline(rounding, color="0.5", linestyle="--", linewidth=1)
        axes.set(xscale="log", xlabel="largest difference relative to the values (dashed: rounding)")
        axes.set(yticks=range(len(shown)), yticklabels=self.table.index, ylim=(len(shown) - 0.5, -0.5))
        return figure

    def log(self, name: str, *, method: str = "largest absolute difference") -> None:
        """Log the largest difference as a metric; of more than one part, a table and a figure of the same name too."""
        log_metric(name, self.largest, goal="minimize", method=method, n=int(self.table["n"].sum()))
        if len(self.table) > 1:
            log_table(name, self.table, caption=self.caption)
            worst = self.table["relative"].idxmax()
            alt = f"Largest relative difference of {len(self.table)} parts; the largest, of {worst}, is "
            alt += f"{number(float(self.table['relative'].max()))}."
            log_figure(name, self.figure(), alt=alt, caption=self.caption)


def same_result(a: Any, b: Any) -> SameResult:
    """Measure how far two results are apart that should be the same.

    Args:
        a: numbers, an array, a frame or a mapping of these.
        b: the same, of the same shape; columns and keys are matched by name. NaN matches NaN, infinity itself.

    Raises:
        TypeError: something in it is no number, or one has names and the other none.
        ValueError: names or shapes differ, or one has NaN or infinity where the other has a number.
    """
    rows = {part: _apart(first, second, part) for part, first, second in _parts(a, b, "")}
    if not rows:
        raise ValueError("a: holds nothing to compare")
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["largest", "relative", "n"])
    return SameResult(table=table.rename_axis("part"))


def _parts(a: Any, b: Any, name: str) -> Iterator[tuple[str, Any, Any]]:
    """Yield what is compared with what, by name."""
    if not isinstance(a, Mapping | pd.DataFrame):
        if isinstance(b, Mapping | pd.DataFrame):
            raise TypeError(f"{name or 'b'}: a mapping or frame against {type(a).__name__}")
        yield name or "values", a, b
        return
    if not isinstance(b, Mapping | pd.DataFrame):
        raise TypeError(f"{name or 'b'}: wants names, like a, not {type(b).__name__}")
    if set(a) != set(b):
        lone = sorted(map(str, set(a) ^ set(b)))
        raise ValueError(f"{name or 'b'}: only one of the two has {', '.join(lone[:5])}")
    if isinstance(a, pd.DataFrame) and isinstance(b, pd.DataFrame) and not a.index.equals(b.index):
        raise ValueError(f"{name or 'b'}: its rows are not named as those of a")
    for key in a:
        yield from _parts(a[key], b[key], f"{name}.{key}" if name else str(key))


def _apart(a: Any, b: Any, part: str) -> tuple[float, float, int]:
    first, second = _numbers(a, "a", part), _numbers(b, "b", part)
    if first.shape != second.shape:
        raise ValueError(f"b: {part} has the shape {second.shape}, in a {first.shape}")
    equal = (first == second) | (np.isnan(first) & np.isnan(second))
    if not np.isfinite(first[~equal]).all() or not np.isfinite(second[~equal]).all():
        raise ValueError(f"b: {part} has NaN or infinity where the other has a number")
    largest = float(np.max(np.abs(first[~equal] - second[~equal]), initial=0.0))
    size = float(np.max(np.abs(first[np.isfinite(first)]), initial=0.0))
    return largest, largest / size if size else (0.0 if not largest else math.inf), first.size


def _numbers(values: Any, argument: str, part: str) -> np.ndarray:
    if hasattr(values, "toarray"):
        values = values.toarray()
    try:
        array = np.asarray(values)
        kind = complex if np.iscomplexobj(array) else float
        return np.atleast_1d(array.astype(kind))
    except (TypeError, ValueError) as error:
        raise TypeError(f"{argument}: {part} is no array of numbers: {error}") from error
