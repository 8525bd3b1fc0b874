"""What each project lacks, from what its author wrote and what its last run left; nothing is run."""

from dataclasses import dataclass

from portfolio import results
from portfolio.completeness import Missing, missing
from portfolio.errors import Problem, placed
from portfolio.reading import Options
from portfolio.reporting import Outcome
from portfolio.surveying import survey
from portfolio.unwritten import undefined, unpresented
from portfolio.values.project import Project
from portfolio.values.record import FailureKind
from portfolio.workspace.root import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """One project and what it lacks, the first to be done first."""

    slug: str
    missing: tuple[Missing, ...]


def completions(workspace: Workspace, slugs: tuple[str, ...]) -> tuple[Completion, ...]:
    """Return what each project asked for lacks, drafts first, for they are what is being worked on.

    Raises:
        WorkspaceError, UsageError: see `reading.read`.
    """
    found, projects = survey(workspace, Options(slugs=slugs, drafts=True, frozen=True))
    by_slug = {project.slug: project for project in projects}
    wanted = [outcome for outcome in found.outcomes if not slugs or outcome.slug in slugs]
    listed = sorted(wanted, key=lambda outcome: (not by_slug[outcome.slug].spec.draft, outcome.slug))
    return tuple(Completion(slug=outcome.slug, missing=_missing(by_slug[outcome.slug], outcome)) for outcome in listed)


def _missing(project: Project, outcome: Outcome) -> tuple[Missing, ...]:
    """Return what is wrong with its result before what is missing of it: that would be judged by an old one."""
    accepted = results.accepted(results.load(project.folder / results.NAME))
    lacks = (*undefined(project), *missing(project, outcome.record, accepted), *unpresented(project))
    file, build = f"projects/{project.slug}/{project.spec.script}", f"portfolio build {project.slug}"
    if outcome.failure and outcome.failure.kind is FailureKind.WORSE:
        hint = f"portfolio diff {project.slug}, then improve it or: portfolio accept {project.slug}"
        return (
            Missing(file=file, key="", message=f"worse: {outcome.failure.message.partition(';')[0]}", hint=hint),
            *lacks,
        )
    if outcome.failure:
        others = (it for it in lacks if it.file != file)
        found = placed(outcome.failure.message) or Problem(file=file, key="", message=outcome.failure.message)
        return (Missing(file=found.file, key=found.key, message=f"failed: {found.message}", hint=build), *others)
    if outcome.record and outcome.reason:
        return (Missing(file=file, key="", message=f"has changed since it ran: {outcome.reason}", hint=build), *lacks)
    return lacks
