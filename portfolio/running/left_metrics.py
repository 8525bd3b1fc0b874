"""The numbers a command left in `metrics.json`, read so that what is wrong is said with its line."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from portfolio import log
from portfolio.running.outputs import METRIC_KEYS
from portfolio.words import did_you_mean


class LeftError(ValueError):
    """A file is not as it has to be; the message begins with its name and, where there is one, the line."""


def take_metrics(text: str, shown: str) -> None:
    """Log the numbers of the JSON text of the file `shown`.

    Raises:
        LeftError: it holds something else.
    """
    try:
        document = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise LeftError(f"{shown}:{error.lineno}: is not JSON: {error.msg.lower()}") from error
    except (_OddError, RecursionError) as error:
        raise LeftError(f"{shown}:{_line_of(text, str(error))}: {error}") from error
    if not isinstance(document, dict):
        raise LeftError(f"{shown}:1: is not an object of numbers by name")
    for name, key, value in _numbers(document):
        try:
            log.log_metric(name, **(_known(value) if isinstance(value, dict) else {"value": value}))
        except (ValueError, TypeError) as error:
            said = str(error).removeprefix("log_metric: ").replace(f"log_metric({name!r})", repr(name))
            raise LeftError(f"{shown}:{_line_of(text, repr(key))}: {said}") from error


def _known(value: dict[str, Any]) -> dict[str, Any]:
    """Return what is said of a metric once every key of it is known."""
    for key in value:
        if key not in METRIC_KEYS:
            hint = did_you_mean(key, METRIC_KEYS) or f"there are: {', '.join(METRIC_KEYS)}"
            raise ValueError(f"unknown key {key!r}; {hint}")
    return value


def _numbers(document: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str, Any]]:
    """Yield each metric's name, nested ones joined, the key where it stands, and its value."""
    for key, value in document.items():
        name = f"{above}_{key}" if above else key
        if isinstance(value, dict) and "value" not in value:
            yield from _numbers(value, name)
        else:
            yield name, key, value


class _OddError(ValueError):
    """Something JSON allows, or Python, that is no number by name."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _OddError(f"{name!r} stands there twice")
        found[name] = value
    return found


def _refuse(name: str) -> None:
    raise _OddError(f"{name!r} is not a finite number")


def _line_of(text: str, said: str) -> int:
    """Return the last line with the first word that `said` quotes."""
    word = re.search(r"'([^']*)'", said)
    lines = text.splitlines()
    found = [number for number, line in enumerate(lines, 1) if word and word[1] in line]
    return found[-1] if found else 1
