"""A table in the HTML of a saved output, such as pandas writes for a frame, read as CSV and nothing else."""

import csv
import io
from html.parser import HTMLParser

_MOST_ROWS, _MOST_COLUMNS, _LONGEST = 5_000, 500, 2_000


def first_table(html: str) -> str:
    """Return the first table of the text as CSV; empty where it holds none with a header and a row."""
    if "<table" not in html.lower():
        return ""
    reader = _Reader()
    reader.feed(html)
    head, body = reader.head, reader.body
    if not head and body:
        head, body = body[:1], body[1:]
    width = max((len(row) for row in (*head, *body)), default=0)
    if not body or not head or width > _MOST_COLUMNS:
        return ""
    wide = [row + [""] * (width - len(row)) for row in head]
    header = [" ".join(filter(None, column)) for column in zip(*wide, strict=True)]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(row + [""] * (width - len(row)) for row in body)
    return stream.getvalue()


class _Reader(HTMLParser):
    """Collects the texts of cells; a header's rows are those in `thead`."""

    def __init__(self) -> None:
        super().__init__()
        self.head: list[list[str]] = []
        self.body: list[list[str]] = []
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._is_head = False
        self._is_over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a row or a cell; a cell that spans several columns stands for all of them."""
        if self._is_over:
            return
        if tag == "thead":
            self._is_head = True
        elif tag == "tr":
            self._row = []
        elif tag in ("td", "th") and self._row is not None:
            self._end_cell()
            span = next((value for name, value in attrs if name == "colspan"), None) or "1"
            self._row += [""] * (min(int(span), _MOST_COLUMNS) - 1 if span.isdecimal() and int(span) else 0)
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        """End a row or a cell; behind the first table nothing is read."""
        if self._is_over:
            return
        if tag == "thead":
            self._is_head = False
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag == "tr" and self._row is not None:
            self._end_cell()
            rows = self.head if self._is_head else self.body
            if self._row and len(rows) < _MOST_ROWS:
                rows.append(self._row)
            self._row = None
        elif tag == "table":
            self._is_over = True

    def handle_data(self, data: str) -> None:
        """Take the text of a cell."""
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None and self._row is not None:
            self._row.append(" ".join("".join(self._cell).split())[:_LONGEST])
        self._cell = None
