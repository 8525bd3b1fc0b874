"""A project's page as Markdown that GitHub, Hugo or a notebook reads; its images are files beside it."""

import re
from collections.abc import Callable

from portfolio.exporting.tree import Node

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")
_BLOCKS = frozenset(("div", "dl", "figure", "ol", "p", "pre", "table", "ul", "h1", "h2", "h3", "h4", "h5", "h6", "hr"))
_BLOCKS |= {"article", "blockquote", "details", "footer", "header", "nav", "section"}
_APART = frozenset(("pf-facts", "pf-kicker"))
"""Paragraphs whose parts stand apart by looks alone."""
_LEFT_OUT = frozenset(("svg", "script", "style"))


def markdown(tree: Node) -> str:
    """Return the page's Markdown; paragraphs stand on one line each."""
    return re.sub(r"\n{3,}", "\n\n", _blocks(tree).strip()) + "\n"


def _blocks(node: Node) -> str:
    """Return what is in an element: its blocks one below the other, and runs of text between them as paragraphs."""
    found: list[str] = []
    run: list[Node | str] = []
    for child in (*node.children, Node("hr", {"class": "end"})):
        is_block = isinstance(child, Node) and child.tag in _BLOCKS
        if not is_block:
            run.append(child)
            continue
        text = _line(run)
        found += [text] if text else []
        run = []
        if isinstance(child, Node) and "end" not in child.classes:
            found.append(_block(child))
    return "\n\n".join(part for part in found if part.strip())


def _block(node: Node) -> str:
    known: dict[str, Callable[[Node], str]] = {"pre": _pre, "table": _table, "dl": _terms, "ul": _list, "ol": _list}
    if node.tag in known:
        return known[node.tag](node)
    if re.fullmatch("h[1-6]", node.tag):
        return f"{'#' * int(node.tag[1])} {_line(node.children)}"
    if node.tag == "p" and node.classes & _APART:
        return " · ".join(text for child in node.elements() if (text := _line([child])))
    if node.tag == "p":
        return _line(node.children)
    if node.tag == "blockquote":
        return "\n".join(f"> {line}".rstrip() for line in _blocks(node).split("\n"))
    return "---" if node.tag == "hr" else _blocks(node)


def _line(children: "list[Node | str]") -> str:
    return " ".join("".join(map(_inline, children)).split())


def _inline(node: Node | str) -> str:
    if isinstance(node, str):
        return _plain(node)
    if node.tag in _LEFT_OUT or "pf-sr" in node.classes:
        return ""
    inner = "".join(map(_inline, node.children))
    text = inner.strip()
    if node.tag == "img":
        words = " ".join(node.attributes.get("alt", "").split())
        return f"![{_plain(words)}](<{node.attributes.get('src', '').partition('#')[0]}>)"
    if node.tag == "a" and text and node.attributes.get("href", "#")[:1] != "#":
        return f"[{inner}](<{node.attributes['href']}>)"
    if node.tag in ("strong", "b") and text:
        return f"**{text}** "
    if node.tag in ("em", "i") and text:
        return f"*{text}*"
    if node.tag == "code":
        return _code(node.text())
    if "pf-term" in node.classes and text:
        return f"**{text}:** "
    if "pf-pipe__cost" in node.classes or "pf-small" in node.classes:
        return f" ({text})" if text and node.tag == "span" else inner
    return f" {inner} " if node.tag in ("br", "time", "summary") else inner


def _plain(text: str) -> str:
    """Return the text so that nothing in it is Markdown."""
    return _SPECIAL.sub(r"\\\1", text)


def _code(text: str) -> str:
    ticks = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{space}{text}{space}{ticks}"


def _pre(node: Node) -> str:
    text = _without_numbers(node).strip("\n")
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    is_code = any("pf-line" in child.classes for code in node.elements() for child in code.elements())
    return f"{fence}{'python' if is_code else ''}\n{text}\n{fence}"


def _without_numbers(node: Node | str) -> str:
    """Return the text of code, less the numbers that begin its lines."""
    if isinstance(node, str):
        return node
    kept = node.children[1:] if "pf-line" in node.classes else node.children
    return "".join(map(_without_numbers, kept))


def _table(node: Node) -> str:
    rows = [[_line(cell.children) for cell in row.elements()] for row in _rows(node)]
    if not rows:
        return ""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], f"|{' --- |' * len(rows[0])}", *lines[1:]])


def _rows(node: Node) -> list[Node]:
    found = [child for child in node.elements() if child.tag == "tr"]
    for child in node.elements():
        found += _rows(child) if child.tag in ("thead", "tbody") else []
    return found


def _terms(node: Node) -> str:
    lines = []
    for pair in node.elements():
        term = next((_line(child.children) for child in pair.elements() if child.tag == "dt"), "")
        said = next((_line(child.children) for child in pair.elements() if child.tag == "dd"), "")
        lines.append(f"- **{term}** {said}".rstrip())
    return "\n".join(lines)


def _list(node: Node) -> str:
    lines = []
    for number, item in enumerate(node.elements(), start=1):
        mark = f"{number}." if node.tag == "ol" else "-"
        inner = _blocks(item).replace("\n", "\n  ")
        links = [child for child in item.elements() if child.tag == "a"]
        is_place = len(links) == 1 and links[0].attributes.get("href", "")[:1] == "#"
        lines += [f"{mark} {inner}".rstrip()] if inner and not (is_place and "pf-links" in node.classes) else []
    return "\n".join(lines)
