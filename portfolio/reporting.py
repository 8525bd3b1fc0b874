"""What a build tells whoever watches: events, and the outcome of each project as a value."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from portfolio.results import Moved
from portfolio.store import Stored
from portfolio.values.entry import Status
from portfolio.values.record import Failure, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a build did with one project."""

    slug: str
    status: Status
    reason: str
    seconds: float
    stored: Stored | None
    """The record its page shows, with the folder of its files."""
    failure: Failure | None
    moved: tuple[Moved, ...] = ()
    shown: str = ""
    """The project's folder as a user would write it, for messages."""
    notes: tuple[str, ...] = ()
    """What the guards of its run could not do, or had to."""

    @property
    def record(self) -> Record | None:
        """The record its page shows."""
        return self.stored.record if self.stored else None


def row(outcome: Outcome) -> dict[str, Any]:
    """Return what `--json` says of one project; the numbers are those of a good run."""
    result = outcome.record.result if outcome.record and outcome.status is not Status.FAILED else None
    failure = outcome.failure
    return {
        "slug": outcome.slug,
        "status": outcome.status.value,
        "reason": outcome.reason,
        "seconds": round(outcome.seconds, 3),
        "metrics": {metric.name: metric.value for metric in result.metrics} if result else {},
        "figures": len(result.figures) if result else 0,
        "tables": len(result.tables) if result else 0,
        "artifacts": len(result.artifacts) if result else 0,
        "failure": {"kind": failure.kind.value, "message": failure.message} if failure else None,
    }


class Reporter(Protocol):
    """Told what happens, from any thread; decides how to show it."""

    def planned(self, slugs: Sequence[str], total: int) -> None:
        """These of `total` projects are going to run."""

    def started(self, slug: str, reason: str) -> None:
        """A run begins."""

    def finished(self, outcome: Outcome) -> None:
        """A run ended, well or badly."""

    def note(self, text: str) -> None:
        """Something else worth a line."""


class Silent:
    """A reporter that shows nothing."""

    def planned(self, slugs: Sequence[str], total: int) -> None:
        """Show nothing."""

    def started(self, slug: str, reason: str) -> None:
        """Show nothing."""

    def finished(self, outcome: Outcome) -> None:
        """Show nothing."""

    def note(self, text: str) -> None:
        """Show nothing."""
