"""From the worker's list of what a run opened to the parts of its key that no text showed beforehand."""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portfolio.planning.keys import RunKey
from portfolio.planning.uses import OBSERVED_KINDS
from portfolio.running.observe import OBSERVED
from portfolio.running.task import Place
from portfolio.values.project import Project
from portfolio.workspace.root import Workspace

_NAMES = ("loaded", "preloaded", "version")
_MOST_BYTES = 4 << 20


class UnkeepableError(Exception):
    """A run used what no key can hold; its result is not stored. The message says what and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """One line of the list, its path as the author's: relative to the project's folder, or absolute."""

    kind: str
    name: str
    path: Path


def observed_names(
    project: Project, workspace: Workspace, key: RunKey, place: Place, known: tuple[Path, ...], began_ns: int
) -> tuple[str, ...]:
    """Return the names of the parts to add to `key` for what the run in `place` was seen to use.

    Args:
        project: what ran.
        workspace: where it belongs.
        key: its base key.
        place: where it ran.
        known: folders and files outside the workspace's projects that the key answers for already.
        began_ns: when it began, in nanoseconds, by the clock of the file system.

    Raises:
        UnkeepableError: it read what builds themselves write, or what was written while it ran.
    """
    names = {f"{kind} {name}" for kind, name in _lines(place.run / OBSERVED) if kind in _NAMES}
    for seen in _seen(project, workspace, place):
        is_copied = seen.path in key.contents
        if any(seen.path.is_relative_to(inside) for inside in known):
            continue
        if is_copied and _is_in_base(seen, project, workspace, key):
            continue
        if not is_copied:
            _refuse_unkeepable(seen, workspace, began_ns)
        names.add(f"{seen.kind} {seen.name}")
    return tuple(sorted(names))


def _seen(project: Project, workspace: Workspace, place: Place) -> Iterator[_Seen]:
    copied = place.root / project.folder.relative_to(workspace.root)
    for kind, path in ((kind, Path(name)) for kind, name in _lines(place.run / OBSERVED) if os.path.isabs(name)):  # noqa: PTH117
        if path.is_relative_to(place.root):
            below = os.path.relpath(path, copied)
            original = Path(os.path.normpath(project.folder / below))
            is_above = project.folder.is_relative_to(original)
            if original.is_relative_to(workspace.projects) and not is_above and _was_there(original, path):
                yield _Seen(kind=kind, name=Path(below).as_posix(), path=original)
        elif path.is_relative_to(workspace.cache):
            continue
        elif path.is_relative_to(workspace.root):
            if path.exists():
                yield _Seen(kind=kind, name=Path(os.path.relpath(path, project.folder)).as_posix(), path=path)
        elif kind != "listing" and path.is_file() and not _is_passing(kind, path):
            yield _Seen(kind=kind, name=_shortened(path), path=path)


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the list; a script that damages its own list harms itself only."""
    if path.is_symlink() or not path.is_file():
        return
    with path.open("rb") as stream:
        text = os.fsdecode(stream.read(_MOST_BYTES))
    for line in text.splitlines():
        kind, _, name = line.partition("\t")
        if (kind in OBSERVED_KINDS or kind in _NAMES) and name:
            yield kind, name


def _was_there(original: Path, copied: Path) -> bool:
    """Whether a path of the copy stands for something of the workspace, or for its absence; not for the run's own."""
    return original.exists() or not copied.exists()


def _is_in_base(seen: _Seen, project: Project, workspace: Workspace, key: RunKey) -> bool:
    """Whether the key knows this file already, as closely as the run looked at it: a source read as text by bytes."""
    if seen.path.is_relative_to(workspace.shared):
        part = f"shared {seen.path.relative_to(workspace.shared).as_posix()}"
    elif seen.path.is_relative_to(project.folder):
        part = f"file {seen.path.relative_to(project.folder).as_posix()}"
    else:
        return True
    return part in key.parts and (seen.kind == "module" or key.parts[part] == key.contents[seen.path])


def _refuse_unkeepable(seen: _Seen, workspace: Workspace, began_ns: int) -> None:
    shown = workspace.shown(seen.path)
    inside = seen.path.relative_to(workspace.projects).parts if seen.path.is_relative_to(workspace.projects) else ()
    is_results = inside[1:2] in [("results.json",), ("recorded",)]
    if seen.path.is_relative_to(workspace.build) or is_results:
        raise UnkeepableError(
            f"reads {shown}, which builds write: copy what it needs into its folder or projects/_shared"
        )
    if seen.kind != "listing" and seen.path.exists() and seen.path.stat().st_ctime_ns >= began_ns:
        raise UnkeepableError(f"reads {shown}, which was written while it ran: declare it under [[data]], then build")


def _is_passing(kind: str, path: Path) -> bool:
    """Whether a file outside the workspace is nobody's data: temporary, hidden, or a font."""
    is_temporary = kind == "read" and path.is_relative_to(tempfile.gettempdir())
    is_hidden = any(part.startswith(".") for part in path.parts)
    return is_temporary or is_hidden or path.suffix in (".ttf", ".otf", ".afm", ".pfb")


def _shortened(path: Path) -> str:
    home = Path.home()
    return f"~/{path.relative_to(home).as_posix()}" if path.is_relative_to(home) else path.as_posix()
