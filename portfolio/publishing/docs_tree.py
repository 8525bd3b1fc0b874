"""Write the docs tree the site engine reads: only what changed is written, what no page owns any more is deleted."""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

from portfolio import files, folders
from portfolio.durable import sync
from portfolio.publishing.archive import zipped
from portfolio.publishing.offered import offered
from portfolio.values.page import Page
from portfolio.walk import walk


def write_docs(docs: Path, pages: Sequence[Page], kept: Iterable[PurePosixPath] = ()) -> bool:
    """Make `docs` hold exactly `pages` with their assets, and below `kept` what is there already.

    Returns:
        Whether anything changed.
    """
    folders.claim(docs)
    wanted = {folders.MARKER}
    for page in pages:
        wanted |= {page.path.as_posix(), *(asset.path.as_posix() for asset in page.assets)}
        wanted |= {path.as_posix() for path in (*page.kept, *(made.path for made in page.texts))}
        wanted |= {page.archive.path.as_posix()} if page.archive else set()
    changed = _delete_others(docs, wanted, tuple(kept))
    written: list[Path] = []
    for page in pages:
        written += _write(docs / page.path, page.text.encode("utf-8"))
        for asset in page.assets:
            is_projects = asset.path.parts[0] == "projects"
            written += _copy(asset.source, docs / asset.path, offered if is_projects else Path.read_bytes)
        for made in page.texts:
            written += _write(docs / made.path, made.text.encode("utf-8"))
        if page.archive:
            written += _write(docs / page.archive.path, zipped(page.archive))
    sync(written, docs)
    return changed or bool(written)


def write_theme(theme: Path, layers: Sequence[Path]) -> None:
    """Make `theme` the sum of the template folders' `theme/`, the first one winning."""
    staged: dict[str, Path] = {}
    for layer in reversed(layers):
        folder = layer / "theme"
        if folder.is_dir():
            staged |= {name: Path(entry.path) for name, entry in walk(folder) if entry.is_file(follow_symlinks=False)}
    folders.claim(theme)
    _delete_others(theme, {folders.MARKER, *staged}, ())
    written = [path for name, source in staged.items() for path in _copy(source, theme / name)]
    sync(written, theme)


def write_configuration(path: Path, inherit: str, settings: Mapping[str, object]) -> None:
    """Write the engine's configuration: the author's `mkdocs.yml` inherited, and what the tool decides over it.

    JSON is YAML; `inherit` is relative to the file, so nothing in it names a path of this machine.
    """
    files.write_text(path, json.dumps({"INHERIT": inherit, **settings}, indent=1, sort_keys=True) + "\n")


def same_content(left: Path, right: Path) -> bool:
    """Whether both are files of their own with the same bytes. `filecmp` would remember, and trust a file's time."""
    try:
        if right.is_symlink() or left.stat().st_size != right.stat().st_size:
            return False
        return left.read_bytes() == right.read_bytes()
    except OSError:
        return False


def _copy(source: Path, target: Path, read: Callable[[Path], bytes] = Path.read_bytes) -> list[Path]:
    return [] if same_content(source, target) else _write(target, read(source))


def _write(path: Path, content: bytes) -> list[Path]:
    with suppress(OSError):
        if not path.is_symlink() and path.read_bytes() == content:
            return []
    return _put(path, content)


def _put(path: Path, content: bytes) -> list[Path]:
    """Replace `path` in one step; return it, for it is not on disk yet. One build writes here at a time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name[:200]}.tmp")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return [path]


def _delete_others(docs: Path, wanted: set[str], kept: tuple[PurePosixPath, ...]) -> bool:
    """Delete what nobody wants, before anything is written: so no link is left that could lead a write elsewhere."""
    changed = False
    for name, entry in reversed(list(walk(docs))):
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            if not any(path.iterdir()):
                path.rmdir()
        elif not _is_wanted(name, entry, wanted, kept):
            path.unlink()
            changed = True
    return changed


def _is_wanted(name: str, entry: "os.DirEntry[str]", wanted: set[str], kept: tuple[PurePosixPath, ...]) -> bool:
    if entry.is_symlink() or (entry.name.startswith(".") and entry.name.endswith(".tmp")):
        return False
    return name in wanted or any(PurePosixPath(name).is_relative_to(keep) for keep in kept)
