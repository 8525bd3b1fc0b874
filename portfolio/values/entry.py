"""What is known of a project when its page is made: what ran, what it resulted in, where it comes from."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path

from portfolio.values.project import Project
from portfolio.values.record import Failure, Metric, Record


class Status(Enum):
    """What a build did with a project."""

    RAN = "ran"
    FRESH = "fresh"
    FAILED = "failed"
    RECORDED = "recorded"
    STALE = "stale"


class Trust(Enum):
    """What a page may say of its numbers."""

    RECOMPUTED = "recomputed"
    RECORDED = "recorded"
    LAST_GOOD = "last_good"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """The headline of a project as it was once committed."""

    commit: str
    day: date
    value: int | float
    interval: tuple[int | float, int | float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A committed state of the headline that was computed from the same data as the present one, and differs."""

    commit: str
    day: date
    metric: Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What version control knows of a project; every part may be absent."""

    changed: date | None = None
    """Day of the last commit that touched the project's folder."""
    repository: str | None = None
    """Web address of the repository, without credentials."""
    source: str | None = None
    """Web address of the project's folder at the commit of its run."""
    versions: tuple[Version, ...] = ()
    """The headline each time it was committed with another value, the oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """All that a project's page is made from: what is there, what ran, what is known."""

    project: Project
    status: Status
    reason: str
    """Why it ran, in words; empty where it did not."""
    record: Record | None
    """The last good record."""
    files: Path | None
    """The folder that holds the record's files."""
    failure: Failure | None
    trust: Trust
    provenance: Provenance
    earlier: Earlier | None = None
    seconds: float = 0.0
