"""Run a script in cells: as one script, and between its cells note what each of them left."""

import __future__

import ast
import sys
from collections.abc import Iterator, Sequence
from types import CodeType
from typing import Any

from portfolio.literate import Cell
from portfolio.running.capture import FigureCapture
from portfolio.running.listing import Listing
from portfolio.running.value import forms_of, is_drawing

_FUTURES = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)


def run_cells(
    source: bytes, file: str, cells: Sequence[Cell], names: dict[str, Any], listing: Listing, capture: FigureCapture
) -> None:
    """Execute the source in `names`, statement by statement as Python would, and list what its cells show.

    An expression that ends a cell is shown, unless a semicolon ends it. Figures stay open, for what a later cell draws
    goes into them as it does without cells. Whatever the script raises is raised.
    """
    whole = ast.parse(source, file)
    future = compile(source, file, "exec", dont_inherit=True).co_flags & _FUTURES
    text = source.decode("utf-8", errors="replace").replace("\r\n", "\n").split("\n")
    for cell, body in _parted(whole, cells):
        listing.begin(cell.number)
        last = body[-1]
        shows = isinstance(last, ast.Expr) and not _is_quiet(last, text) and not _is_text(last)
        statements = body[:-1] if shows else body
        if statements:
            exec(_compiled(ast.Module(body=statements, type_ignores=[]), file, "exec", future), names)  # noqa: S102 - the author's script
        if shows and isinstance(last, ast.Expr):
            value = eval(_compiled(ast.Expression(body=last.value), file, "eval", future), names)  # noqa: S307 - the author's script
            _show(value, listing, capture)
        capture.keep_so_far()
    listing.end()


def _compiled(tree: ast.Module | ast.Expression, file: str, mode: str, flags: int) -> CodeType:
    code: CodeType = compile(tree, file, mode, flags, dont_inherit=True)
    return code


def _parted(whole: ast.Module, cells: Sequence[Cell]) -> Iterator[tuple[Cell, list[ast.stmt]]]:
    """Yield the code cells that do something with their statements."""
    own = [cell for cell in cells if cell.number]
    for place, cell in enumerate(own):
        after = own[place + 1].line if place + 1 < len(own) else sys.maxsize
        first = cell.line if place else 0
        body = [node for node in whole.body if first <= _first_line(node) < after]
        yield cell, [node for node in body if not place or not _is_text(node)] or body


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])


def _is_quiet(last: ast.Expr, text: Sequence[str]) -> bool:
    """Whether a semicolon stands behind the expression."""
    line = text[(last.end_lineno or last.lineno) - 1].encode("utf-8")[last.end_col_offset or 0 :]
    return line.decode("utf-8", errors="replace").split("#")[0].strip().startswith(";")


def _is_text(node: ast.stmt) -> bool:
    """Whether it is but a text: the docstring of the script, or prose between its cells."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _show(value: object, listing: Listing, capture: FigureCapture) -> None:
    if value is None:
        return
    if is_drawing(value):
        capture.keep_so_far()
    else:
        listing.value(forms_of(value))
