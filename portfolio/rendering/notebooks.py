"""A script as a notebook and a notebook as a script, for a reader to take along: either runs as it is."""

import ast
import re
from collections.abc import Sequence

from portfolio import literate
from portfolio.literate import Cell
from portfolio.statements import parsed

_INDENT = re.compile(r"[ \t]*")


def as_script(cells: Sequence[Cell]) -> str:
    """Return a notebook as a script in cells; what only a notebook understands stands there as a comment."""
    parts = [_commented(cell) if not cell.is_code else _code(cell) for cell in cells]
    needed = "from IPython.display import display\n\n" if any(map(_displays, cells)) else ""
    return needed + "\n\n".join(parts) + "\n"


def _commented(cell: Cell) -> str:
    lines = (f"# {line}".rstrip() for line in cell.text.rstrip().split("\n"))
    return "\n".join([f"# %% [markdown]{_tags(cell)}", *lines])


def _code(cell: Cell) -> str:
    head, text = f"# %%{_tags(cell)}", cell.text.rstrip()
    why = _unfit(cell)
    if why:
        return "\n".join([head, f"# {why}:", *(f"# {line}".rstrip() for line in text.split("\n"))])
    plain, magics = literate.as_python(text)
    if not magics:
        return f"{head}\n{text}"
    lines = text.split("\n")
    while len(lines) > plain.count("\n") + 1:  # the magic of a whole cell, and what is empty above it
        head = f"{head}\n# {lines.pop(0)}".rstrip("# ")
    kept = [_said(line, other) for line, other in zip(lines, plain.split("\n"), strict=True)]
    return "\n".join([head, *kept])


def _unfit(cell: Cell) -> str:
    """Return why a cell cannot stand in a script, if it cannot."""
    if "raises-exception" in cell.tags:
        return "This cell is meant to fail"
    if "skip-execution" in cell.tags:
        return "This cell is not run"
    plain, _ = literate.as_python(cell.text)
    try:
        compile(plain, "<cell>", "exec", dont_inherit=True)  # an `await` outside of functions parses
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "This cell runs in a notebook only"
    return "" if plain.strip() or not cell.text.strip() else "This cell runs in a notebook only"


def _said(line: str, plain: str) -> str:
    """Return a line of the script: that of the notebook, or what stands for a magic, with it beside."""
    if line == plain:
        return line
    indent = _INDENT.match(line)
    is_bare = plain == "pass" and indent is not None and not indent[0]
    return f"# {line}" if is_bare else f"{plain}  # {line.strip()}"


def _tags(cell: Cell) -> str:
    named = ", ".join(f'"{tag}"' for tag in sorted(cell.tags) if '"' not in tag and "]" not in tag)
    return f" tags=[{named}]" if named else ""


def _displays(cell: Cell) -> bool:
    """Whether a cell calls `display`, which a notebook has without an import."""
    if not cell.number or _unfit(cell):
        return False
    tree = parsed(literate.as_python(cell.text)[0])
    return any(isinstance(node, ast.Name) and node.id == "display" for node in ast.walk(tree))
