"""A rendered page as a tree, less what makes sense on the site alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

VOID = frozenset(("br", "hr", "img", "input", "wbr"))
_ON_SITE = frozenset(("pf-figure__tools", "pf-end", "pf-demo"))
"""Classes of what leads to other pages and files, or needs the site's scripts."""


@dataclass(slots=True)
class Node:
    """An element; its children are elements and texts."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)

    @property
    def classes(self) -> frozenset[str]:
        """Return the names in its `class`."""
        return frozenset(self.attributes.get("class", "").split())

    def text(self) -> str:
        """Return all text in it."""
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)

    def elements(self) -> Iterator["Node"]:
        """Yield the elements directly in it."""
        return (child for child in self.children if isinstance(child, Node))


def read_tree(html: str) -> Node:
    """Return the page's outermost element."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return next(reader.top.elements())


def pruned(node: Node, site_url: str | None, page: str) -> Node:
    """Return the tree without what belongs to the site alone; links lead to the site's address, or are words.

    Args:
        node: the tree.
        site_url: the site's address, if it has one.
        page: the address of the page below it, such as `projects/x/`.
    """
    children: list[Node | str] = []
    for child in node.children:
        if isinstance(child, str):
            children.append(child)
        elif not (child.classes & _ON_SITE or _is_dark(child) or (not site_url and _is_downloads(child))):
            children.append(pruned(child, site_url, page))
    attributes = dict(node.attributes)
    if node.tag == "a" and "href" in attributes:
        attributes = _led(attributes, site_url, page)
    return Node(node.tag, attributes, children)


def local_file(source: str, folder: Path) -> Path | None:
    """Return the file below `folder` that an address of a page in it names."""
    name = unquote(urlsplit(source).path)
    path = folder / name
    return path if name and ".." not in path.parts and path.is_file() and not path.is_symlink() else None


def _is_downloads(node: Node) -> bool:
    """Whether it is the section of files that lie beside the page on its site."""
    return node.tag == "section" and node.attributes.get("aria-labelledby") == "downloads"


def _is_dark(node: Node) -> bool:
    return node.tag == "img" and node.attributes.get("src", "").endswith("#only-dark")


def _led(attributes: dict[str, str], site_url: str | None, page: str) -> dict[str, str]:
    address = attributes["href"]
    parts = urlsplit(address)
    if parts.scheme or address.startswith("#"):
        return {name: value for name, value in attributes.items() if name != "tabindex"}
    kept = {name: value for name, value in attributes.items() if name not in ("href", "download", "tabindex")}
    if site_url:
        top = site_url.rstrip("/") + "/"
        plain = address.removeprefix("../../")
        kept["href"] = top + (plain if plain != address else page + address)
    return kept


class _Reader(HTMLParser):
    """Builds the tree; the templates' own markup is well-formed."""

    def __init__(self) -> None:
        super().__init__()
        self.top = Node("")
        self._open = [self.top]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and len(self._open) > 1:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)
