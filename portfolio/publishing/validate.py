"""Check a staged site before it goes live: links lead somewhere, nothing points or loads from elsewhere unasked."""

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from portfolio.errors import SiteError
from portfolio.publishing import markup
from portfolio.shares import shared_out
from portfolio.walk import walk

_LOADS = {
    ("img", "src"),
    ("script", "src"),
    ("iframe", "src"),
    ("source", "src"),
    ("video", "src"),
    ("audio", "src"),
    ("embed", "src"),
    ("object", "data"),
}
_LOADING_LINKS = ("stylesheet", "preload", "icon", "preconnect", "dns-prefetch", "modulepreload", "manifest")
_SHOWN = 10
_TELLING = re.compile(
    "<(?:a|area|link|" + "|".join(sorted({tag for tag, _ in _LOADS})) + r")(?=[\s/>])[^>]*>", re.IGNORECASE
)


def validate_site(staged: Path, base: str) -> None:
    """Check every page of `staged`.

    Args:
        staged: the built site.
        base: the path part of the site's own address, for links that begin with `/`.

    Raises:
        SiteError: a broken internal link, a request to another host, or a link on disk; the first ones are listed.
    """
    found = dict(walk(staged))
    complaints = [f"{name}: is a symbolic link" for name, entry in found.items() if entry.is_symlink()]
    folders = frozenset(name for name, entry in found.items() if entry.is_dir())
    site = _Site(base=base, folders=folders | {"."}, files=frozenset(found) - folders)
    pages = sorted(name for name in found if name.endswith(".html"))
    complaints += [complaint for each in shared_out(partial(_complaints, staged, site), pages) for complaint in each]
    if complaints:
        more = f"\n  and {len(complaints) - _SHOWN} more" if len(complaints) > _SHOWN else ""
        listed = "\n".join(f"  {complaint}" for complaint in complaints[:_SHOWN])
        raise SiteError(f"the built site was refused:\n{listed}{more}", hint="the last good site is kept")


class _Links(HTMLParser):
    """Collects what a page loads and where it leads."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.leads: list[str] = []

    def handle_starttag(self, tag: str, attrs: Iterable[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.loads += [given[name] for kind, name in _LOADS if kind == tag and name in given]
        self.loads += [part.split()[0] for part in given.get("srcset", "").split(",") if part.strip()]
        if tag == "link" and any(word in _LOADING_LINKS for word in given.get("rel", "").split()):
            self.loads.append(given.get("href", ""))
        elif tag in ("a", "area") and "href" in given:
            self.leads.append(given["href"])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Site:
    """What there is to lead to; names relative to the site."""

    base: str
    folders: frozenset[str]
    files: frozenset[str]
    known: dict[tuple[str, str], bool] = field(default_factory=dict)
    """Answers given before: pages share most of their links."""

    def has(self, path: str, folder: str) -> bool:
        """Whether a page in `folder` can lead to `path`."""
        if (folder, path) not in self.known:
            self.known[folder, path] = self._look_up(unquote(path), folder)
        return self.known[folder, path]

    def _look_up(self, path: str, folder: str) -> bool:
        if not path:
            return True
        if path.startswith("/") and not path.startswith(self.base):
            return False
        target = path[len(self.base) :] if path.startswith("/") else posixpath.join(folder, path)
        target = posixpath.normpath(target).lstrip("/") or "."
        if target in self.folders or path.endswith("/"):
            return posixpath.normpath(f"{target}/index.html") in self.files
        return target in self.files


def _complaints(staged: Path, site: _Site, shown: str) -> list[str]:
    """Return what is wrong with a page. A quick look finds at least all its links; only if one is bad look closely."""
    text = (staged / shown).read_text(encoding="utf-8")
    quick = _quick_links(text)
    if quick is not None and not any(_bad(quick, shown, site)):
        return []
    page = _Links()
    page.feed(text)
    return [f"{shown}: {complaint}" for complaint in _bad(page, shown, site)]


def _quick_links(text: str) -> _Links | None:
    """Return the links of all tags the text seems to have, or None where only a parser can tell.

    A tag begins behind the `>` that ended whatever came before, so no real one lies within a match that is well-formed;
    matches within comments and scripts may be too many, never too few.
    """
    found = _TELLING.findall(text)
    if "\0" in text or text.lower().count("srcset") != "".join(found).lower().count("srcset"):
        return None
    page = _Links()
    for each in dict.fromkeys(found):
        tag = markup.tag(each)
        if tag is None:
            return None
        page.handle_starttag(*tag)
    return page


def _bad(page: _Links, shown: str, site: _Site) -> Iterator[str]:
    folder = posixpath.dirname(shown)
    for address in dict.fromkeys(page.loads):
        parts = urlsplit(address)
        if parts.netloc or parts.scheme not in ("", "data"):
            yield f"loads {address} from another host"
        elif not parts.scheme and not site.has(parts.path, folder):
            yield f"loads {address}, which does not exist"
    for address in dict.fromkeys(page.leads):
        parts = urlsplit(address)
        if not parts.scheme and not parts.netloc and not site.has(parts.path, folder):
            yield f"links to {address}, which does not exist"
