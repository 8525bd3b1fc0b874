"""What the author says about the site and about themselves, read from `mkdocs.yml`."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who stands behind the portfolio: `extra.portfolio` of `mkdocs.yml`."""

    name: str = ""
    role: str = ""
    tagline: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    """Addresses by label, in the author's order."""
    example: bool = False
    """Whether every page says that it shows example content; the theme does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The site as a whole."""

    name: str
    url: str | None
    description: str
    author: Author
    has_nav: bool = False
    """Whether the author wrote a navigation of their own."""
    has_palette: bool = False
    """Whether they chose the colours of light and dark pages."""
    has_cv: bool = False
    """Whether there is a page of theirs with a CV."""
    leads_to_cv: bool = False
    """Whether their own navigation leads there."""
