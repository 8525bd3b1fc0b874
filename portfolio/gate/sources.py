"""What is committed, searched: what a page shows of it is public as soon as it is pushed."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from portfolio.errors import Problem
from portfolio.gate.gate import Gate

_LARGEST = 10 << 20
"""Bytes of a source; what is larger is data."""
HINT = "take it out, revoke it, and read it from a variable named under [run] env in spec.toml"


def search_sources(files: Iterable[tuple[str, Path]], gate: Gate) -> tuple[Problem, ...]:
    """Return a problem for each secret in `files`, given with their names; no line of them is ever quoted."""
    problems = []
    for name, path in files:
        with suppress(OSError):
            if path.lstat().st_size <= _LARGEST:
                problems += [
                    Problem(file=name, key=str(found.line), message=f"looks like a secret ({found.kind})", hint=HINT)
                    for found in gate.file(path)
                ]
    return tuple(problems)
