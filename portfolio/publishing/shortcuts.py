"""Shortcuts through MkDocs and Material for the pages this tool writes; not a byte of the site depends on them.

Every page of ours is one block of HTML that Markdown sets aside and puts back, and Material's search reads it tag by
tag. Both take the long way wherever a page is not plain, an extension was added, or a library is built differently.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

from portfolio.compiled import Compiled
from portfolio.publishing import markup

_TOUCHED = re.compile(
    "[\t\r\x02\x03]|```|~~~|\n +\n"  # what Markdown rewrites or reads before it sets HTML aside
    "|&#(?!(?:[0-9]+|[xX][0-9a-fA-F]+);)"  # and the references it completes
)
_EXTENSIONS = ["toc", "tables", "fenced_code"]
"""What MkDocs adds by itself; none of them looks into a block of HTML."""


def shorten_markdown(pages: Any, toc: Any) -> None:
    """Let `Page.render` return a page that is one block of HTML as it is."""
    long_way: Callable[..., None] = pages.Page.render

    def render(page: Any, config: Any, files: Any) -> None:
        is_plain = config["markdown_extensions"] == _EXTENSIONS and not config["mdx_configs"]
        found = one_block(page.markdown or "") if is_plain else None
        if found is None:
            long_way(page, config, files)
            return
        page.content, page.present_anchor_ids = found
        page.toc = toc.get_toc([])
        page._title_from_render = None  # noqa: SLF001 - what `render` leaves where no heading is Markdown's
        page.links_to_anchors = {}

    pages.Page.render = render


def one_block(source: str) -> tuple[str, set[str]] | None:
    """Return what Markdown makes of `source` and the ids in it, or None where that takes Markdown to say."""
    block = source.strip("\n")
    if not block.startswith("<div") or not block.endswith("</div>") or _TOUCHED.search(source):
        return None
    read = markup.tokens(block)
    if read is None or not markup.is_one_element(read[1]):
        return None
    return block, set(markup.identities(read[1]))


class Element(str):
    """Material's `Element`, which equals its tag and has its hash, without a call for each comparison."""

    __slots__ = ("attrs",)
    attrs: dict[str, str | None]

    def __new__(cls, tag: str, attrs: dict[str, str | None] | None = None) -> Self:
        """Make one from its tag and attributes."""
        made = super().__new__(cls, tag)
        made.attrs = attrs or {}
        return made

    @property
    def tag(self) -> str:
        """Its name."""
        return str(self)

    def is_excluded(self) -> bool:
        """Whether the search leaves it out."""
        return "data-search-exclude" in self.attrs


def shorten_search(search: Any) -> None:
    """Let Material's parser of sections be told of the tags of a plain page without looking for them itself."""
    long_way: Callable[[Any, str], None] = search.Parser.feed

    def feed(parser: Any, html: str) -> None:
        read = markup.tokens(html)
        if read is None:
            long_way(parser, html)
        else:
            _tell(parser, *read)

    search.Parser.feed = feed
    search.Element = Element


def _tell(parser: Any, before: str, found: list[markup.Token]) -> None:
    start, end, data = parser.handle_starttag, parser.handle_endtag, parser.handle_data
    if before:
        data(unescape(before))
    for close, given, attributes, slash, text in found:
        if given:
            name = given.lower()
            if close:
                end(name)
            else:
                start(name, markup.attributes(attributes or ""))
                if slash:
                    end(name)
        if text:
            data(unescape(text))


@dataclass(frozen=True, slots=True)
class _Theme:
    """The templates of a theme, listed without the folders nobody wants: Material has eleven thousand icons."""

    folders: tuple[str, ...]

    def list_templates(self, filter_func: Callable[[str], bool]) -> list[str]:
        """Return the names the filter wants, sorted, as a Jinja environment does."""
        names: set[str] = set()
        for folder in self.folders:
            for place, inner, found in os.walk(folder):
                below = "" if place == folder else os.path.relpath(place, folder).replace(os.sep, "/") + "/"
                if not below:
                    inner[:] = [name for name in inner if filter_func(f"{name}/any")]
                names |= {below + name for name in found}
        return sorted(filter(filter_func, names))


def shorten_listing(structure: Any) -> None:
    """Let MkDocs look for a theme's files where it takes files from."""
    long_way: Callable[..., None] = structure.Files.add_files_from_theme

    def add_files_from_theme(files: Any, environment: Any, config: Any) -> None:
        loader = environment.loader
        is_plain = type(loader).__name__ == "FileSystemLoader" and not loader.followlinks
        long_way(files, _Theme(tuple(loader.searchpath)) if is_plain else environment, config)

    structure.Files.add_files_from_theme = add_files_from_theme


def remember_templates(theme: Any, folder: Path) -> None:
    """Let every environment that MkDocs makes for its theme remember compiled templates in `folder`."""
    plain: Callable[[Any], Any] = theme.Theme.get_env
    compiled = Compiled(folder, [version(name) for name in ("jinja2", "mkdocs")])

    def get_env(self: Any) -> Any:
        environment = plain(self)
        environment.bytecode_cache = compiled
        return environment

    theme.Theme.get_env = get_env
