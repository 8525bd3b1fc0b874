"""Cells of CSV files that a spreadsheet would calculate are kept as text; numbers stay numbers.

A cell that a spreadsheet might take for a formula gets an apostrophe in front, its own sign for text. One that looks as
if it had such an apostrophe gets another, so that what was written can always be told.
"""

import csv
import io
import re
from collections import Counter

SUFFIXES = (".csv", ".tsv")
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_HARMLESS = re.compile(
    r"[+-]?(?:\d[\d_.,]*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|inf|infinity|nan|[+-]{0,4}) ?%?", re.IGNORECASE
)
_LONGEST_NUMBER = 60
_SIGN = re.compile(f"[{_SIGNS}]")
_FORMULA = re.compile(rf"\s*[{_SIGNS}]")
_LIKE_ONE = re.compile(rf"[\s']*[{_SIGNS}]")
_INNER = re.compile(rf"""[,;|\t\n\r][\s'"]{{0,20}}[{_SIGNS}]""")
"""What another separator, or none but the line's end, would make a cell of its own."""
_QUOTED = re.compile(r"""[,;|\t\n\r"]|^\s|\s$""")
_SEPARATORS = ",;\t|"
_LONGEST = 1 << 30
"""Characters of a cell; the default of the standard library is less than one may log."""


class CellsError(ValueError):
    """A file that is called CSV cannot be read as such."""


def neutral(cell: str) -> str:
    """Return the cell as a file may hold it."""
    return f"'{cell}" if _LIKE_ONE.match(cell) and not _is_number(cell) else cell


def written(cell: str) -> str:
    """Return the cell as it was before `neutral`."""
    rest = cell[1:]
    return rest if cell[:1] == "'" and neutral(rest) != rest else cell


def is_neutral(raw: bytes) -> bool:
    """Whether a spreadsheet calculates nothing of the file, whichever of the usual separators it takes."""
    try:
        return not any(_FORMULA.match(cell) and not _is_number(cell) for row in _rows(_text(raw))[1] for cell in row)
    except CellsError:
        return False


def neutral_csv(raw: bytes) -> bytes:
    """Return the file with all its cells neutral; the same bytes where they are.

    Raises:
        CellsError: it cannot be read as CSV; the message goes behind the file's name.
    """
    text = _text(raw)
    if not _SIGN.search(text):
        return raw
    separator, rows = _rows(text)
    if not any(neutral(cell) != cell or _INNER.search(cell) for row in rows for cell in row):
        return raw
    lines = (separator.join(_quoted(neutral(cell)) for cell in row) for row in rows)
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    return (mark + "".join(f"{line}\n" for line in lines)).encode("utf-8", "surrogateescape")


def _is_number(cell: str) -> bool:
    text = cell.strip()
    return len(text) <= _LONGEST_NUMBER and bool(_HARMLESS.fullmatch(text))


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", errors="surrogateescape")


def _rows(text: str) -> tuple[str, list[list[str]]]:
    """Return the separator of a file and its rows."""
    body = text.removeprefix("\ufeff")
    counts = Counter(char for char in body[: body.find("\n") if "\n" in body else None] if char in _SEPARATORS)
    separator = max(_SEPARATORS, key=lambda char: counts[char])
    csv.field_size_limit(_LONGEST)
    try:
        return separator, list(csv.reader(io.StringIO(body, newline=""), delimiter=separator))
    except csv.Error as error:
        raise CellsError(f"cannot be read as CSV: {error}") from error


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell
