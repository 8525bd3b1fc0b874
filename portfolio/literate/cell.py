"""A cell: prose or code, as it stands in a notebook or between the markers of a script."""

from dataclasses import dataclass, field
from typing import Any


class NotebookError(ValueError):
    """A file is no notebook that can be read; the message goes behind its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell."""

    is_code: bool
    text: str
    """Code as it stands there, or prose."""
    number: int = 0
    """Of a code cell that does something; 0 of any other."""
    line: int = 1
    """The first line of its text in a script."""
    tags: frozenset[str] = frozenset()
    is_rest: bool = False
    """Whether prose is reStructuredText, as in the galleries of Sphinx, and not Markdown."""
    saved: tuple[Any, ...] = field(default=(), compare=False)
    """The outputs a notebook was saved with, as they stand there."""
