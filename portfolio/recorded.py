"""Whole recorded runs, committed in `projects/<slug>/recorded/` for projects too dear to recompute."""

import os
from contextlib import suppress
from pathlib import Path

from portfolio import files, folders
from portfolio.errors import UsageError
from portfolio.store import Stored, read_stored, write_stored
from portfolio.values.project import Project

_FOLDER = "recorded"
NEW = ".recorded-"
"""How the names of folders begin that are not whole yet."""


def find_recorded(project: Project) -> Stored | None:
    """Return the recorded run of `project`, verified, or None."""
    return read_stored(project.folder / _FOLDER, project.slug)


def write_recorded(project: Project, stored: Stored) -> Path:
    """Put `stored` into the project's folder in place of an earlier one; return the folder.

    Raises:
        UsageError: a folder of that name is there which no earlier call made.
    """
    target = project.folder / _FOLDER
    if os.path.lexists(target) and not folders.is_ours(target):
        hint = f"rename it, or build without it: mv {target} {target}-mine"
        raise UsageError(f"{target}: was not made by portfolio, so it is not replaced", hint=hint)
    staged = folders.temporary(project.folder, NEW)
    try:
        write_stored(stored.record, stored.folder, staged)
        staged.chmod(0o755)
        files.exchange(staged, target)
    finally:
        with suppress(OSError):  # the next build deletes it
            folders.delete(staged)
    return target
