"""A CV as pages show it, read from a JSON Resume file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing somebody did: a post, a degree, a publication."""

    title: str
    place: str = ""
    start: str = ""
    """A day, a month or a year, as `2024-03`."""
    end: str = ""
    is_open: bool = False
    """Whether it has no end yet."""
    text: str = ""
    points: tuple[str, ...] = ()
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a CV under its own heading."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """A whole CV; telephone numbers and street addresses are never read."""

    name: str = ""
    label: str = ""
    summary: str = ""
    place: str = ""
    links: tuple[tuple[str, str], ...] = ()
    """Words and addresses."""
    skills: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Names with their keywords."""
    parts: tuple[Part, ...] = ()
