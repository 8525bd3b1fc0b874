"""Check a staged site before it goes live: links lead somewhere, nothing points or loads from elsewhere unasked."""

import posixpath
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from portfolio.errors import SiteError

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


def validate_site(staged: Path, base: str) -> None:
    """Check every page of `staged`.

    Args:
        staged: the built site.
        base: the path part of the site's own address, for links that begin with `/`.

    Raises:
        SiteError: a broken internal link, a request to another host, or a link on disk; the first ones are listed.
    """
    complaints = []
    linked = [path for path in sorted(staged.rglob("*")) if path.is_symlink()]
    complaints += [f"{path.relative_to(staged).as_posix()}: is a symbolic link" for path in linked]
    for path in sorted(staged.rglob("*.html")):
        shown = path.relative_to(staged).as_posix()
        page = _Links()
        page.feed(path.read_text(encoding="utf-8"))
        complaints += [f"{shown}: {complaint}" for complaint in _complaints(page, shown, staged, base)]
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

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.loads += [given[name] for kind, name in _LOADS if kind == tag and name in given]
        self.loads += [part.split()[0] for part in given.get("srcset", "").split(",") if part.strip()]
        if tag == "link" and any(word in _LOADING_LINKS for word in given.get("rel", "").split()):
            self.loads.append(given.get("href", ""))
        elif tag in ("a", "area") and "href" in given:
            self.leads.append(given["href"])


def _complaints(page: _Links, shown: str, staged: Path, base: str) -> Iterator[str]:
    for address in dict.fromkeys(page.loads):
        parts = urlsplit(address)
        if parts.netloc or parts.scheme not in ("", "data"):
            yield f"loads {address} from another host"
        elif not parts.scheme and not _exists(parts.path, shown, staged, base):
            yield f"loads {address}, which does not exist"
    for address in dict.fromkeys(page.leads):
        parts = urlsplit(address)
        if not parts.scheme and not parts.netloc and not _exists(parts.path, shown, staged, base):
            yield f"links to {address}, which does not exist"


def _exists(path: str, shown: str, staged: Path, base: str) -> bool:
    if not path:
        return True
    path = unquote(path)
    if path.startswith("/"):
        if not path.startswith(base):
            return False
        target = path[len(base) :]
    else:
        target = posixpath.join(posixpath.dirname(shown), path)
    target = posixpath.normpath(target).lstrip("/")
    if target.startswith(".."):
        return False
    found = staged / target
    return (found / "index.html").is_file() if found.is_dir() or path.endswith("/") else found.is_file()
