"""Write the docs tree the site engine reads: only what changed is written, what no page owns any more is deleted."""

import filecmp
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from portfolio import files
from portfolio.values.page import Page


def write_docs(docs: Path, pages: Sequence[Page], kept: Iterable[PurePosixPath] = ()) -> bool:
    """Make `docs` hold exactly `pages` with their assets, and below `kept` what is there already.

    Returns:
        Whether anything changed.
    """
    files.make_ours(docs)
    wanted = {PurePosixPath(files.MARKER)}
    changed = False
    for page in pages:
        wanted.add(page.path)
        changed |= files.write_text(docs / page.path, page.text)
        for asset in page.assets:
            wanted.add(asset.path)
            changed |= _copy(asset.source, docs / asset.path)
    return _delete_others(docs, wanted, tuple(kept)) or changed


def write_theme(theme: Path, layers: Sequence[Path]) -> None:
    """Make `theme` the sum of the template folders' `theme/`, the first one winning."""
    staged: dict[str, Path] = {}
    for layer in reversed(layers):
        folder = layer / "theme"
        if folder.is_dir():
            found = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
            staged |= {path.relative_to(folder).as_posix(): path for path in found}
    files.make_ours(theme)
    for name, source in staged.items():
        _copy(source, theme / name)
    _delete_others(theme, {PurePosixPath(files.MARKER), *map(PurePosixPath, staged)}, ())


def write_configuration(path: Path, inherit: str, settings: Mapping[str, object]) -> None:
    """Write the engine's configuration: the author's `mkdocs.yml` inherited, and what the tool decides over it.

    JSON is YAML; `inherit` is relative to the file, so nothing in it names a path of this machine.
    """
    files.write_text(path, json.dumps({"INHERIT": inherit, **settings}, indent=1, sort_keys=True) + "\n")


def _copy(source: Path, target: Path) -> bool:
    if target.is_file() and not target.is_symlink() and filecmp.cmp(source, target, shallow=False):
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.tmp")
    shutil.copyfile(source, temporary)
    temporary.replace(target)
    return True


def _delete_others(docs: Path, wanted: set[PurePosixPath], kept: tuple[PurePosixPath, ...]) -> bool:
    changed = False
    for path in sorted(docs.rglob("*"), reverse=True):
        name = PurePosixPath(path.relative_to(docs).as_posix())
        if name in wanted or any(name.is_relative_to(keep) for keep in kept):
            continue
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        else:
            path.unlink()
            changed = True
    return changed
