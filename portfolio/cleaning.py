"""Delete what the tool made, by the names of its own contract; anything else under `build/` is somebody else's."""

import shutil
from pathlib import Path

from portfolio import files
from portfolio.workspace.root import Workspace

_REBUILT = ("docs", "site", "theme", "scratch", "manual", "mkdocs.yml", "default-mkdocs.yml", "mkdocs.log")
_DEAR = ("records", "cache")


def clean(workspace: Workspace, *, everything: bool, dry_run: bool) -> list[tuple[Path, int]]:
    """Delete what a build makes again; return each path with the bytes it held.

    Args:
        workspace: whose `build/` to clean.
        everything: also stored runs and downloads.
        dry_run: delete nothing.
    """
    names = (*_REBUILT, *_DEAR) if everything else _REBUILT
    found = [path for name in names if (path := workspace.build / name).exists() or path.is_symlink()]
    found += sorted(workspace.build.glob(".staged-site-*"))
    sized = [(path, _size(path)) for path in found]
    if not dry_run and found:
        with files.locked(workspace.build / ".lock", on_wait=lambda: None):
            for path in found:
                _delete(path)
    return sized


def _delete(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    else:
        shutil.rmtree(path)


def _size(path: Path) -> int:
    if path.is_symlink() or path.is_file():
        return path.lstat().st_size
    return sum(inner.lstat().st_size for inner in path.rglob("*"))
