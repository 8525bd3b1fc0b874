"""Write the docs tree the site engine reads: only what changed is written, what no page owns any more is deleted."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

from portfolio import files
from portfolio.publishing.durable import sync
from portfolio.publishing.offered import offered
from portfolio.publishing.walk import walk
from portfolio.values.page import Page


def write_docs(docs: Path, pages: Sequence[Page], kept: Iterable[PurePosixPath] = ()) -> bool:
    """Make `docs` hold exactly `pages` with their assets, and below `kept` what is there already.

    Returns:
        Whether anything changed.
    """
    files.make_ours(docs)
    wanted = {files.MARKER}
    written: list[Path] = []
    for page in pages:
        wanted.add(page.path.as_posix())
        written += _write(docs / page.path, page.text.encode("utf-8"))
        for asset in page.assets:
            wanted.add(asset.path.as_posix())
            is_projects = asset.path.parts[0] == "projects"
            written += _copy(asset.source, docs / asset.path, offered if is_projects else Path.read_bytes)
    sync(written, docs)
    return _delete_others(docs, wanted, tuple(kept)) or bool(written)


def write_theme(theme: Path, layers: Sequence[Path]) -> None:
    """Make `theme` the sum of the template folders' `theme/`, the first one winning."""
    staged: dict[str, Path] = {}
    for layer in reversed(layers):
        folder = layer / "theme"
        if folder.is_dir():
            staged |= {name: Path(entry.path) for name, entry in walk(folder) if entry.is_file(follow_symlinks=False)}
    files.make_ours(theme)
    written = [path for name, source in staged.items() for path in _copy(source, theme / name)]
    sync(written, theme)
    _delete_others(theme, {files.MARKER, *staged}, ())


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
    changed = False
    for name, entry in reversed(list(walk(docs))):
        if name in wanted or any(PurePosixPath(name).is_relative_to(keep) for keep in kept):
            continue
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            if not any(path.iterdir()):
                path.rmdir()
        else:
            path.unlink()
            changed = True
    return changed
