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
class Page:
    """A generated file of the docs tree and the assets that belong to it."""

    path: PurePosixPath
    text: PageText
    assets: tuple[Asset, ...] = ()
