"""What machines read beside the pages: the Atom feed of new results, and who may look at what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from jinja2 import Environment

from portfolio.rendering.escape import from_template, xml_text
from portfolio.rendering.home import Finished
from portfolio.rendering.meta import absolute
from portfolio.rendering.words import day_of
from portfolio.values.page import Page
from portfolio.values.site import Site

MOST_ENTRIES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    address: str
    title: str
    summary: str
    tags: tuple[str, ...]
    updated: str


def feed(projects: Sequence[Finished], site: Site, jinja: Environment) -> Page | None:
    """Return the feed of the newest projects that have a day; None where nothing could stand in it.

    Args:
        projects: newest first.
        site: its address; without one there is no feed, for entries are known by theirs.
        jinja: the templates.
    """
    address = absolute(site, "")
    dated = [(found, day) for found in projects if (day := day_of(found.entry)) and not found.entry.project.spec.draft]
    if address is None or not dated:
        return None
    entries = [_entry(found, day, address) for found, day in dated[:MOST_ENTRIES]]
    text = from_template(jinja, "feed.xml", site=site, address=address, entries=entries)
    return Page(path=PurePosixPath("feed.xml"), text=xml_text(text))


def robots(site: Site, jinja: Environment) -> Page:
    """Return what tells robots where the site map is; an author's copy of the template may tell them more."""
    text = from_template(jinja, "robots.txt", address=absolute(site, ""))
    return Page(path=PurePosixPath("robots.txt"), text=xml_text(text))


def _entry(found: Finished, day: date, address: str) -> _Entry:
    spec = found.entry.project.spec
    return _Entry(
        address=f"{address}projects/{found.entry.project.slug}/",
        title=spec.title,
        summary=spec.summary,
        tags=spec.tags,
        updated=f"{day.isoformat()}T00:00:00Z",
    )
