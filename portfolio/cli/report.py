"""What a command says at its end to people on the terminal."""

from collections.abc import Sequence

from portfolio.build import Built
from portfolio.cli.document import say_summary
from portfolio.cli.options import Globals
from portfolio.cli.say import say
from portfolio.errors import Problem, placed
from portfolio.reporting import Outcome
from portfolio.terminal import one_line, plain
from portfolio.values.entry import Status
from portfolio.values.project import Project

_TAIL = 12


def say_built(built: Built, globals_: Globals, seconds: float, site: str | None) -> None:
    """Say what a build did: failures with what to do, then one line."""
    for outcome in built.outcomes:
        if outcome.failure and outcome.status is not Status.STALE:
            _say_failure(outcome, verbose=globals_.verbose)
    for outcome in built.outcomes:
        if outcome.status is Status.STALE:
            say(f"stale {outcome.slug}: {one_line(outcome.reason)}", err=True)
    if globals_.quiet:
        return
    say_summary([outcome.status.value for outcome in built.outcomes], site, seconds, published=built.published)


def say_list(built: Built, projects: Sequence[Project]) -> None:
    """Print a row for each project: slug, status, headline, title."""
    width = max((len(project.slug) for project in projects), default=0)
    for outcome, project in zip(built.outcomes, projects, strict=True):
        status = "draft" if project.spec.draft else outcome.status.value
        say(f"{project.slug:<{width}}  {status:<8}  {_headline(outcome, project):<24}  {one_line(project.spec.title)}")
        if outcome.reason:
            say(f"{'':<{width}}  {'':<8}  {one_line(outcome.reason)}")
    if not projects:
        say("no projects yet\nhint: portfolio new my-first starts one")


def _say_failure(outcome: Outcome, *, verbose: bool) -> None:
    failure = outcome.failure
    if failure is None:
        return
    place = f"{outcome.shown}:{failure.line}" if failure.line else outcome.shown
    found = placed(failure.message) or Problem(file=place, key="", message=failure.message)
    where = f"{found.file}:{found.key}" if found.key else found.file
    say(f"{where}: {failure.kind.value}: {one_line(found.message)}", err=True)
    lines = plain(failure.detail).rstrip().splitlines()
    for line in lines if verbose else lines[-_TAIL:]:
        say(f"    {line}", err=True)
    kept = "its last good page stays" if outcome.record else "it has no page yet"
    say(f"hint: {kept}; to try it alone: portfolio build {outcome.slug}", err=True)


def _headline(outcome: Outcome, project: Project) -> str:
    result = outcome.record.result if outcome.record else None
    name = project.spec.headline.metric if project.spec.headline else None
    metric = result.metric(name) if result else None
    if metric is None:
        return "no headline" if name is None else "no result yet"
    between = f" [{metric.interval[0]:.4g}, {metric.interval[1]:.4g}]" if metric.interval else ""
    return f"{metric.name} {metric.value:.4g}{between}"
