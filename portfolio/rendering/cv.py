"""The CV for its template: periods in words, links that may be followed."""

from dataclasses import dataclass

from portfolio.rendering.escape import safe_address
from portfolio.rendering.links import Link
from portfolio.rendering.words import month_in_words
from portfolio.values.resume import Item, Resume
from portfolio.values.untrusted import Href


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One thing somebody did."""

    title: str
    place: str
    period: str
    text: str
    points: tuple[str, ...]
    address: Href | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CvView:
    """What a template shows of a CV; its parts are headings with their items."""

    name: str
    label: str
    summary: str
    place: str
    links: tuple[Link, ...]
    skills: tuple[tuple[str, tuple[str, ...]], ...]
    parts: tuple[tuple[str, tuple[ItemView, ...]], ...]


def cv_view(resume: Resume, name: str, role: str) -> CvView:
    """Return the CV; what it does not say of its owner is what the site says."""
    return CvView(
        name=resume.name or name,
        label=resume.label or role,
        summary=resume.summary,
        place=resume.place,
        links=tuple(Link(label=label, address=safe_address(address)) for label, address in resume.links),
        skills=resume.skills,
        parts=tuple((part.title, tuple(map(_item, part.items))) for part in resume.parts),
    )


def _item(item: Item) -> ItemView:
    start, end = month_in_words(item.start), month_in_words(item.end)
    period = _span(start, end) or (f"since {start}" if item.is_open else end or start)
    address = safe_address(item.address) if item.address.startswith(("https://", "http://")) else None
    return ItemView(
        title=item.title, place=item.place, period=period, text=item.text, points=item.points, address=address
    )


def _span(start: str, end: str) -> str:
    return f"{start} \u2013 {end}" if start and end and start != end else ""
