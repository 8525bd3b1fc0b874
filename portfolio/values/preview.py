"""What a link's preview image shows of a page: plain text as it is drawn, and a figure by its file."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The words and the figure of one image."""

    title: str
    byline: str
    """Who stands behind it."""
    number: str = ""
    """The headline as it stands on the page, empty where there is none."""
    unit: str = ""
    against: str = ""
    """What the number is compared with, in words."""
    figure: Path | None = None
    """The light image of the figure a page shows first."""
