"""Which files of a project a run depends on: the one listing for keys, copies and digests."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENTS = ("environment.yml", "requirements.txt", "setup.py")
"""What Binder makes an environment from, beside the folder of all projects."""
TOOL_OWNED = ("results.json", "recorded", "writeup.md", "notes.md", "assets", "portfolio-output")
"""What the tool or the renderer owns at the top of a project's folder: no run sees it."""
SOURCES = frozenset(
    {".awk", ".c", ".cc", ".cpp", ".f90", ".go", ".hs", ".java", ".jl", ".js", ".lua", ".mjs", ".ml", ".pl", ".py"}
    | {".r", ".rb", ".rs", ".scala", ".sh", ".sql", ".stan", ".ts"}
)
"""Endings of what is written to be run."""
_SKIPPED = ("__pycache__", "node_modules")


@dataclass(frozen=True, slots=True, order=True)
class Input:
    """One file a run may read: its name relative to the folder, and where its content really lies."""

    name: str
    path: Path


def input_files(folder: Path, left_out: tuple[str, ...] = TOOL_OWNED) -> tuple[Input, ...]:
    """Return a project's inputs sorted by name; links are followed to regular files, each folder once."""
    return tuple(sorted(_walk(folder, left_out)))


def shared_files(shared: Path) -> tuple[Input, ...]:
    """Return the files of `_shared` sorted by name."""
    return input_files(shared, ()) if shared.is_dir() else ()


def is_seen(name: str) -> bool:
    """Whether a file or folder of that name takes part at all: hidden ones, backups and caches do not."""
    return not (name.startswith(".") or name.endswith("~") or name in _SKIPPED)


def names_in(folder: str | Path) -> list[str]:
    """Return the names in a folder that take part, sorted."""
    return sorted(name for name in os.listdir(folder) if is_seen(name))  # noqa: PTH208 - on the way to every build


def _walk(top: Path, left_out: tuple[str, ...]) -> Iterator[Input]:
    waiting = [(top, "", frozenset[tuple[int, int]]())]
    while waiting:
        folder, prefix, above = waiting.pop()
        status = folder.stat()
        identity = (status.st_dev, status.st_ino)
        if identity in above:
            continue  # a link to a folder that holds it
        with os.scandir(folder) as listing:
            names = [entry.name for entry in listing]
        for name in names:
            if not is_seen(name) or (not prefix and name in left_out):
                continue
            path = folder / name
            if os.path.isdir(path):  # noqa: PTH112 - of an entry, a link to itself is an exception
                waiting.append((path, f"{prefix}{name}/", above | {identity}))
            elif os.path.isfile(path):  # noqa: PTH113
                yield Input(prefix + name, path)
