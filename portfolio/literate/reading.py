"""The cells of a file, whichever kind it is of, and whether two readings do the same."""

import ast
from collections.abc import Sequence
from pathlib import Path

from portfolio.literate.cell import Cell, NotebookError
from portfolio.literate.notebook import notebook_cells
from portfolio.literate.python import as_python
from portfolio.literate.script import script_cells
from portfolio.statements import parsed
from portfolio.values.scripts import is_notebook


def cells(content: bytes, name: str) -> tuple[Cell, ...]:
    """Return the cells of a notebook or of a script; of a script without `# %%`, or one that does not parse, none.

    Raises:
        NotebookError: a notebook cannot be read.
    """
    return notebook_cells(content) if is_notebook(name) else script_cells(content)


def cells_of(path: Path) -> tuple[Cell, ...]:
    """Return the cells of the file at `path`; none where it cannot be read."""
    try:
        return cells(path.read_bytes(), path.name)
    except (OSError, NotebookError):
        return ()


def do_the_same(some: Sequence[Cell], others: Sequence[Cell]) -> bool:
    """Whether the code of two readings does the same cell by cell, whatever is said about it in prose and comments."""
    return [_meaning(cell) for cell in some if cell.number] == [_meaning(cell) for cell in others if cell.number]


def _meaning(cell: Cell) -> tuple[str, tuple[str, ...]]:
    plain, besides = as_python(cell.text)
    try:
        return ast.dump(parsed(plain)), besides
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return cell.text, ()
