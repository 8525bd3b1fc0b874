"""Delete what the tool made: folders with our marker and files of our names; everything else is somebody else's."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from portfolio import folders
from portfolio.holding import held
from portfolio.workspace.root import Workspace

_REBUILT = ("docs", "site", "theme", "scratch", "manual", "export")
_FILES = ("mkdocs.yml", "default-mkdocs.yml", "mkdocs.log")
_DEAR = ("records", "cache")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """What was deleted, or would be."""

    deleted: tuple[tuple[Path, int], ...]
    """Each path with the bytes it held."""
    foreign: tuple[Path, ...]
    """What has one of our names and was not made by us; it is kept."""


def clean(workspace: Workspace, *, everything: bool, dry_run: bool, on_wait: Callable[[], None]) -> Cleaned:
    """Delete what a build makes again.

    Args:
        workspace: whose `build/` to clean.
        everything: also stored runs and downloads.
        dry_run: delete nothing.
        on_wait: called before waiting for somebody who holds the workspace.

    Raises:
        SiteError: something could not be deleted.
    """
    if not workspace.build.exists():
        return Cleaned(deleted=(), foreign=())
    with nullcontext() if dry_run else held(workspace, on_wait):
        names = (*_REBUILT, *_DEAR) if everything else _REBUILT
        found = [path for name in names if (path := workspace.build / name).exists() or path.is_symlink()]
        ours = [path for path in found if folders.is_ours(path)]
        ours += [path for name in _FILES if (path := workspace.build / name).is_file() and not path.is_symlink()]
        sized = tuple((path, _size(path)) for path in ours)
        for path in () if dry_run else ours:
            _delete(path)
    return Cleaned(deleted=sized, foreign=tuple(path for path in found if path not in ours))


def _delete(path: Path) -> None:
    if path.is_file():
        path.unlink()
    else:
        folders.delete(path)


def _size(path: Path) -> int:
    if path.is_file():
        return path.lstat().st_size
    return sum(_size_of(inner) for inner in path.rglob("*"))


def _size_of(path: Path) -> int:
    try:
        return path.lstat().st_size
    except FileNotFoundError:  # a dry run waits for nobody
        return 0
