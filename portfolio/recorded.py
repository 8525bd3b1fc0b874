"""Whole recorded runs, committed in `projects/<slug>/recorded/` for projects too dear to recompute."""

import shutil
import tempfile
from pathlib import Path

from portfolio import files
from portfolio.store import Stored, read_stored, write_stored
from portfolio.values.project import Project

_FOLDER = "recorded"


def find_recorded(project: Project) -> Stored | None:
    """Return the recorded run of `project`, verified, or None."""
    return read_stored(project.folder / _FOLDER, project.slug)


def write_recorded(project: Project, stored: Stored) -> Path:
    """Put `stored` into the project's folder in place of an earlier one; return the folder."""
    target = project.folder / _FOLDER
    staged = Path(tempfile.mkdtemp(dir=project.folder, prefix=".recorded-"))
    try:
        write_stored(stored.record, stored.folder, staged)
        staged.chmod(0o755)
        files.exchange(staged, target)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return target
