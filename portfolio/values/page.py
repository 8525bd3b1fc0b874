"""Pages before the site engine sees them: paths in the docs tree, and bytes or files to put there."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from portfolio.values.untrusted import PageText


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file copied into the docs tree."""

    path: PurePosixPath
    source: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFile:
    """A text that stands beside a page, or in an archive."""

    path: PurePosixPath
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """Files offered in one; their paths are those inside it."""

    path: PurePosixPath
    files: tuple[Asset, ...]
    texts: tuple[TextFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A generated file of the docs tree and what belongs to it."""

    path: PurePosixPath
    text: PageText
    assets: tuple[Asset, ...] = ()
    texts: tuple[TextFile, ...] = ()
    archive: Archive | None = None
    kept: tuple[PurePosixPath, ...] = ()
    """Files that belong to it and lie in the docs tree as they should be."""
