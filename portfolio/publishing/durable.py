"""Bring files to disk before they are put in a live place: each by itself, or many at once."""

import ctypes
import os
import sys
from collections.abc import Sequence
from pathlib import Path

_MANY = 50
"""From here on one flush of the file system is cheaper than one of each file, also where others write meanwhile."""


def sync(paths: Sequence[Path], folder: Path) -> None:
    """Return when the content of `paths`, which lie below `folder`, is on disk."""
    if len(paths) > _MANY and _sync_file_system(folder):
        return
    for path in paths:
        with path.open("rb") as stream:
            os.fsync(stream.fileno())


def _sync_file_system(folder: Path) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "syncfs"):
        return False
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        return bool(libc.syncfs(descriptor) == 0)
    finally:
        os.close(descriptor)
