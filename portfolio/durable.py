"""Bring what was written to disk before it is put in a live place: one by one, or a whole file system at once."""

import ctypes
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

_MANY = 50
"""From here on one flush of the file system is cheaper than one of each file, also where others write meanwhile."""


def sync(paths: Sequence[Path], folder: Path) -> None:
    """Return when the content of `paths`, which lie below `folder`, is on disk."""
    if len(paths) > _MANY and _sync_file_system(folder):
        return
    for path in paths:
        _sync_one(path)


def sync_folder(folder: Path, new: Sequence[Path], inner: Iterable[Path]) -> None:
    """Return when a new `folder` is on disk: the files in it that are `new`, all folders in it, and their names."""
    sync([*new, *inner, folder] if os.name == "posix" else new, folder)


def sync_names(folder: Path) -> None:
    """Return when it is on disk what the entries of `folder` are called, where a system can say so."""
    if os.name == "posix":
        _sync_one(folder)


def _sync_one(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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
