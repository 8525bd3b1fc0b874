"""What lies below a folder, by name, without a path object for each: a site of a thousand projects has many files.

A folder that cannot be listed is an error: passed over, what it holds would be missing from a page without a word.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path


def walk(top: Path, is_seen: Callable[[str], bool] = bool) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield everything below `top` with its name relative to it; a folder before what is in it, links not followed.

    Args:
        top: the folder, which has to be there.
        is_seen: says of the name of a file or folder whether it takes part, with all that is in it.

    Raises:
        OSError: a folder cannot be listed.
    """
    yield from _below(os.fspath(top), "", is_seen)


def _below(folder: str, prefix: str, is_seen: Callable[[str], bool]) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(folder) as found:
        entries = sorted((entry for entry in found if is_seen(entry.name)), key=lambda entry: entry.name)
    for entry in entries:
        name = prefix + entry.name
        yield name, entry
        if entry.is_dir(follow_symlinks=False):
            yield from _below(entry.path, f"{name}/", is_seen)


def files_below(top: Path, is_seen: Callable[[str], bool] = bool) -> Iterator[tuple[str, Path]]:
    """Yield each regular file below `top` with its name relative to it, as `walk` does; nothing where there is none.

    Raises:
        OSError: a folder cannot be listed.
    """
    if top.is_dir():
        yield from (
            (name, Path(entry.path)) for name, entry in walk(top, is_seen) if entry.is_file(follow_symlinks=False)
        )
