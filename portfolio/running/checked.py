"""Single values and files of an event, as hostile input: each is returned once it is known to be well-formed.

Every function raises `BadRunError` where it is not.
"""

import re
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from portfolio import cells, files
from portfolio.running.events import BadRunError

_MOST_CHARACTERS = 200_000
"""Of a text, a caption or anything else that a page shows."""
_MOST_FILE_BYTES = 100 << 20
_LARGEST = sys.float_info.max
"""Of a number; an integer can be larger, and cannot be calculated with then."""
_FILE = re.compile(r"(figures|tables|artifacts)/[^/\x00-\x1f\x7f\\]{1,200}")


def neutralise(path: Path) -> None:
    """Replace a CSV file by one of which a spreadsheet calculates nothing."""
    raw = path.read_bytes()
    try:
        neutral = cells.neutral_csv(raw)
    except cells.CellsError as error:
        raise BadRunError(f"{path.name} {error}") from error
    if neutral != raw:
        files.write_bytes(path, neutral)


def number(value: Any, name: str) -> int | float:
    """Return a finite number."""
    if type(value) not in (int, float) or not -_LARGEST <= value <= _LARGEST:
        raise BadRunError(f"metric {name}: {value!r} is not a finite number")
    found: int | float = value
    return found


def text_of(event: Mapping[str, Any], key: str, name: str) -> str | None:
    """Return the text that an event has under `key`; None where it has nothing there."""
    value = event.get(key)
    if value is not None and not isinstance(value, str):
        raise BadRunError(f"{name}: {key} is not a text")
    if value and len(value) > _MOST_CHARACTERS:
        raise BadRunError(f"{name}: {key} is longer than {_MOST_CHARACTERS:,} characters: log_artifact takes a file")
    return whole(value) if value else value


def whole(text: str) -> str:
    """Return the text with a sign for every half of a character, which no file could hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def file_of(run: Path, name: Any) -> str:
    """Return `name` once it is known to be a regular file of bearable size directly in one of the run's folders."""
    if not isinstance(name, str) or not _FILE.fullmatch(name) or name.endswith(("/.", "/..")):
        raise BadRunError(f"file name {name!r} is not allowed")
    path = run / name
    if path.parent.is_symlink():
        raise BadRunError(f"{name}: its folder is a link")
    try:
        found = path.lstat()
    except (OSError, ValueError) as error:  # half a character is in no file's name
        raise BadRunError(f"{whole(name)}: there is no such file") from error
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        raise BadRunError(f"{name}: is not a regular file of its own")
    if found.st_size > _MOST_FILE_BYTES:
        raise BadRunError(f"{name}: is larger than {_MOST_FILE_BYTES >> 20} MiB")
    return name
