"""What a source of work done elsewhere holds, in the words of this tool; how each source is read is its reader's."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

MOST_POINTS = 20_000
"""Of one metric's history; of a longer one every k-th is kept, and that is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A metric with its last value, and how it came about."""

    name: str
    label: str
    """What its source calls it."""
    value: int | float
    points: tuple[tuple[int | float, int | float], ...] = ()
    """Step and value, in their order; of a metric that was logged once there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image, with a dark version and the numbers behind it where there are any."""

    name: str
    suffix: str
    content: bytes
    alt: str
    caption: str = ""
    dark: bytes | None = None
    numbers: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tabled:
    """A table, as CSV."""

    name: str
    text: str
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All that is brought along from one source."""

    origin: str
    """What it was, such as `a run of MLflow`."""
    title: str
    digest: str
    """Of all that was read."""
    started: datetime
    seconds: float = 0.0
    measured: tuple[Measured, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Tabled, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    artifacts: tuple[tuple[str, bytes], ...] = ()
    writeup: str = ""
    packages: Mapping[str, str] = field(default_factory=dict)
    python: str = ""
    left_out: tuple[str, ...] = ()
    """What is not brought along, each with the reason."""
    notes: tuple[str, ...] = ()
    """What a reader of the page should know of how it came about."""


class Names:
    """Gives well-formed names, each once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def new(self, wish: str, otherwise: str) -> str:
        """Return a name near `wish` that was not given before."""
        base = re.sub(r"[^a-z0-9]+", "_", wish.lower()).strip("_")[:80] or otherwise
        base = base if base[0].isalpha() else f"{otherwise}_{base}"
        name, number = base, 1
        while name in self._taken:
            number += 1
            name = f"{base}_{number}"
        self._taken.add(name)
        return name


def spoken(name: str) -> str:
    """Return a file's name as words."""
    return re.sub(r"[_\-./]+", " ", name).strip() or "without a name"


def without_jinja(text: str) -> str:
    """Return a text of somebody else's so that a write-up shows it and evaluates nothing in it."""
    return re.sub(r"\{(?=[{%#])", "{{ '{' }}", text)
