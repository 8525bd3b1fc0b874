"""What is in the data: a row a column, and how the target is spread. No row of the data is shown."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy import sparse

from portfolio.evaluation.tabular import are_wide, frame_of, is_classification, is_number, listed
from portfolio.evaluation.wording import number
from portfolio.log import log_figure, log_table

_MOST_CLASSES_DRAWN = 12
_NAMES_ROWS = 0.5
_COLUMNS = ["kind", "missing", "distinct", "low", "middle", "high"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataCard:
    """What a frame holds.

    `table` has one row a column: `kind` (number, category, yes or no, time, text), `missing` (share of rows),
    `distinct` values, and `low`, `middle`, `high`: extremes and median, or the commonest category as the middle. Of a
    column in which most rows differ, such as a name, no value is shown.
    """

    table: pd.DataFrame
    rows: int
    target: pd.Series | None
    target_name: str
    filled: tuple[int, float] | None = None
    """Of sparse rows with very many columns: how many, and the share of the cells that are not zero."""

    @property
    def caption(self) -> str:
        """Size, gaps and target in a sentence or two."""
        if self.filled is not None:
            columns, share = self.filled
            return f"{self.rows:,} rows, {columns:,} sparse columns; {100 * share:.2g} % of the cells are not zero."
        columns = len(self.table) - (self.target is not None)
        gaps = self.table.index[self.table["missing"] > 0]
        missing = f"values are missing in {listed(list(map(str, gaps)))}" if len(gaps) else "no value is missing"
        return (
            f"{self.rows:,} rows, {columns} columns beside the target; {missing}."
            if self.target is not None
            else (f"{self.rows:,} rows, {columns} columns; {missing}.")
        )

    @property
    def target_caption(self) -> str:
        """How the target is spread, in one sentence."""
        if self.target is None:
            return ""
        known = self.target.dropna()
        if is_classification(known):
            counts = known.value_counts()
            share = 100 * counts.iloc[0] / len(known)
            classes = f"{len(counts)} classes; the commonest, {counts.index[0]}, has {share:.0f} % of the rows"
            return f"{classes}, the rarest, {counts.index[-1]}, {100 * counts.iloc[-1] / len(known):.0f} %."
        low, middle, high = (number(float(known.quantile(share))) for share in (0, 0.5, 1))
        return f"Half of the values lie below {middle}; the lowest is {low}, the highest {high}."

    def figure(self) -> Any:
        """Return how the target is spread; without one, the share of missing values by column."""
        bars = 0 if self.target is None else self.target.nunique()
        few = self.target is not None and is_classification(self.target.dropna())
        height = 0.9 + 0.36 * min(bars, _MOST_CLASSES_DRAWN) if few else 3
        figure = Figure(figsize=(5, height), layout="constrained")
        axes = figure.subplots()
        if self.target is None:
            gaps = self.table["missing"].sort_values(ascending=False)[:_MOST_CLASSES_DRAWN]
            axes.barh([str(name) for name in gaps.index], 100 * gaps)
            axes.invert_yaxis()
            axes.set(xlabel="missing, % of rows", xlim=(0, max(1.0, 110 * gaps.max())))
        elif few:
            counts = self.target.value_counts()[:_MOST_CLASSES_DRAWN]
            axes.barh([str(name) for name in counts.index], counts)
            axes.invert_yaxis()
            axes.set(xlabel="rows", ylabel=self.target_name)
        else:
            axes.hist(self.target.dropna().astype(float), bins=min(30, max(5, int(np.sqrt(self.rows)))))
            axes.set(xlabel=self.target_name, ylabel="rows")
        return figure

    def log(self, name: str = "data_card") -> None:
        """Log table and figure under `name`."""
        log_table(name, self.table, caption=self.caption)
        said = self.target_caption or self.caption
        what = f"how often each value of {self.target_name} occurs" if self.target is not None else "missing values"
        log_figure(name, self.figure(), alt=f"Bars: {what}. {said}", caption=said)


def data_card(frame: Any, *, target: Any = None) -> DataCard:
    """Describe the columns of a frame or array.

    Args:
        frame: the data, a frame or an array.
        target: the target: a column's name, or one value a row.

    Raises:
        ValueError: the target is no column, or has not one value a row.
    """
    if are_wide(frame):
        return _of_wide(frame, target)
    table = frame_of(frame, "frame")
    values, name = None, "target"
    if isinstance(target, str):
        if target not in table:
            raise ValueError(f"target: no column {target!r} in frame; there: {listed(list(table.columns), 10)}")
        values, name = table[target], target
    elif target is not None:
        plain = pd.Series(np.asarray(target).ravel())
        if len(plain) != len(table):
            raise ValueError(f"target: has {len(plain)} values, frame has {len(table)} rows")
        values = plain.set_axis(table.index)
        name = str(getattr(target, "name", None) or "target")
        table = table.assign(**{name: values})
    described = [_described(table.iloc[:, place]) for place in range(table.shape[1])]
    index = pd.Index(list(table.columns), name="column")
    card = pd.DataFrame(described, index=index, columns=_COLUMNS)
    return DataCard(table=card, rows=len(table), target=values, target_name=name)


def _of_wide(rows: Any, target: Any) -> DataCard:
    """Describe sparse rows of very many columns as a whole, for a line a column would be read by nobody."""
    if isinstance(target, str):
        raise ValueError(f"target: no column {target!r} in frame, whose columns have no names")  # noqa: TRY004
    stored = np.sort(sparse.csr_matrix(rows).data)
    stored = stored[stored != 0]
    cells = rows.shape[0] * rows.shape[1]
    below, zeros = int((stored < 0).sum()), cells - len(stored)

    def ordered(place: int) -> float:
        """Return the cell at that place in the order of all."""
        if below <= place < below + zeros:
            return 0.0
        return float(stored[place if place < below else place - zeros])

    distinct = len(np.unique(stored)) + bool(zeros)
    ends = (ordered(0), ordered(cells // 2), ordered(cells - 1))
    lines: dict[str, tuple[Any, ...]] = {f"{rows.shape[1]:,} sparse columns": ("number", 0.0, distinct, *ends)}
    values, name = None, "target"
    if target is not None:
        values, name = pd.Series(np.asarray(target).ravel()), str(getattr(target, "name", None) or "target")
        if len(values) != rows.shape[0]:
            raise ValueError(f"target: has {len(values)} values, frame has {rows.shape[0]} rows")
        lines[name] = _described(values)
    table = pd.DataFrame.from_dict(lines, orient="index", columns=_COLUMNS).rename_axis("column")
    filled = (int(rows.shape[1]), len(stored) / cells)
    return DataCard(table=table, rows=int(rows.shape[0]), target=values, target_name=name, filled=filled)


def _described(column: pd.Series) -> tuple[Any, ...]:
    known = column.dropna()
    distinct = int(known.astype(str).nunique() if known.dtype == object else known.nunique())
    missing = float(column.isna().mean())
    if known.empty:
        return "empty", missing, 0, "", "", ""
    if is_number(column):
        return "number", missing, distinct, *(float(known.astype(float).quantile(share)) for share in (0, 0.5, 1))
    if pd.api.types.is_datetime64_any_dtype(column):
        ordered = known.sort_values()
        first, middle, last = (str(ordered.iloc[place].date()) for place in (0, len(ordered) // 2, -1))
        return "time", missing, distinct, first, middle, last
    kind = "yes or no" if pd.api.types.is_bool_dtype(column) else "category"
    if distinct > _NAMES_ROWS * len(known):
        return "text", missing, distinct, "", "", ""
    return kind, missing, distinct, "", str(known.astype(str).mode().iloc[0]), ""
