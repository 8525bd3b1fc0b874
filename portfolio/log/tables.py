"""Anything that is a table, as CSV text."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any


def csv_text(frame: Any, name: str) -> str:
    """Return the CSV text of a DataFrame, a list of mappings or a mapping of columns.

    Raises:
        TypeError: it is none of these.
    """
    if hasattr(frame, "to_frame") and not hasattr(frame, "columns"):
        frame = frame.to_frame()
    if hasattr(frame, "to_csv"):
        return str(frame.to_csv(index=not _plain_index(frame), lineterminator="\n"))
    if isinstance(frame, Mapping):
        columns = [list(values) for values in frame.values()]
        frame = [dict(zip(frame, row, strict=True)) for row in zip(*columns, strict=True)]
    if not isinstance(frame, Sequence) or isinstance(frame, str) or not all(isinstance(row, Mapping) for row in frame):
        raise TypeError(f"log_table({name!r}): wants a DataFrame, a list of mappings or a mapping of columns")
    header = list(dict.fromkeys(key for row in frame for key in row))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(frame)
    return stream.getvalue()


def _plain_index(frame: Any) -> bool:
    index = getattr(frame, "index", None)
    return type(index).__name__ == "RangeIndex" and getattr(index, "name", None) is None
