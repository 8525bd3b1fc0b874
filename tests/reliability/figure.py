"""What a long form measured, beside what was promised."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of reliability."""

    what: str
    """What was done, with its numbers: `200 kills -9, spread over every phase`."""
    promised: str
    measured: str
    ok: bool
    """Whether the promise was kept."""
    notes: tuple[str, ...] = ()
    """One line each: what went wrong, or what could not be measured here."""
