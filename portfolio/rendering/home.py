"""The pages about all projects: cards for the home page, and the tags with the projects that carry them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portfolio.rendering.escape import safe_address
from portfolio.rendering.figures import FigureView
from portfolio.rendering.headline import Headline, HeadlineView, headline_view
from portfolio.rendering.links import Link
from portfolio.rendering.relations import in_order
from portfolio.rendering.tools import Used
from portfolio.rendering.words import anchor, day_in_words, day_of, kind, minutes, word_count
from portfolio.values.entry import Entry
from portfolio.values.record import Record
from portfolio.values.site import Site

MOST_FEATURED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A project whose page was rendered, and what its card is made from."""

    entry: Entry
    record: Record
    headline: Headline | None
    hero: FigureView | None
    words: int
    """How many the write-up has, to tell how long it takes to read."""
    tools: tuple[Used, ...]
    """The packages of each step of the script."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One project on the home page and on the page of tags."""

    slug: str
    title: str
    question: str
    summary: str
    headline: HeadlineView | None
    tags: tuple[str, ...]
    hero: FigureView | None
    minutes: int
    day: str
    day_words: str
    kind: str
    """What kind of project it is, where that is worth a word."""
    draft: bool
    last_good: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TagView:
    """One tag with its projects."""

    name: str
    anchor: str
    cards: tuple[Card, ...]


def card(project: Finished) -> Card:
    """Return a project's card."""
    spec = project.entry.project.spec
    day = day_of(project.entry)
    prose = (
        spec.question or "",
        spec.problem or "",
        *spec.limits,
        *spec.follow_up,
        *spec.rejected,
        *spec.did_not_work,
        *spec.learned,
        *spec.on_faith,
    )
    return Card(
        slug=project.entry.project.slug,
        title=spec.title,
        question=spec.question or "",
        summary=spec.summary,
        headline=headline_view(project.headline) if project.headline else None,
        tags=spec.tags,
        hero=project.hero,
        minutes=minutes(project.words + word_count(spec.title, spec.summary, *prose)),
        day=day.isoformat() if day else "",
        day_words=day_in_words(day) if day else "",
        kind=kind(spec.kind),
        draft=spec.draft,
        last_good=project.entry.failure is not None,
    )


def ordered(projects: Sequence[Finished]) -> tuple[Finished, ...]:
    """Return the projects newest first, those without a day last, and by slug within a day."""
    by_slug = {project.entry.project.slug: project for project in projects}
    return tuple(by_slug[entry.project.slug] for entry in in_order([project.entry for project in projects]))


def featured_and_rest(projects: Sequence[Finished], cards: Sequence[Card]) -> tuple[tuple[Card, ...], tuple[Card, ...]]:
    """Return the cards of `projects` that are shown first and larger, and the others."""
    featured = [shown for project, shown in zip(projects, cards, strict=True) if project.entry.project.spec.featured]
    slugs = {shown.slug for shown in featured[:MOST_FEATURED]}
    return tuple(featured[:MOST_FEATURED]), tuple(shown for shown in cards if shown.slug not in slugs)


def author_links(site: Site, root: str) -> tuple[Link, ...]:
    """Return the author's links as seen from a page that is `root` away from the site's top."""
    links = []
    for label, address in site.author.links.items():
        safe = safe_address(address)
        relative = safe is not None and ":" not in safe.partition("/")[0] and not safe.startswith("#")
        links.append(Link(label=label, address=safe_address(f"{root}{safe}") if relative else safe))
    return tuple(links)


def tag_anchors(tags: Iterable[str]) -> dict[str, str]:
    """Return an id for every tag, in alphabetical order; tags that only differ in punctuation get a number."""
    names = sorted(set(tags), key=_alphabetical)
    anchors: dict[str, str] = {}
    for name in names:
        plain = f"tag-{anchor(name)}".rstrip("-")
        taken = set(anchors.values())
        numbered = (f"{plain}-{number}" for number in range(2, len(names) + 2))
        anchors[name] = plain if plain not in taken else next(one for one in numbered if one not in taken)
    return anchors


def tag_views(cards: Sequence[Card], anchors: Mapping[str, str]) -> tuple[TagView, ...]:
    """Return every tag with the cards of its projects."""
    return tuple(
        TagView(name=name, anchor=found, cards=tuple(shown for shown in cards if name in shown.tags))
        for name, found in anchors.items()
    )


def _alphabetical(tag: str) -> tuple[str, str]:
    return tag.casefold(), tag
