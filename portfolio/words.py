"""Small things about words that messages share."""

import re
from collections.abc import Sequence


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """Return a hint with the nearest known word, or nothing."""
    import difflib  # noqa: PLC0415 - only where something is misspelt

    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else ""


def normal(name: str) -> str:
    """Return a distribution's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def plural(count: int, noun: str) -> str:
    """Return `count` with its noun, such as `1 project` or `3 projects`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
