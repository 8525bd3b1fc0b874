"""Which steps a build has to take: a project is run for a reason or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass

from portfolio.planning.keys import RunKey
from portfolio.planning.reasons import reason
from portfolio.values.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """A project with its key; `reason` is empty where a stored record is fresh."""

    project: Project
    key: RunKey
    reason: str

    @property
    def fresh(self) -> bool:
        """Whether nothing has to run."""
        return not self.reason


def plan(
    project: Project, key: RunKey, *, stored: bool, last: Mapping[str, str] | None, failed: bool, force: bool
) -> PlannedStep:
    """Decide about one project.

    Args:
        project: the project.
        key: its run key now.
        stored: whether a verified record of that key exists.
        last: the parts of the last good record's key.
        failed: whether its newest run failed.
        force: run in any case.
    """
    if force:
        why = "forced"
    elif failed:
        why = "failed last time"
    elif stored:
        why = ""
    else:
        why = reason(last, key.parts)
    return PlannedStep(project=project, key=key, reason="record is missing or damaged" if why == "asked for" else why)
