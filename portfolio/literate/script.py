"""A script in cells, one at each `# %%` between its statements."""

import ast
import re
from dataclasses import replace

from portfolio.literate.cell import Cell
from portfolio.statements import parsed

_MARKER = re.compile(r"#[ \t]*%%(?!%)[ \t]*(\[(?:markdown|md)\])?[ \t]*(.*)")
_TITLED = re.compile(r"\s*(?:([=\-*~#^])\1{2,}\n)?[^\n]*\S[^\n]*\n([=\-*~#^])\2{2,}[ \t]*(?:\n|$)")
_TAGGED = re.compile(r"""\{?\s*["']?tags["']?\s*[=:]\s*\[([^\]]*)\]\s*\}?""")


def script_cells(content: bytes) -> tuple[Cell, ...]:
    """Return the cells of a script: one at each `# %%` between statements, and what stands above the first.

    In a script for a gallery of Sphinx, which begins with a title in reStructuredText, the comment below a marker and
    the docstring are prose; without a `# %%` that is no cell either.
    """
    try:
        tree = parsed(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    lines = content.decode("utf-8", errors="replace").removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    marks, is_rest = _marks(lines, tree), _is_for_gallery(tree)
    found: list[Cell] = []
    for first, after in zip([0, *marks], [*marks, len(lines)], strict=True):
        mark = _MARKER.fullmatch(lines[first].rstrip()) if first in marks else None
        if mark is None:
            found += _above(lines[:after], tree) if is_rest else [_code(lines[:after], 1)]
        elif is_rest and not mark[1]:
            found += _commented(lines[first + 1 : after], first + 2, mark[2])
        else:
            found += _marked(lines[first + 1 : after], first + 2, mark)
    return _numbered(found, tree) if marks else ()


def _marked(body: list[str], line: int, mark: re.Match[str]) -> list[Cell]:
    """Return what stands below a marker, its title first."""
    title, tags = _told(mark[2])
    head = [Cell(is_code=False, text=f"## {title}", tags=tags & {"remove-cell", "remove_cell"})] if title else []
    if mark[1]:
        return [*head, Cell(is_code=False, text=_prose(body), tags=tags)]
    return [*head, _code(body, line, tags)]


def _above(body: list[str], tree: ast.Module) -> list[Cell]:
    """Return the docstring of a gallery's script as prose, and the code below it."""
    end = tree.body[0].end_lineno or 0
    text = ast.get_docstring(tree) or ""
    return [Cell(is_code=False, text=text, is_rest=True), _code(body[end:], end + 1)]


def _commented(body: list[str], line: int, title: str) -> list[Cell]:
    """Return the comment below a marker of a gallery's script as prose, and the code below that."""
    end = next((place for place, text in enumerate(body) if not text.startswith("#")), len(body))
    said = [title.strip(), *(re.sub(r"^# ?", "", text) for text in body[:end])]
    prose = [Cell(is_code=False, text="\n".join(said).strip("\n"), is_rest=True)] if any(said) else []
    return [*prose, _code(body[end:], line + end)]


def _code(body: list[str], line: int, tags: frozenset[str] = frozenset()) -> Cell:
    """Return the code without empty lines around it; `line` is the number of its first."""
    while body and not body[0].strip():
        body, line = body[1:], line + 1
    return Cell(is_code=True, text="\n".join(body).rstrip(), line=line, tags=tags)


def _numbered(found: list[Cell], tree: ast.Module) -> tuple[Cell, ...]:
    """Return the cells that hold anything, with numbers for the code that does something."""
    kept, number = [], 0
    for cell in found:
        last = cell.line + cell.text.count("\n")
        runs = cell.is_code and any(cell.line <= node.lineno <= last for node in tree.body)
        number += runs
        if cell.text.strip():
            kept.append(replace(cell, number=number if runs else 0))
    return tuple(kept)


def _is_for_gallery(tree: ast.Module) -> bool:
    """Whether the docstring begins with a title in reStructuredText, as every script of Sphinx-Gallery has to."""
    return bool(_TITLED.match(ast.get_docstring(tree) or ""))


def _marks(lines: list[str], tree: ast.Module) -> list[int]:
    """Return the places of the markers that stand between statements."""
    inside = {line for node in tree.body for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)}
    found = (number for number, line in enumerate(lines) if _MARKER.fullmatch(line.rstrip()))
    return [number for number in found if number + 1 not in inside]


def _told(rest: str) -> tuple[str, frozenset[str]]:
    """Return the title and the tags behind a marker, as Jupytext writes them."""
    tagged = _TAGGED.search(rest)
    tags = frozenset(tag.strip(" \"'") for tag in tagged[1].split(",")) if tagged else frozenset()
    return _TAGGED.sub("", rest).strip(), tags - {""}


def _prose(body: list[str]) -> str:
    """Return the Markdown of a cell: its comments, or the text of the string it holds."""
    text = "\n".join(body).strip()
    for quotes in ('"""', "'''"):
        if len(text) >= 2 * len(quotes) and text.startswith(quotes) and text.endswith(quotes):
            return text[len(quotes) : -len(quotes)].strip("\n")
    return "\n".join(re.sub(r"^# ?", "", line) for line in body if line.startswith("#")).strip("\n")
