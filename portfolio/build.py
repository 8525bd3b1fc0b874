"""The pipeline, readable top to bottom: read everything, then run, then render everything, then write."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from portfolio import files, provenance, results
from portfolio.digests import Digests
from portfolio.entries import entry
from portfolio.errors import UsageError, WorkspaceError
from portfolio.executing import Execution, Step
from portfolio.planning.keys import Keys
from portfolio.planning.packages import installed
from portfolio.planning.plan import why_stale
from portfolio.recorded import find_recorded, write_recorded
from portfolio.reporting import Outcome, Reporter, Silent
from portfolio.running.local import clear_scratch
from portfolio.store import Store
from portfolio.templates import template_folders
from portfolio.values.project import Entry, Project, Status
from portfolio.values.record import Failure, FailureKind
from portfolio.words import did_you_mean
from portfolio.workspace.config import Configuration, read_configuration
from portfolio.workspace.discover import discover
from portfolio.workspace.root import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a build is asked to do."""

    slugs: tuple[str, ...] = ()
    """Run only these; all unless given."""
    jobs: int | None = None
    force: bool = False
    frozen: bool = False
    """Run nothing; what is stale fails."""
    drafts: bool = False
    recorded: bool = True
    """Whether a recorded run may stand for a project in continuous integration."""
    site_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build did."""

    outcomes: tuple[Outcome, ...]
    site: Path | None
    published: bool = False
    """Whether the site was built anew."""

    @property
    def ok(self) -> bool:
        """Whether no project failed or is stale."""
        return all(outcome.status not in (Status.FAILED, Status.STALE) for outcome in self.outcomes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Everything parsed, nothing executed."""

    configuration: Configuration
    projects: tuple[Project, ...]


def read(workspace: Workspace, options: Options) -> Read:
    """Parse configuration and specs.

    Raises:
        WorkspaceError: something in them is wrong; all of it is said together.
        UsageError: a slug names no project.
    """
    url = options.site_url or os.environ.get("PORTFOLIO_SITE_URL")
    configuration = read_configuration(workspace, site_url=url)
    found = discover(workspace)
    problems = (*configuration.problems, *found.problems)
    if problems:
        raise WorkspaceError(problems)
    known = [project.slug for project in found.projects]
    for slug in options.slugs:
        if slug not in known:
            hint = did_you_mean(slug, known) or f"there are: {', '.join(known) or 'none yet'}"
            raise UsageError(f"{slug}: no such project", hint=hint)
    return Read(configuration=configuration, projects=found.projects)


def run(workspace: Workspace, options: Options, reporter: Reporter) -> Built:
    """Run what is stale; render nothing.

    Raises:
        WorkspaceError, UsageError: see `read`.
        KeyboardInterrupt: asked to stop; every run was ended first.
    """
    parsed = read(workspace, options)
    with _locked(workspace, reporter):
        outcomes, _ = _run(workspace, parsed, options, reporter)
    return Built(outcomes=_asked_for(outcomes, parsed.projects, options), site=None)


def build(workspace: Workspace, options: Options, reporter: Reporter) -> Built:
    """Run what is stale, then bring the site up to date.

    Raises:
        WorkspaceError, UsageError: see `read`.
        SiteError: the site could not be built; the last good one is kept.
        KeyboardInterrupt: asked to stop; every run was ended first.
    """
    parsed = read(workspace, options)
    with _locked(workspace, reporter):
        outcomes, execution = _run(workspace, parsed, options, reporter)
        shown = [project for project in parsed.projects if options.drafts or not project.spec.draft]
        by_slug = {outcome.slug: outcome for outcome in outcomes}
        entries = [entry(project, by_slug[project.slug], execution.history) for project in shown]
        outcomes, published = _publish(workspace, parsed.configuration, entries, outcomes)
    return Built(outcomes=_asked_for(outcomes, parsed.projects, options), site=workspace.site, published=published)


def survey(workspace: Workspace, options: Options) -> tuple[Built, tuple[Project, ...]]:
    """Return what a build would do, and the projects; nothing is run, written or waited for.

    Raises:
        WorkspaceError, UsageError: see `read`.
    """
    parsed = read(workspace, options)
    outcomes, _ = _run(workspace, parsed, options, Silent())
    return Built(outcomes=outcomes, site=None), parsed.projects


def record_runs(workspace: Workspace, options: Options) -> list[Path]:
    """Copy the last good run of the chosen projects into their `recorded/` folders; return the folders."""
    store = Store(workspace.records)
    chosen = [project for project in read(workspace, options).projects if project.slug in options.slugs]
    found = [(project, store.last_good(project.slug)) for project in chosen if not store.failure(project.slug)]
    return [write_recorded(project, stored) for project, stored in found if stored]


def _run(
    workspace: Workspace, parsed: Read, options: Options, reporter: Reporter
) -> tuple[tuple[Outcome, ...], Execution]:
    folders = template_folders(workspace)
    style = next((folder / "figures.mplstyle" for folder in folders if (folder / "figures.mplstyle").is_file()), Path())
    settings, packages = parsed.configuration.settings, installed(workspace.cache)
    digests = Digests(workspace.cache / "digests.json")
    execution = Execution(
        workspace=workspace,
        settings=settings,
        store=Store(workspace.records, digests.of),
        keys=Keys(workspace, settings, packages, style, digests),
        packages=packages,
        history=provenance.history(workspace),
        style=style,
        reporter=reporter,
    )
    steps = [_plan(project, execution, options) for project in parsed.projects]
    chosen = [
        step for step in steps if _is_wanted(step.project, options) and not _shows_recorded(step.project, options)
    ]
    stale = [] if options.frozen else [step for step in chosen if not step.fresh]
    reporter.planned([step.project.slug for step in stale], len(steps))
    jobs = options.jobs or parsed.configuration.settings.jobs or os.cpu_count() or 1
    ran = execution.run(stale, jobs)
    if not options.frozen:
        execution.keys.save()
    outcomes = [ran.get(step.project.slug) or _not_run(step, execution, options) for step in steps]
    return tuple(outcomes), execution


def _asked_for(outcomes: Sequence[Outcome], projects: Sequence[Project], options: Options) -> tuple[Outcome, ...]:
    """Return the outcomes of the projects a command was about."""
    wanted = {project.slug for project in projects if _is_wanted(project, options)}
    return tuple(outcome for outcome in outcomes if outcome.slug in wanted)


def _plan(project: Project, execution: Execution, options: Options) -> Step:
    keys, store, slug = execution.keys, execution.store, project.slug
    key = keys.of(project)
    found = store.find(slug, key.digest, lambda parts: keys.complete(project, key, parts) == parts)
    last = found or store.last_good(slug)
    parts = last.record.parts if last else None
    why = why_stale(
        stored=found is not None,
        last=parts,
        now=keys.complete(project, key, parts or {}),
        failed=store.failure(slug) is not None,
        force=options.force and _is_wanted(project, options),
    )
    return Step(project=project, key=key, reason=why, stored=last)


def _is_wanted(project: Project, options: Options) -> bool:
    return (not options.slugs or project.slug in options.slugs) and (options.drafts or not project.spec.draft)


def _shows_recorded(project: Project, options: Options) -> bool:
    """Whether this build shows the committed recorded run, as projects too dear for continuous integration do."""
    return options.recorded and project.spec.run.ci == "recorded" and bool(os.environ.get("CI"))


def _not_run(step: Step, execution: Execution, options: Options) -> Outcome:
    project, slug, store = step.project, step.project.slug, execution.store
    status, stored, failure = Status.FRESH, step.stored, None
    moved: tuple[results.Moved, ...] = ()
    if _shows_recorded(project, options):
        stored, status = find_recorded(project), Status.RECORDED
        if stored is None:
            message = f"has no recorded run: portfolio run --record {slug}, then commit recorded/"
            status, failure = Status.FAILED, Failure(kind=FailureKind.NO_RESULT, message=message)
    elif not step.fresh:
        failure = store.failure(slug)
        status = Status.STALE if options.frozen else Status.FAILED if failure else Status.FRESH
    elif stored and not options.frozen:
        store.note_good(stored)
        moved = results.update(project.folder, stored.record, project.spec)
    return Outcome(
        slug=slug,
        status=status,
        reason=step.reason,
        seconds=0.0,
        stored=stored,
        failure=failure,
        moved=moved,
        shown=execution.workspace.shown(project.script),
    )


def _publish(
    workspace: Workspace, configuration: Configuration, entries: Sequence[Entry], outcomes: Sequence[Outcome]
) -> tuple[tuple[Outcome, ...], bool]:
    from portfolio.publishing.publish import publish  # noqa: PLC0415 - not on the path of `run`
    from portfolio.rendering import render  # noqa: PLC0415

    rendered = render(entries, configuration.site, template_folders(workspace))
    kept = [PurePosixPath("projects", slug) for slug in rendered.failures]
    _mark_kept(workspace.docs, rendered.failures)
    published = publish(workspace, configuration.site, rendered.pages, template_folders(workspace), kept)
    return tuple(_with_page(outcome, rendered.failures) for outcome in outcomes), published


def _mark_kept(docs: Path, failures: Mapping[str, Failure]) -> None:
    """Say on a page that could not be rendered anew that it shows the last good result."""
    from portfolio.rendering import mark  # noqa: PLC0415

    for slug, failure in failures.items():
        page = docs / "projects" / slug / "index.md"
        if page.is_file():
            files.write_text(page, mark(page.read_text(encoding="utf-8"), failure))


def _with_page(outcome: Outcome, failures: Mapping[str, Failure]) -> Outcome:
    failure = failures.get(outcome.slug)
    if failure is None or outcome.failure:
        return outcome
    return replace(outcome, status=Status.FAILED, failure=failure)


@contextmanager
def _locked(workspace: Workspace, reporter: Reporter) -> Iterator[None]:
    """Hold the workspace: one build at a time; what one that was killed left behind is deleted."""
    lock = workspace.build / ".lock"
    with files.locked(lock, on_wait=lambda: reporter.note("waiting for another build of this workspace to finish")):
        for leftover in (workspace.build / "scratch").glob("*"):
            clear_scratch(leftover)
        yield
