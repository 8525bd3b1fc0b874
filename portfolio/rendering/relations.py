"""What leads from one project to another: those that share topics and tools with it, and its neighbours in time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portfolio.rendering.words import day_of
from portfolio.values.entry import Entry

MOST_RELATED = 3
_MOST_SHARING = 50
"""Projects beyond which what they share tells none of them from the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Slugs of the projects a page leads to."""

    related: tuple[str, ...] = ()
    newer: str | None = None
    older: str | None = None


def in_order(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return the entries newest first, those without a day last, and by slug within a day."""
    by_slug = sorted(entries, key=lambda entry: entry.project.slug)
    days = {entry.project.slug: day_of(entry) for entry in by_slug}
    dated = [entry for entry in by_slug if days[entry.project.slug]]
    dated.sort(key=lambda entry: str(days[entry.project.slug]), reverse=True)
    return (*dated, *(entry for entry in by_slug if not days[entry.project.slug]))


def relations(entries: Sequence[Entry]) -> Mapping[str, Around]:
    """Return what surrounds each project, by slug.

    What two projects share counts the more, the fewer others have it; what all have says nothing. What one builds on is
    linked anyway.
    """
    ordered = in_order(entries)
    traits = {entry.project.slug: _traits(entry) for entry in ordered}
    owners: dict[str, list[str]] = {}
    for slug, own in traits.items():
        for trait in own:
            owners.setdefault(trait, []).append(slug)
    found = {}
    for place, entry in enumerate(ordered):
        slug = entry.project.slug
        shared: Counter[str] = Counter()
        for trait in sorted(traits[slug]):
            sharing = len(owners[trait])
            others = owners[trait] if 1 < sharing < len(ordered) and sharing <= _MOST_SHARING else []
            shared.update({other: 1 / len(others) for other in others if other != slug})
        for known in entry.project.spec.builds_on:
            shared.pop(known, None)
        best = sorted(shared, key=lambda other: (-shared[other], other))
        found[slug] = Around(
            related=tuple(best[:MOST_RELATED]),
            newer=ordered[place - 1].project.slug if place else None,
            older=ordered[place + 1].project.slug if place + 1 < len(ordered) else None,
        )
    return found


def _traits(entry: Entry) -> frozenset[str]:
    """Return a project's topics, and the packages its run used."""
    tools = entry.record.circumstances.packages if entry.record else {}
    topics = {f"topic {tag.casefold()}" for tag in entry.project.spec.tags}
    return frozenset(topics | {f"tool {name}" for name in tools})
