"""What around a workspace decides whether it builds and publishes as meant: one line each, with what to do."""

import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

from portfolio import provenance
from portfolio.locking import LOCK, body, is_fresh
from portfolio.templates import template_folders
from portfolio.values.site import Site
from portfolio.walk import walk
from portfolio.words import plural
from portfolio.workspace.config import read_configuration
from portfolio.workspace.root import Workspace

_PIN = re.compile(r"(?m)^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)(?P<marker>[^\\\n]*)")
_LITTLE, _MUCH = 1 << 30, 5 << 30
_OLDEST, _TESTED = (3, 11), "3.11"
_COMES_ALONG = re.compile(r"dejavu.*|(?:sans-)?serif|monospace|stix.*|cm.*", re.IGNORECASE)
"""Fonts that matplotlib brings, and the families that fall back to them."""
_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    what: str
    hint: str = ""
    """What to do, where something is wrong."""


def diagnose(workspace: Workspace) -> tuple[Check, ...]:
    """Return what was found, in the order in which to mend it; nothing is run or written."""
    site = read_configuration(workspace).site
    history = provenance.history(workspace)
    remote = history.repository() if history else None
    return (
        _python(),
        _libraries(workspace.root),
        _repository(history, remote),
        _address(site, pages_address(remote)),
        _fonts(workspace),
        _disk(workspace.root),
        _store(workspace),
    )


def pages_address(repository: str | None) -> str | None:
    """Return where GitHub Pages publishes a repository, or None where it lies elsewhere."""
    parts = urlsplit(repository or "")
    owner, _, name = parts.path.strip("/").partition("/")
    if parts.hostname != "github.com" or not name:
        return None
    host = f"{owner.lower()}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def _python() -> Check:
    here = ".".join(map(str, sys.version_info[:3]))
    ok = sys.version_info[:2] >= _OLDEST
    what = f"Python {here}" if ok else f"Python {here}, and {_TESTED} is the oldest that works"
    return Check(name="python", ok=ok, what=what, hint="" if ok else f"python{_TESTED} -m venv .venv")


def _libraries(root: Path) -> Check:
    if not (root / LOCK).is_file():
        return Check(name="libraries", ok=False, what=f"no {LOCK}: tomorrow's may differ", hint="portfolio lock")
    pins: dict[str, list[re.Match[str]]] = {}
    for pin in _PIN.finditer(body((root / LOCK).read_text(encoding="utf-8", errors="replace"))):
        pins.setdefault(pin["name"], []).append(pin)
    apart = [said for name, locked in pins.items() if (said := _apart(name, locked))]
    if apart:
        more = f" and {len(apart) - _NAMED} more" if len(apart) > _NAMED else ""
        hint = f"pip install --require-hashes -r {LOCK}"
        return Check(name="libraries", ok=False, what=f"not as locked: {'; '.join(apart[:_NAMED])}{more}", hint=hint)
    if not is_fresh(root):
        return Check(name="libraries", ok=False, what=f"{LOCK} is not what is asked for now", hint="portfolio lock")
    return Check(name="libraries", ok=True, what=f"{plural(len(pins), 'package')} as locked")


def _apart(name: str, pins: Sequence[re.Match[str]]) -> str:
    """Return how what is installed differs from what is locked; what a marker leaves out here may be missing."""
    try:
        here = version(name)
    except PackageNotFoundError:
        return "" if any(pin["marker"].strip() for pin in pins) else f"{name} is missing"
    locked = [pin["version"] for pin in pins]
    return "" if here in locked else f"{name} {here}, locked {' or '.join(locked)}"


def _repository(history: provenance.History | None, remote: str | None) -> Check:
    """Say where the source is to be seen; a remote that is no place on the web is named, and what would change it."""
    if remote:
        return Check(name="remote", ok=True, what=remote)
    named = history.remotes() if history else {}
    if not named:
        what = "no git remote" if history else "no git repository"
        hint = f"{'' if history else 'git init && '}git remote add origin ADDRESS; pages then link to their source"
    elif len(named) > 1 and "origin" not in named:
        what = f"{plural(len(named), 'git remote')}, none of them called origin"
        hint = f"git remote rename {next(iter(named))} origin; pages then link to their source"
    else:
        name = "origin" if "origin" in named else next(iter(named))
        place = re.sub(r"//[^/]*@", "//", named[name])  # a password is never shown
        what = f"{name} is {place}, which is no address on the web"
        hint = f"git remote set-url {name} https://…, where the source can be read; pages then link to it"
    return Check(name="remote", ok=False, what=what, hint=hint)


def _address(site: Site, pages: str | None) -> Check:
    """Compare the address in `mkdocs.yml` with where the remote publishes: links of a wrong one lead nowhere."""
    own = f"{site.url.rstrip('/')}/" if site.url else None
    if own is None and pages is None:
        hint = "site_url: https://… in mkdocs.yml, for canonical links and the site map"
        return Check(name="address", ok=False, what="nothing says where the site is published", hint=hint)
    if own is None or pages is None or own == pages:
        return Check(name="address", ok=True, what=f"{own or pages}, base path {urlsplit(own or pages or '').path}")
    if (urlsplit(own).hostname or "").endswith(".github.io"):
        what = f"site_url says {own}, and the remote publishes at {pages}"
        return Check(name="address", ok=False, what=what, hint=f"site_url: {pages} in mkdocs.yml")
    what = f"{own}, a domain of your own, base path {urlsplit(own).path}"
    return Check(name="address", ok=True, what=what)


def _fonts(workspace: Workspace) -> Check:
    styles = (folder / "figures.mplstyle" for folder in template_folders(workspace))
    text = next((path.read_text(encoding="utf-8", errors="replace") for path in styles if path.is_file()), "")
    named = [
        font.strip(" '\"")
        for line in re.findall(r"(?m)^font\.(?:family|sans-serif|serif)\s*:\s*([^#\n]+)", text)
        for font in line.split(",")
    ]
    foreign = [font for font in named if not _COMES_ALONG.fullmatch(font)]
    if foreign:
        what = f"figures ask for {', '.join(foreign[:_NAMED])}, which not every machine has"
        return Check(name="fonts", ok=False, what=what, hint="end the list in figures.mplstyle with DejaVu Sans")
    return Check(name="fonts", ok=True, what="figures use what matplotlib brings, pages what the reader has")


def _disk(root: Path) -> Check:
    free = shutil.disk_usage(root).free
    what = f"{_size(free)} free"
    return Check(name="disk", ok=free >= _LITTLE, what=what, hint="" if free >= _LITTLE else "portfolio clean --all")


def _store(workspace: Workspace) -> Check:
    sizes = list(_sizes(workspace.records))
    runs = sum(name.endswith("/record.json") for name, _ in sizes)
    size = sum(size for _, size in sizes)
    what = f"{plural(runs, 'stored run')}, {_size(size)} in {workspace.shown(workspace.records)}"
    hint = "portfolio clean --all, then build once" if size > _MUCH else ""
    return Check(name="store", ok=size <= _MUCH, what=what, hint=hint)


def _sizes(top: Path) -> Iterator[tuple[str, int]]:
    for name, entry in walk(top) if top.is_dir() else ():
        if entry.is_file(follow_symlinks=False):
            yield name, entry.stat(follow_symlinks=False).st_size


def _size(count: int) -> str:
    units: Sequence[str] = ("B", "KiB", "MiB", "GiB", "TiB")
    value, place = float(count), 0
    while value >= 1024 and place < len(units) - 1:  # noqa: PLR2004 - what a KiB is
        value, place = value / 1024, place + 1
    return f"{value:.3g} {units[place]}"
