"""The gate: searches texts and files for every shape and for this process's own secrets, and blots them out."""

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Self

from portfolio.gate.opened import texts
from portfolio.gate.own import Own, fingerprint, own_secrets
from portfolio.gate.search import Found, search, spans
from portfolio.gate.shapes import SHAPES

MOST_FOUND = 20
"""Findings reported of one file."""


@dataclass(frozen=True)
class Gate:
    """What is looked for; the same for everything one build publishes."""

    owned: tuple[Own, ...]

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self:
        """Return the gate of a process with these variables."""
        return cls(own_secrets(environment))

    @cached_property
    def mark(self) -> str:
        """What is looked for in short: where it is the same, what was searched needs no second look."""
        shapes = [(shape.name, shape.anchors, shape.expression) for shape in SHAPES]
        rules = sha256(json.dumps(shapes).encode()).hexdigest()[:16]
        return f"{rules}-{fingerprint(self.owned)}"

    def text(self, text: str) -> tuple[Found, ...]:
        """Return the secrets in `text`."""
        return search(_as_bytes(text), self.owned)

    def file(self, path: Path) -> tuple[Found, ...]:
        """Return the secrets in a regular file, also where it is packed; none in anything else.

        Raises:
            OSError: it cannot be read.
        """
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with os.fdopen(os.open(path, flags), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                return ()
            found = {
                Found(lines + each.line, each.kind)
                for text, lines in texts(stream)
                for each in search(text, self.owned)
            }
        return tuple(sorted(found))[:MOST_FOUND]

    def blotted(self, text: str) -> str:
        """Return `text` with a word of what it was in the place of each secret."""
        raw = _as_bytes(text)
        places = spans(raw, self.owned)
        if not places:
            return text
        for start, end, kind in reversed(places):
            raw = f"{raw[:start]}[{_as_bytes(kind)}]{raw[end:]}"
        return raw.encode("latin-1").decode("utf-8", "surrogatepass")


def _as_bytes(text: str) -> str:
    """Return the bytes of `text` one character each, as files are searched."""
    return text.encode("utf-8", "surrogatepass").decode("latin-1")
