"""What the site's configuration names in the workspace: hooks, overrides, what it inherits."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from portfolio.walk import walk
from portfolio.workspace.root import Workspace

_BETWEEN = re.compile(r"""[\s\[\]{},'"]+""")
_VALUE = re.compile(r"""^\s*(?:-\s+)*(?:[^:]+:\s+)?["']?(.+?)["']?\s*$""")
_INHERITED = re.compile(r"""^["']?INHERIT["']?\s*:\s*["']?(.+?)["']?\s*(?:#.*)?$""", re.MULTILINE)


def site_inputs(workspace: Workspace) -> tuple[Path, ...]:
    """Return the files and folders the site is made from beside `mkdocs.yml`, templates and projects, sorted.

    These are what `mkdocs.yml`, or a file it inherits, names by a relative path within the workspace, and the modules
    beside a hook. What the tool makes is not among them. Too many rather than too few: a file that is named and not
    used only builds the site once too often.
    """
    found: set[Path] = set()
    waiting, seen = [workspace.mkdocs], set[Path]()
    while waiting:
        path = waiting.pop()
        if path in seen or not path.is_file():
            continue
        seen.add(path)
        text = path.read_text(encoding="utf-8", errors="replace")
        waiting += [_joined(path.parent, name) for name in _INHERITED.findall(text)]
        for name in _names(text):
            for base in (workspace.root, workspace.build, path.parent):
                found.update(_places(workspace, _joined(base, name)))
    return tuple(sorted((found | seen) - {workspace.mkdocs}))


def files_of(places: Iterable[Path]) -> Iterator[Path]:
    """Yield the files among `places` and below the folders among them, but for what is hidden or Python's own."""
    for place in places:
        if place.is_file():
            yield place
        elif place.is_dir():
            found = [name for name, entry in walk(place) if entry.is_file()]
            yield from (place / name for name in found if not any(_is_aside(part) for part in name.split("/")))


def _is_aside(name: str) -> bool:
    return name.startswith(".") or name == "__pycache__"


def _names(text: str) -> set[str]:
    """Return the words of a configuration and its whole values, which may hold spaces; comments are neither."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    words = {word.strip(":") for line in lines for word in _BETWEEN.split(line)}
    values = {found[1] for line in lines if (found := _VALUE.search(line))}
    return {name for name in words | values if name.strip("./") and not name.startswith("/") and "\0" not in name}


def _joined(folder: Path, name: str) -> Path:
    return Path(os.path.normpath(folder / name))


def _places(workspace: Workspace, path: Path) -> Iterator[Path]:
    try:
        if not path.is_relative_to(workspace.root) or path == workspace.root:
            return
        if any(path.is_relative_to(other) for other in (workspace.build, workspace.projects)):
            return
        if path.is_dir() or path.is_file():
            yield path
            if path.suffix == ".py":
                yield from path.parent.glob("*.py")
    except OSError:  # a value that is no name of a file, as one that is too long
        return
