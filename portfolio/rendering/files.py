"""Files that a page may offer: regular ones beneath a folder of the project, under names a browser will not run."""

import stat
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from portfolio import files
from portfolio.values import codec
from portfolio.values.page import Asset
from portfolio.values.project import Project
from portfolio.walk import files_below
from portfolio.workspace.inputs import SOURCES, is_seen

_ACTIVE = frozenset(
    {".md", ".markdown", ".mdown", ".mkdn", ".mkd", ".html", ".htm", ".xhtml", ".xht", ".shtml", ".svg", ".svgz"}
    | {".xml", ".xsl", ".xslt", ".js", ".mjs", ".cjs", ".css", ".swf", ".mht", ".mhtml", ".hta", ".php", ".webmanifest"}
)
_PASSIVE = frozenset(
    {".txt", ".csv", ".tsv", ".json", ".py", ".toml", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf"}
)
_MOST_JSON = 32 << 20


def beneath(folder: Path, relative: str) -> Path | None:
    """Return the regular file at that path beneath `folder`, or None; no link is followed on the way."""
    parts = PurePosixPath(relative).parts
    if not parts or "\\" in relative or relative.startswith("/") or ".." in parts:
        return None
    place = folder
    for part in parts:
        place = place / part
        if place.is_symlink():
            return None
    return place if is_regular(place) else None


def json_object(path: Path) -> Mapping[str, Any]:
    """Return the object that a JSON file of a run holds; empty where it holds anything else.

    Raises:
        OSError: it cannot be read.
    """
    if path.stat().st_size > _MOST_JSON:
        return {}
    try:
        found = codec.strict(files.read_regular(path, _MOST_JSON))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def main_files(project: Project) -> tuple[str, ...]:
    """Return the names of the files in the project's folder that are run: the script, or the sources its command names.

    What else a command names may be data, which are published where their author says so.
    """
    command = project.spec.run.command
    if command is None:
        return (project.spec.script,)
    return tuple(dict.fromkeys(PurePosixPath(word).as_posix() for word in command if _is_source(project.folder, word)))


def _is_source(folder: Path, word: str) -> bool:
    return PurePosixPath(word).suffix.lower() in SOURCES and beneath(folder, word) is not None


def is_regular(path: Path) -> bool:
    """Say whether there is a regular file that is no link."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (OSError, ValueError):
        return False


def published_name(relative: str, source: Path | None = None) -> str | None:
    """Return the name under which a project's file, `source`, may stand in the docs tree, or None.

    What MkDocs would render or a browser would run is offered as text instead, and MkDocs drops hidden files.
    """
    parts = PurePosixPath(relative).parts
    if not parts or any(part.startswith(".") or not part.isprintable() for part in parts):
        return None
    suffix = PurePosixPath(relative).suffix.lower()
    is_active = suffix in _ACTIVE or (suffix not in _PASSIVE and source is not None and _is_markup(source))
    return f"{relative}.txt" if is_active else relative


def _is_markup(source: Path) -> bool:
    """Whether a browser might take the file for a document: there are too many kinds of XML to know their endings."""
    with source.open("rb") as stream:
        start = stream.read(1000)
    return start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n\f").startswith(b"<")


def static_assets(templates: Sequence[Path]) -> tuple[Asset, ...]:
    """Return the site's own CSS, scripts and icon; a file of an earlier folder hides one of the same name."""
    found: dict[str, Path] = {}
    for folder in templates:
        for name, path in files_below(folder / "assets", is_seen):
            found.setdefault(f"assets/{name}", path)
    return tuple(Asset(path=PurePosixPath(name), source=found[name]) for name in sorted(found))
