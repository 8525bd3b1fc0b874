"""Tables as pages show them: read from their CSV, numbers rounded by column and the recorded ones kept."""

import csv
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

from markupsafe import Markup, escape

from portfolio.cells import written
from portfolio.rendering.escape import path_address
from portfolio.rendering.files import beneath
from portfolio.rendering.numbers import NARROW, Number, column_decimals, data, rounded
from portfolio.rendering.words import humanised, sentence
from portfolio.values.page import Asset
from portfolio.values.record import Table
from portfolio.values.untrusted import Href

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_TESTS = frozenset({"p_value", "mark", "p_worse", "p_same", "p_better"})
"""Columns that `portfolio.evaluation.spot_check` writes: readers want the verdict, and who checks finds these."""
_FOLD = re.compile(r"fold \d+")
_MOST_ROWS = 100
_MOST_COLUMNS = 100
_LONGEST = 2000
"""Characters of a cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell."""

    shown: Markup
    numeric: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """What a template shows of a table; the address is relative to the project's page."""

    name: str
    label: str
    caption: str
    file: Href
    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    first: tuple[int, ...]
    """The columns shown at once; of a comparison the tests and folds are folded, of any other table none is."""
    more: str
    """What is left out, in words; empty where nothing is."""


def table_view(table: Table, files: Path | None) -> TableView | None:
    """Return the table for a template, or None if its file cannot be read."""
    source = beneath(files, table.file) if files else None
    lines = _read(source) if source else []
    if not lines:
        return None
    width = min(len(lines[0]), _MOST_COLUMNS)
    body = [(line + [""] * width)[:width] for line in lines[1:]]
    columns = [_column([line[place] for line in body]) for place in range(width)]
    header = tuple(_header(name, column) for name, column in zip(lines[0], columns, strict=False))
    return TableView(
        name=table.name,
        label=sentence(humanised(table.name)),
        caption=table.caption,
        file=path_address(table.file),
        header=header,
        rows=tuple(zip(*columns, strict=True)),
        first=_first(lines[0][:width]),
        more=_more(max(table.rows, len(body)), max(table.columns, len(lines[0]))),
    )


def table_assets(table: Table, files: Path | None, folder: PurePosixPath) -> tuple[Asset, ...]:
    """Return the table's CSV, to be copied beside the project's page."""
    source = beneath(files, table.file) if files and table.file.endswith(".csv") else None
    return (Asset(path=folder / table.file, source=source),) if source else ()


def _first(names: Sequence[str]) -> tuple[int, ...]:
    """Return the columns of a comparison that readers want first, of any other table all."""
    if not set(names) >= _TESTS:
        return tuple(range(len(names)))
    return tuple(place for place, name in enumerate(names) if name not in _TESTS and not _FOLD.fullmatch(name))


def _read(source: Path) -> list[list[str]]:
    """Return the header and the rows a page shows, however many more there are; their cells as they were logged."""
    try:
        with source.open(encoding="utf-8", errors="replace", newline="") as stream:
            lines = list(islice(csv.reader(stream, strict=False), 1 + _MOST_ROWS))
    except csv.Error:
        return []
    return [[_cut(written(cell)) for cell in line[: _MOST_COLUMNS + 1]] for line in lines]


def _cut(cell: str) -> str:
    return cell if len(cell) <= _LONGEST else f"{cell[:_LONGEST]} …"


def _header(name: str, column: Sequence[Cell]) -> Cell:
    """Return a column's name with spaces for underscores, so that it can wrap."""
    numeric = bool(column) and all(cell.numeric or not cell.shown for cell in column)
    return Cell(shown=escape(name.replace("_", " ").strip()), numeric=numeric)


def _column(texts: Sequence[str]) -> list[Cell]:
    numbers = [_parsed(text) for text in texts]
    known = [(text, number) for text, number in zip(texts, numbers, strict=True) if number is not None]
    written = max((_decimals(text) for text, _ in known), default=0)
    has_floats = any(isinstance(number, float) for number in numbers)
    decimals = column_decimals([number for _, number in known], written) if has_floats else None
    return [_cell(text, number, decimals) for text, number in zip(texts, numbers, strict=True)]


def _cell(text: str, number: Number | None, decimals: int | None) -> Cell:
    if number is None:
        return Cell(shown=escape(text), numeric=False)
    return Cell(shown=data(number, rounded(number, decimals)), numeric=True)


def _parsed(text: str) -> Number | None:
    """Return the number a cell holds; one with a leading zero is a code, such as `007`."""
    stripped = text.strip()
    if not _NUMBER.fullmatch(stripped) or re.match(r"-?0\d", stripped) or len(stripped) > 40:  # noqa: PLR2004
        return None
    if re.fullmatch(r"-?\d+", stripped):
        return int(stripped)
    number = float(stripped)
    return number if math.isfinite(number) else None


def _decimals(text: str) -> int:
    mantissa, _, power = text.strip().lower().partition("e")
    return max(0, len(mantissa.partition(".")[2]) - int(power or 0))


def _more(rows: int, columns: int) -> str:
    parts = []
    if rows > _MOST_ROWS:
        parts.append(f"{_MOST_ROWS} of {rows:,} rows".replace(",", NARROW))
    if columns > _MOST_COLUMNS:
        parts.append(f"{_MOST_COLUMNS} of {columns} columns")
    return " and ".join(parts)
