"""A project as found on disk, and what is planned for it."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path

from portfolio.values.environment import Needs
from portfolio.values.record import Failure, Metric, Record
from portfolio.values.spec import Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One folder under `projects/`, its spec read and found valid."""

    slug: str
    folder: Path
    spec: Spec
    needs: Needs | None = None
    """What it asks of an environment of its own; None where it runs with what is installed here."""
    runs: bool = True
    """Whether there is anything to run; without a script the committed recorded run is all there is."""

    @property
    def script(self) -> Path:
        """The script's path."""
        return self.folder / self.spec.script

    @property
    def started(self) -> Path:
        """The file that says what runs: the script, or the spec where it names a command."""
        return self.folder / "spec.toml" if self.spec.run.command else self.script


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
