"""The Python in a notebook's cell, beside which stand magics and commands of a shell."""

import re

from portfolio.statements import parsed

_TIMED = ("%%time", "%%timeit", "%%capture", "%%prun", "%%python", "%%python3")
"""Magics of a whole cell that leave it Python."""
_MAGIC = re.compile(r"^([ \t]*)(?:[%!?].*|[\w.]+\?{1,2}[ \t]*)$")
_ASSIGNED = re.compile(r"^([ \t]*[\w, \t]+=[ \t]*)[%!].*$")


def does_something(text: str) -> bool:
    """Whether there is anything in a cell of a notebook but comments."""
    try:
        return bool(parsed(text).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return bool(text.strip())


def as_python(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the Python of a notebook's cell, with `pass` in place of magics and shell commands, and those besides."""
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    head = lines[first].strip()
    if head.startswith("%%"):
        if head.split()[0] not in _TIMED:
            return "", (text,)
        inner, besides = as_python("\n".join(lines[first + 1 :]))
        return inner, (head, *besides)
    try:
        parsed(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        plain = [_ASSIGNED.sub(r"\1None", _MAGIC.sub(r"\1pass", line)) for line in lines]
        return "\n".join(plain), tuple(line for line, other in zip(lines, plain, strict=True) if line != other)
    return text, ()
