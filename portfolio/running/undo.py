"""Change artists for a moment: whatever is changed is put back, whatever happens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

Undo = list[Callable[[], Any]]


@contextmanager
def changes() -> Iterator[Undo]:
    """Take back all changes when the block ends, the last one first."""
    undo: Undo = []
    try:
        yield undo
    finally:
        for step in reversed(undo):
            step()


def change(undo: Undo, artist: Any, name: str, new: Any) -> None:
    """Change a property; all attributes are remembered, as a setter derives several and a getter may answer another."""
    undo.append(partial(vars(artist).update, dict(vars(artist))))
    getattr(artist, f"set_{name}")(new)
