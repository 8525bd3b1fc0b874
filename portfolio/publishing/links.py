"""Every link of a built site: what it leads to is there, down to the heading it names; who is asked outside, if at all.

The site was refused already if a page or file were missing when it was built (`validate`); this reads what lies there
now, with a parser and nothing quicker, and looks at anchors too.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from portfolio.walk import walk

_SOURCES = ("src", "data", "poster")
_LEADING = ("a", "area", "link")
_CANONICAL = re.compile(r'<link rel="canonical" href="([^"]*)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of a page."""

    page: str
    """The page's file, relative to the site."""
    address: str
    kind: str
    """`link`, `image` or `file`, as a message calls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A link that leads nowhere, and why."""

    link: Link
    why: str

    @property
    def message(self) -> str:
        """What is wrong, in words."""
        return f"{self.link.kind} {self.link.address!r} {self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """What the pages of a site lead to, in the order of pages and of links on them."""

    internal: tuple[Link, ...]
    external: tuple[Link, ...]
    anchors: Mapping[str, frozenset[str]]
    """The names that can be led to on each page."""
    files: frozenset[str]


def read_links(site: Path) -> Links:
    """Return every link of the pages below `site`, each once a page."""
    names = sorted(name for name, entry in walk(site) if entry.is_file(follow_symlinks=False))
    pages = {name: _read(site / name) for name in names if name.endswith(".html")}
    links = [
        Link(page=name, address=address, kind=kind) for name, page in pages.items() for address, kind in page.found
    ]
    outside = {"http", "https"}
    return Links(
        internal=tuple(link for link in links if not urlsplit(link.address).scheme and not _host(link)),
        external=tuple(link for link in links if urlsplit(link.address).scheme in outside),
        anchors={name: frozenset(page.anchors) for name, page in pages.items()},
        files=frozenset(names),
    )


def address(site: Path) -> str:
    """Return the address that a site was built for, as its home page names it; nothing where it was built for none."""
    try:
        home = (site / "index.html").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    found = _CANONICAL.search(home)
    return unescape(found[1]) if found else ""


def broken_inside(links: Links, base: str) -> Iterator[Broken]:
    """Yield the links within the site that lead nowhere.

    Args:
        links: of the whole site.
        base: the path part of the site's own address, ending in `/`.
    """
    for link in links.internal:
        parts = urlsplit(link.address)
        target = _target(link, unquote(parts.path), base, links.files)
        if target is None:
            yield Broken(link=link, why="leads to nothing")
        elif parts.fragment and link.kind == "link" and target in links.anchors:
            name = unquote(parts.fragment)
            if name not in links.anchors[target] and not name.startswith(":~:"):
                yield Broken(link=link, why=f"names a place that {target} does not have")


def _host(link: Link) -> str:
    return urlsplit(link.address).netloc


def _target(link: Link, path: str, base: str, names: frozenset[str]) -> str | None:
    """Return the file a link leads to, as a web server would find it, or None where there is none."""
    if not path:
        return link.page
    if path.startswith("/") and not path.startswith(base):
        return None
    joined = path[len(base) :] if path.startswith("/") else posixpath.join(posixpath.dirname(link.page), path)
    target = posixpath.normpath(joined or ".")
    wanted = [posixpath.normpath(f"{target}/index.html")]
    if not path.endswith("/"):
        wanted.insert(0, target)
    return next((name for name in wanted if name in names), None)


@dataclass(slots=True)
class _Page:
    found: dict[tuple[str, str], None] = field(default_factory=dict)
    anchors: set[str] = field(default_factory=set)


class _Parser(HTMLParser):
    """Collects the links of a page, and the names on it."""

    def __init__(self) -> None:
        super().__init__()
        self.page = _Page()

    def handle_starttag(self, tag: str, attrs: Iterable[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.page.anchors |= {
            given[name] for name in ("id", "name") if given.get(name) and (name == "id" or tag == "a")
        }
        if tag in _LEADING and given.get("href"):
            kind = "file" if tag == "link" or "download" in given else "link"
            self.page.found[given["href"], kind] = None
        kind = "image" if tag == "img" else "file"
        sources = [given[name] for name in _SOURCES if given.get(name)]
        sources += [part.split()[0] for part in re.split(r",\s+", given.get("srcset", "")) if part.strip()]
        for address in sources:
            self.page.found[address, kind] = None


def _read(path: Path) -> _Page:
    parser = _Parser()
    parser.feed(path.read_text(encoding="utf-8", errors="replace"))
    return parser.page
