"""Statements of a script by ordinal: a place in a source that comments and layout do not move."""

import ast
from pathlib import Path
from threading import Lock

MOST_BYTES = 256 << 10
"""Of a source whose meaning is asked for: a tree takes five hundred times as much memory, and seconds a megabyte."""
_ONE_AT_A_TIME = Lock()
"""Two threads that parse at once can fail: SystemError, "AST constructor recursion depth mismatch" (python#106905)."""


def parsed(source: str | bytes) -> ast.Module:
    """Return the syntax tree of a Python source.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: it does not parse, or is too large to.
    """
    if len(source) > MOST_BYTES:
        raise ValueError("is too large to be parsed")
    with _ONE_AT_A_TIME:
        return ast.parse(source)


def parsed_file(path: Path) -> ast.Module:
    """Return the syntax tree of a Python file; one that is too large is not read.

    Raises:
        OSError: it cannot be read.
        SyntaxError, ValueError, RecursionError, MemoryError: it does not parse, or is too large to.
    """
    if path.stat().st_size > MOST_BYTES:
        raise ValueError("is too large to be parsed")
    return parsed(path.read_bytes())


def statement_lines(source: str) -> list[int]:
    """Return the first line of every statement, in the order of the source; nothing where it does not parse."""
    try:
        tree = parsed(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    found = [(node.lineno, node.col_offset) for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    return [line for line, _ in sorted(found)]


def statement_at(script: str, line: int) -> int | None:
    """Return the ordinal of the last statement that begins at or before `line` of the file `script`."""
    try:
        lines = statement_lines(Path(script).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
    before = [ordinal for ordinal, first in enumerate(lines) if first <= line]
    return before[-1] if before else None
