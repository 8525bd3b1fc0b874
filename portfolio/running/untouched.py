"""Modes, owners and times of the inputs, which Landlock leaves open: compared after a run, and put back."""

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from portfolio import files


@dataclass(frozen=True, slots=True)
class Traits:
    """What a run must leave alone about a file beside its content."""

    mode: int
    user: int
    group: int
    modified: int


def traits_of(contents: Mapping[Path, str]) -> dict[Path, Traits]:
    """Return the traits of the files and of the folders they lie in; a folder's time is its own affair."""
    found = {}
    for path in contents:
        with suppress(OSError):
            found[path] = _traits(os.stat(path))  # noqa: PTH116 - for every input of every run
    for folder in {path.parent for path in contents}:
        with suppress(OSError):
            found[folder] = _traits(os.stat(folder))  # noqa: PTH116
    return found


def put_back(before: Mapping[Path, Traits], contents: Mapping[Path, str]) -> list[Path]:
    """Undo changes of traits; return where there were any, sorted.

    A file that holds something else by now was written by somebody, and keeps its time.
    """
    changed = []
    for path, traits in before.items():
        with suppress(OSError):
            now = _traits(os.stat(path))  # noqa: PTH116 - for every input of every run
            if now != traits and _restore(path, traits, now, contents):
                changed.append(path)
    return sorted(changed)


def _traits(found: os.stat_result) -> Traits:
    modified = 0 if stat.S_ISDIR(found.st_mode) else found.st_mtime_ns
    return Traits(stat.S_IMODE(found.st_mode), found.st_uid, found.st_gid, modified)


def _restore(path: Path, wanted: Traits, now: Traits, contents: Mapping[Path, str]) -> bool:
    if (now.user, now.group) != (wanted.user, wanted.group):
        os.chown(path, wanted.user, wanted.group)
    if now.mode != wanted.mode:
        path.chmod(wanted.mode)
    if path in contents and files.digest(path) != contents[path]:
        return now.mode != wanted.mode
    if now.modified != wanted.modified:
        os.utime(path, ns=(path.stat().st_atime_ns, wanted.modified))
    return True
