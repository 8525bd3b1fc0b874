"""Folders that are ours: known by the marker in them, the only ones that are ever replaced or deleted.

The marker is written before anything else and goes last, so a folder is recognised at every moment of its life, also
after a crash; one that is empty belongs to nobody.
"""

import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

MARKER = ".made-by-portfolio"
STAGED = ".staged-site-"
"""How the names of folders begin that become the live site."""
STAGED_PROJECT = ".new-project-"
"""The same of projects that `new` writes."""
_ATTEMPTS = 40
_PAUSE = 0.05
"""Seconds between attempts: what a killed build started may still be writing while it dies."""


class ForeignError(Exception):
    """A folder that was not made by us stands where one of ours has to be."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} was not made by portfolio, so it is neither replaced nor deleted")


def is_ours(folder: Path) -> bool:
    """Whether `folder` is a folder itself, no link to one, and carries nothing at all or our marker.

    In this order: somebody may be making it, and what is not empty any more has its marker.
    """
    if folder.is_symlink() or not folder.is_dir():
        return False
    return not any(folder.iterdir()) or (folder / MARKER).is_file()


def claim(folder: Path) -> Path:
    """Make `folder` if it is not there, and return it: one of ours.

    Raises:
        ForeignError: something else is there: a link, a file, a folder of somebody's.
    """
    if os.path.lexists(folder) and not is_ours(folder):
        raise ForeignError(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).touch()
    return folder


def temporary(parent: Path, prefix: str) -> Path:
    """Make a new folder of ours in `parent`."""
    return claim(Path(tempfile.mkdtemp(dir=parent, prefix=prefix)))


def sweep(parent: Path, pattern: str) -> None:
    """Delete the folders of ours that lie in `parent` under names like `pattern`."""
    for found in [] if parent.is_symlink() else parent.glob(pattern):
        if is_ours(found):
            delete(found)


def sweep_files(parent: Path, pattern: str) -> None:
    """Delete the files that lie in `parent` under names like `pattern`, which are names of ours."""
    for found in [] if parent.is_symlink() else parent.glob(pattern):
        if found.is_symlink() or found.is_file():
            found.unlink(missing_ok=True)


def delete(folder: Path) -> None:
    """Delete `folder` with all that is in it, the marker last; also where rights were taken away, or somebody writes.

    A link is deleted itself, not what it leads to.
    """
    if folder.is_symlink():
        folder.unlink()
        return
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            _delete_once(folder)
        except OSError:
            if not os.path.lexists(folder):
                return
            if attempt == _ATTEMPTS:
                raise
            _open_up(folder)
            time.sleep(_PAUSE if attempt > 1 else 0)
        else:
            return


def _delete_once(folder: Path) -> None:
    with os.scandir(folder) as found:
        entries = list(found)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path)
        elif entry.name != MARKER:
            os.unlink(entry.path)  # noqa: PTH108 - a site has many files
    (folder / MARKER).unlink(missing_ok=True)
    folder.rmdir()


def _open_up(folder: Path) -> None:
    """Take back the rights to delete what is in `folder`."""
    with suppress(OSError):
        folder.chmod(0o700)
    for place, inner, _ in os.walk(folder):
        for path in (Path(place, name) for name in inner):
            with suppress(OSError):
                if not path.is_symlink():
                    path.chmod(0o700)
