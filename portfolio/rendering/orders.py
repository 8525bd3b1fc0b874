"""What is handed to the process that renders an author's text under limits, and what comes back."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from portfolio.values import codec
from portfolio.values.record import Metric

PROCESSOR_SECONDS = 10
"""Of processor time for one write-up or one source file."""
MEMORY = 512 << 20
"""Bytes of that process."""
TOO_LARGE = 3
"""The exit code of a process that ran out of memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """A write-up to render, with all it may name."""

    text: str
    file: str
    """What messages call it, such as `projects/x/writeup.md`."""
    prefix: str
    """What ids begin with."""
    metrics: tuple[Metric, ...]
    params: Mapping[str, Any]
    figures: tuple[str, ...]
    tables: tuple[str, ...]
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlighting:
    """Source code to highlight; the file's name decides the language."""

    text: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A part of a page in cells: its `kind` is `markdown`, `rest`, `html` that a library made, or `python`."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passages:
    """All passages of one page, in their order."""

    passages: tuple[Passage, ...]
    prefix: str
    """What ids begin with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One thing to do."""

    writing: Writing | None = None
    highlighting: Highlighting | None = None
    passages: Passages | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a token of the HTML stands for: our own markup, or a figure or table by name."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Sanitised HTML with tokens in it, in the order of their meanings; or what is wrong with the text."""

    html: str = ""
    parts: tuple[str, ...] = ()
    """The HTML of each passage, where passages were asked for."""
    meanings: tuple[Meaning, ...] = ()
    problem: str = ""


class Tokens:
    """The tokens of one rendering, and what each stands for."""

    def __init__(self, text: str) -> None:
        """Take the write-up's text: no token can be guessed by it, for it would have to hold its own digest."""
        self._key = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        self.pattern = re.compile(f"pf{self._key}n[0-9]+e")
        self.meanings: list[Meaning] = []

    def add(self, meaning: Meaning) -> str:
        """Return a new token for that meaning."""
        self.meanings.append(meaning)
        return self.name(len(self.meanings) - 1)

    def name(self, number: int) -> str:
        """Return the token of that number."""
        return f"pf{self._key}n{number}e"


def line(value: Order | Answer) -> bytes:
    """Return the line in which `value` is sent."""
    return json.dumps(codec.encode(value), allow_nan=False).encode() + b"\n"
