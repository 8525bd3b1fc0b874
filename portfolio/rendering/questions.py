"""What projects left open, and what others found out since: as one list, and on the page of each project.

Nothing here is declared answered. Another project takes a question up where it says that it builds on the one that
asked, or where one of its concepts is named in the question's own words; what it learned stands beside.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from portfolio.values.spec import Spec

LEAST_PROJECTS = 5
"""From so many on a site has pages about all of them; fewer are read faster at home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finder:
    """A project that took a question up, and what it learned."""

    slug: str
    title: str
    learned: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something that a project left open, in its author's words."""

    text: str
    by_concept: tuple[tuple[str, Finder], ...]
    """Concepts that the text names, each with a project that is about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one project left open."""

    slug: str
    title: str
    on_faith: tuple[Question, ...]
    follow_up: tuple[Question, ...]
    continued: tuple[Finder, ...]
    """The projects that say they build on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A concept of a project, and the other projects that are about it."""

    name: str
    others: tuple[Finder, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What the projects of a site say of what they left open and of what they are about, by slug."""

    finders: Mapping[str, Finder] = field(default_factory=dict)
    continued: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Which projects build on it."""
    concepts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Which projects are about it, by the concept as it is compared."""
    most_words: int = 0
    """In one concept."""
    has_page: bool = False
    """Whether the questions have a page of their own."""

    def of_concepts(self, slug: str, spec: Spec) -> tuple[Concept, ...]:
        """Return a project's concepts in its author's order."""
        return tuple(
            Concept(name=name, others=self._finders(self.concepts.get(_compared(name), ()), slug))
            for name in spec.concepts
        )

    def continued_by(self, slug: str) -> tuple[Finder, ...]:
        """Return the projects that build on one."""
        return self._finders(self.continued.get(slug, ()), slug)

    def asked(self, slug: str, spec: Spec) -> Asked | None:
        """Return what a project left open, or None where that is nothing."""
        if not spec.on_faith and not spec.follow_up:
            return None
        return Asked(
            slug=slug,
            title=spec.title,
            on_faith=tuple(self._question(text, slug) for text in spec.on_faith),
            follow_up=tuple(self._question(text, slug) for text in spec.follow_up),
            continued=self.continued_by(slug),
        )

    def shown_on(self, slug: str, spec: Spec) -> list[object]:
        """Return all that a project's page says of others by these notes, to tell whether it has to be rendered."""
        shown = (self.of_concepts(slug, spec), self.asked(slug, spec), self.continued_by(slug), self.has_page)
        return [repr(part) for part in shown]

    def _question(self, text: str, slug: str) -> Question:
        words = _compared(text).split()
        spans = ((start, end) for start in range(len(words)) for end in range(start + 1, start + self.most_words + 1))
        named = dict.fromkeys(" ".join(words[start:end]) for start, end in spans if end <= len(words))
        found = [
            (concept, finder)
            for concept in named
            if concept in self.concepts
            for finder in self._finders(self.concepts[concept], slug)
        ]
        return Question(text=text, by_concept=tuple(found))

    def _finders(self, slugs: Iterable[str], but: str) -> tuple[Finder, ...]:
        return tuple(self.finders[slug] for slug in slugs if slug != but)


def notes(specs: Mapping[str, Spec]) -> Notes:
    """Return what the specs of all projects that have a page say, by slug."""
    ordered = sorted(specs)
    concepts = _grouped((_compared(name), slug) for slug in ordered for name in specs[slug].concepts)
    return Notes(
        finders={slug: Finder(slug=slug, title=specs[slug].title, learned=specs[slug].learned) for slug in ordered},
        continued=_grouped((other, slug) for slug in ordered for other in specs[slug].builds_on),
        concepts=concepts,
        most_words=max((len(name.split()) for name in concepts), default=0),
        has_page=len(specs) >= LEAST_PROJECTS and any(spec.on_faith or spec.follow_up for spec in specs.values()),
    )


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for key, slug in pairs:
        known = found.setdefault(key, [])
        known += [] if slug in known else [slug]
    return {key: tuple(found[key]) for key in sorted(found)}


def _compared(text: str) -> str:
    """Return the words alone, so that a hyphen, a capital or a comma makes no difference."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def all_asked(specs: Sequence[tuple[str, Spec]], known: Notes) -> tuple[Asked, ...]:
    """Return what all projects left open, in the order given."""
    return tuple(found for slug, spec in specs if (found := known.asked(slug, spec)))
