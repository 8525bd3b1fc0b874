"""What a build tells a run of GitHub Actions: failures on file and line, and a row for each project."""

from collections.abc import Iterator

from portfolio.build import Built
from portfolio.cli.actions import annotate, cell, is_running, summarize, table
from portfolio.errors import Problem
from portfolio.reporting import Outcome
from portfolio.terminal import one_line
from portfolio.workspace.root import Workspace

_COLUMNS = ("project", "what happened", "why", "numbers that moved")
_MOVED = 5


def tell_actions(built: Built, workspace: Workspace) -> None:
    """Annotate what failed, and add a table of all projects to the summary; nothing where this is no run of Actions."""
    if not is_running():
        return
    annotate(_failures(built), workspace.root)
    rows = [
        (outcome.slug, outcome.status.value, _why(outcome), ", ".join(_moved(outcome)) or "none")
        for outcome in built.outcomes
    ]
    said = table(_COLUMNS, rows) if rows else [cell("no projects yet")]
    summarize(["### Projects", "", *said])


def _failures(built: Built) -> Iterator[Problem]:
    for outcome in built.outcomes:
        if outcome.failure:
            kept = "its last good page stays" if outcome.record else "it has no page yet"
            yield Problem(
                file=outcome.shown,
                key=str(outcome.failure.line or ""),
                message=f"{outcome.failure.kind.value}: {one_line(outcome.failure.message)}",
                hint=f"{kept}; to try it alone: portfolio build {outcome.slug}",
            )


def _why(outcome: Outcome) -> str:
    if outcome.failure:
        return f"{outcome.failure.kind.value}: {outcome.failure.message}"
    return outcome.reason or "nothing changed"


def _moved(outcome: Outcome) -> Iterator[str]:
    for moved in outcome.moved[:_MOVED]:
        old, new = ("absent" if value is None else f"{value:.6g}" for value in (moved.old, moved.new))
        yield f"{moved.name} {old} → {new}"
    if len(outcome.moved) > _MOVED:
        yield f"{len(outcome.moved) - _MOVED} more"
