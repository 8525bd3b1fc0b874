"""Delete the folder of a run, whatever the script made of it: rights taken away, folders nested without end."""

import os
import stat
from contextlib import suppress
from pathlib import Path

from portfolio.folders import MARKER
from portfolio.running.task import Place


def clear_scratch(top: Path) -> None:
    """Delete a run's scratch folder and its temporary one; what cannot be deleted stays, and the next build tries."""
    for folder in (Place(top=top).temporary, top):
        with suppress(OSError):
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode):
                folder.unlink()
            elif not hasattr(os, "getuid") or found.st_uid == os.getuid():
                _clear(os.fspath(folder))


def _clear(top: str) -> None:
    """Delete a folder without recursion and by short paths only: what lies deeper is moved up first, then deleted."""
    waiting, count = [top], 0
    while waiting:
        folder = waiting.pop()
        os.chmod(folder, stat.S_IRWXU)  # noqa: PTH101 - thousands of them
        with os.scandir(folder) as listing:
            entries = list(listing)
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                if folder == top and entry.name == MARKER:
                    continue  # it goes last: until then the folder is known as ours
                os.unlink(entry.path)  # noqa: PTH108
                continue
            os.chmod(entry.path, stat.S_IRWXU)  # noqa: PTH101 - its rights are asked for when it moves
            count += 1
            higher = f"{top}/.clear-{os.getpid()}-{count}"
            os.rename(entry.path, higher)  # noqa: PTH104
            waiting.append(higher)
        if folder != top:
            os.rmdir(folder)  # noqa: PTH106
    Path(top, MARKER).unlink(missing_ok=True)
    os.rmdir(top)  # noqa: PTH106
