"""The log of a run, line by line, read as hostile input."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

MOST_EVENTS = 100_000
MOST_LOG_BYTES = 64 << 20
_LINE_BYTES = 4 << 20


class BadRunError(ValueError):
    """A run left something that is not well-formed."""


def events_of(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the events of a log, each with the number of its line.

    Raises:
        BadRunError: the log is too large, or a line of it is no JSON object.
    """
    if not path.exists():
        return
    if path.is_symlink() or not path.is_file():
        raise BadRunError("log.jsonl is not a regular file")
    if path.stat().st_size > MOST_LOG_BYTES:
        raise BadRunError(f"log.jsonl is larger than {MOST_LOG_BYTES >> 20} MiB: log less, or files by log_artifact")
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if number > MOST_EVENTS or len(line) > _LINE_BYTES:
                raise BadRunError(f"log.jsonl:{number}: too long")
            try:
                event = json.loads(line, parse_constant=_refuse)
            except (ValueError, RecursionError) as error:
                raise BadRunError(f"log.jsonl:{number}: is not JSON") from error
            if not isinstance(event, dict):
                raise BadRunError(f"log.jsonl:{number}: is not an object")
            yield number, event


def _refuse(name: str) -> None:
    raise ValueError(name)
