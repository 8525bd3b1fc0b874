"""Nothing to do is known at once: stamps of all that the last build was made from, and of all that it left.

A stamp is a digest of names, sizes, inodes and times of whole trees. Where it is what it was, no content can have
changed (see `portfolio.digests`); where it is not, the build looks closely and finds out what that means. Imported on
the way to every build, so it needs the standard library only.
"""

import json
import os
import stat
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from operator import attrgetter
from pathlib import Path
from typing import Any

from portfolio import files
from portfolio.digests import Digests, Signature, settles, signature
from portfolio.planning.packages import import_path_state
from portfolio.version import __version__
from portfolio.workspace.inputs import ENVIRONMENTS, is_seen, names_in
from portfolio.workspace.repository import repository_state
from portfolio.workspace.root import Workspace

_NOTE = "unchanged.json"
_PACKAGE = Path(__file__).parent
_VARIABLES = ("CI", "PORTFOLIO_SITE_URL")
_PATIENCE = 25_000_000
"""Nanoseconds in which a file written just now settles, but where times are coarse."""

_Listed = tuple[str, os.stat_result | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The options that decide what a site shows."""

    drafts: bool = False
    site_url: str | None = None
    engine: str = "mkdocs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Besides:
    """What decided a key or the site and is not the workspace's own."""

    places: Collection[Path] = ()
    """Files, and folders with all that is in them."""
    listed: Collection[Path] = ()
    """Folders of which no more than the names in them counted: what is in them may be the tool's own."""
    variables: Collection[str] = ()
    """Names of declared environment variables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """The stamp of what a build reads, taken before it reads anything; None where it could not be relied on."""

    began: int
    stamp: str | None


def before_reading(workspace: Workspace) -> Before:
    """Return the stamp of the workspace's inputs now; what was written a moment ago is waited for."""
    began = time.time_ns()
    stamp, settled = _stamped(_inputs(workspace))
    if began <= settled < began + _PATIENCE:
        time.sleep(_PATIENCE / 1e9)
        began = time.time_ns()
        stamp, settled = _stamped(_inputs(workspace))
    return Before(began=began, stamp=stamp if settled < began else None)


def note(
    workspace: Workspace,
    asked: Asked,
    before: Before,
    rows: Sequence[Mapping[str, Any]],
    *,
    besides: Besides,
    digests: Digests,
) -> None:
    """Remember that a build of `workspace` now would do nothing and say `rows`.

    Args:
        workspace: what was built.
        asked: with which options.
        before: from `before_reading`; nothing is remembered where an input changed since.
        rows: what `--json` says of each project.
        besides: what decided a key or the site and is not the workspace's own.
        digests: which remember what the inputs hold, for the time when only their times change.
    """
    path = workspace.cache / _NOTE
    outside, listed = sorted(map(os.fspath, besides.places)), sorted(map(os.fspath, besides.listed))
    named = sorted({*besides.variables, *_VARIABLES})
    inputs, _ = _stamped(_inputs(workspace))
    elsewhere, settled = _stamped(_elsewhere(outside, listed))
    if inputs != before.stamp or settled >= before.began:
        path.unlink(missing_ok=True)
        return
    for name, found in (*_inputs(workspace), *_results(workspace)):
        if found:
            with suppress(OSError):  # a link that leads nowhere, or a file nobody may read
                digests.of(Path(name))
    digests.save(forgetting=True)
    _, last = _stamped(_outputs(workspace))
    time.sleep(max(0, min(last - time.time_ns(), _PATIENCE)) / 1e9)  # a change in the same tick would not show
    document = {
        "asked": asdict(asked),
        "inputs": inputs,
        "results": _stamped(_results(workspace))[0],
        "outside": outside,
        "listed": listed,
        "elsewhere": elsewhere,
        "variables": _values(named),
        "surroundings": _surroundings(),
        "left": _stamped(_outputs(workspace))[0],
        "rows": list(rows),
    }
    files.write_text(path, json.dumps(document))


def forget(workspace: Workspace) -> None:
    """Let the next build look closely."""
    (workspace.cache / _NOTE).unlink(missing_ok=True)


def nothing_to_do(workspace: Workspace, asked: Asked, slugs: Sequence[str]) -> list[dict[str, Any]] | None:
    """Return what `--json` would say of the projects asked for, if a build has nothing to do; else None."""
    try:
        noted = json.loads((workspace.cache / _NOTE).read_text(encoding="utf-8"))
        is_same = (
            noted["asked"] == asdict(asked)
            and noted["surroundings"] == _surroundings()
            and noted["variables"] == _values(noted["variables"])
            and _is_same(workspace, noted, "inputs", _inputs)
            and _is_same(workspace, noted, "results", _results)
            and noted["elsewhere"] == _stamped(_elsewhere(noted["outside"], noted["listed"]))[0]
            and noted["left"] == _stamped(_outputs(workspace))[0]
        )
        rows: list[dict[str, Any]] = noted["rows"]
        known = {row["slug"] for row in rows}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    if not is_same or not known.issuperset(slugs):
        return None
    return [row for row in rows if not slugs or row["slug"] in slugs]


def _is_same(
    workspace: Workspace, noted: dict[str, Any], part: str, listing: Callable[[Workspace], Iterator[_Listed]]
) -> bool:
    """Whether the files of `listing` are as noted, or differ in their times alone; then those are noted from now on."""
    began = time.time_ns()
    now = list(listing(workspace))
    stamp, settled = _stamped(now)
    if stamp == noted[part]:
        return True
    digests = Digests(workspace.cache / "digests.json")
    before = [(name, digests.known_as(Path(name), found) if found else None) for name, found in now]
    if _stamp_of(before) != noted[part]:
        return False
    if settled < began:
        noted[part] = stamp
        digests.save()
        files.write_text(workspace.cache / _NOTE, json.dumps(noted))
    return True


def _surroundings() -> str:
    """Return what Python, this tool and everything installed is."""
    tool, _ = _stamped(_trees([os.fspath(_PACKAGE), os.fspath(_PACKAGE.parent / "site_templates")]))
    return sha256(f"{__version__} {sys.version} {import_path_state()} {tool}".encode()).hexdigest()


def _values(names: Iterable[str]) -> dict[str, str | None]:
    """Return digests of the variables: a value may be a secret."""
    found = {name: os.environ.get(name) for name in names}
    return {name: None if value is None else sha256(value.encode()).hexdigest() for name, value in found.items()}


def _inputs(workspace: Workspace) -> Iterator[_Listed]:
    """Yield what the author owns: projects, templates, settings, and where the history stands."""
    yield from _tree(workspace.projects, is_projects=True)
    yield from _tree(workspace.templates)
    for name in ("mkdocs.yml", "pyproject.toml", "resume.json", *ENVIRONMENTS):
        yield from _tree(workspace.root / name)
    yield f"history {repository_state(workspace.root)}", None


def _outputs(workspace: Workspace) -> Iterator[_Listed]:
    for place in (workspace.records, workspace.docs, workspace.site, workspace.build / "theme"):
        yield from _tree(place, is_ours=True)
    yield from _tree(workspace.build / "mkdocs.yml")


def _results(workspace: Workspace) -> Iterator[_Listed]:
    """Yield the recorded numbers, which a build may write and its author may touch."""
    projects = os.fspath(workspace.projects)
    for slug in sorted(os.listdir(projects)) if workspace.projects.is_dir() else ():  # noqa: PTH208
        yield from _tree(f"{projects}/{slug}/results.json")


def _elsewhere(outside: Iterable[str], listed: Iterable[str]) -> Iterator[_Listed]:
    """Yield what lies beyond the workspace's own: whole trees, and folders of which the names alone count."""
    yield from _trees(outside)
    for place in listed:
        try:
            yield f"{place} {names_in(place)}", None
        except OSError as error:
            yield f"{place} {error.errno}", None


def _trees(places: Iterable[str]) -> Iterator[_Listed]:
    for place in places:
        yield from _tree(place)


def _tree(place: str | Path, *, is_projects: bool = False, is_ours: bool = False) -> Iterator[_Listed]:
    """Yield each file at or below `top` with its times, links followed; a place that is not there by its name alone."""
    top = os.fspath(place)
    try:
        found = os.stat(top)  # noqa: PTH116 - called thousands of times
    except OSError:
        yield f"{top} absent", None
        return
    if not stat.S_ISDIR(found.st_mode):
        yield top, found
        return
    waiting = [(top, 0, frozenset({(found.st_dev, found.st_ino)}))]
    while waiting:
        folder, depth, above = waiting.pop()
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=attrgetter("name"))
        except OSError as error:
            yield f"{folder} {error.errno}", None
            continue
        yield f"{folder} {len(entries)}" if is_ours else folder, None
        for entry in entries:
            if not is_ours and not is_seen(entry.name):
                continue
            if is_projects and depth == 1 and entry.name == "results.json":
                continue
            if entry.is_dir():
                inner = entry.stat()
                identity = (inner.st_dev, inner.st_ino)
                if identity not in above:
                    waiting.append((entry.path, depth + 1, above | {identity}))
            else:
                yield entry.path, _stat(entry)


def _stat(entry: "os.DirEntry[str]") -> os.stat_result:
    """Return the stat of what an entry leads to, or of the link itself where it leads nowhere."""
    try:
        return entry.stat()
    except OSError:
        return entry.stat(follow_symlinks=False)


def _stamped(listed: Iterable[_Listed]) -> tuple[str, int]:
    """Return a digest over the listing, and the moment after which any change would show in it."""
    settled = 0
    seen: list[tuple[str, Signature | None]] = []
    for name, found in listed:
        seen.append((name, signature(found) if found else None))
        if found:
            settled = max(settled, settles(found))
    return _stamp_of(seen), settled


def _stamp_of(seen: Iterable[tuple[str, Signature | None]]) -> str:
    summed = sha256()
    for name, times in seen:
        summed.update(f"{name}\0{times or ''}\n".encode("utf-8", "surrogateescape"))
    return summed.hexdigest()
