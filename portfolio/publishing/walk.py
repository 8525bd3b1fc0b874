"""What lies below a folder, by name, without a path object for each: a site of a thousand projects has many files."""

import os
from collections.abc import Iterator
from pathlib import Path


def walk(top: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield everything below `top` with its name relative to it; a folder before what is in it, links not followed."""
    yield from _below(os.fspath(top), "")


def _below(folder: str, prefix: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        name = prefix + entry.name
        yield name, entry
        if entry.is_dir(follow_symlinks=False):
            yield from _below(entry.path, f"{name}/")
