"""Pages about all projects beside the home page, worth having from five projects on: timeline, tools by step, ideas."""

from collections.abc import Sequence
from dataclasses import dataclass

from portfolio.rendering.home import Card, Finished

_STEPS = ("define", "prepare", "spot-check", "improve", "present")
"""The order of the usual steps; others stand behind them by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A year with its projects, the newest first; no name for those without a day."""

    name: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A package in one step, the versions its runs had, and the projects that used it there."""

    package: str
    versions: tuple[str, ...]
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTools:
    """A step of the process with the packages it took, the most used first."""

    name: str
    """Empty for scripts that name no steps."""
    tools: tuple[Tool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ideas:
    """What a project leaves to be tried."""

    card: Card
    ideas: tuple[str, ...]


def years(cards: Sequence[Card]) -> tuple[Year, ...]:
    """Return the cards, which come newest first, by year."""
    names = dict.fromkeys(card.day[:4] for card in cards)
    return tuple(Year(name=name, cards=tuple(card for card in cards if card.day[:4] == name)) for name in names)


def tools_by_step(projects: Sequence[Finished], cards: Sequence[Card]) -> tuple[StepTools, ...]:
    """Return the packages of all projects by step, from scripts and from the versions of their runs."""
    found: dict[str, dict[str, dict[str, list[Card]]]] = {}
    for project, card in zip(projects, cards, strict=True):
        for used in project.tools:
            by_version = found.setdefault(used.step, {}).setdefault(used.package, {})
            by_version.setdefault(used.version, []).append(card)
    return tuple(StepTools(name=name, tools=_tools(found[name])) for name in sorted(found, key=_place))


def ideas(projects: Sequence[Finished], cards: Sequence[Card]) -> tuple[Ideas, ...]:
    """Return what is left to be tried, by project."""
    pairs = ((card, project.entry.project.spec.follow_up) for project, card in zip(projects, cards, strict=True))
    return tuple(Ideas(card=card, ideas=follow_up) for card, follow_up in pairs if follow_up)


def _tools(by_package: dict[str, dict[str, list[Card]]]) -> tuple[Tool, ...]:
    tools = [
        Tool(
            package=package,
            versions=tuple(sorted(by_version)),
            cards=tuple(card for version in sorted(by_version) for card in by_version[version]),
        )
        for package, by_version in by_package.items()
    ]
    return tuple(sorted(tools, key=lambda tool: (-len(tool.cards), tool.package)))


def _place(step: str) -> tuple[int, str]:
    return (_STEPS.index(step) if step in _STEPS else len(_STEPS), step)
