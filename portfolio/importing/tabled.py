"""Numbers, rows and nested values of a source, made plain."""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from typing import Any

from portfolio.log.tables import csv_text


def rows_as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as CSV, with the columns of all."""
    return csv_text(list(rows), "rows")


def flat(document: Any, between: str, above: str = "") -> dict[str, Any]:
    """Return the values of nested mappings by their joined names."""
    if not isinstance(document, Mapping):
        return {above: document} if above else {}
    found: dict[str, Any] = {}
    for name, inner in document.items():
        found |= flat(inner, between, f"{above}{between}{name}" if above else str(name))
    return found


def number(text: Any) -> int | float | None:
    """Return a finite number, also one that is written as text; None for anything else."""
    if isinstance(text, str):
        try:
            text = int(text) if text.strip().lstrip("+-").isdecimal() else float(text)
        except ValueError:
            return None
    is_number = isinstance(text, int | float) and not isinstance(text, bool)
    return text if is_number and abs(text) < math.inf else None


def plain(text: str) -> int | float | str:
    """Return a param that was written as text as the number it was, where the number is written just so."""
    found = number(text)
    return found if found is not None and text == str(found) else text


def is_table(text: str) -> bool:
    """Whether a text is CSV with a header and rows of equal length."""
    try:
        lengths = {len(row) for row in csv.reader(io.StringIO(text, newline="")) if row}
    except csv.Error:
        return False
    return len(lengths) == 1 and text.strip().count("\n") > 0
