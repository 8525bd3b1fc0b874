"""The pipeline, readable top to bottom: read everything, then run, then render everything, then write."""

import os
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from portfolio import files, results, unchanged
from portfolio.accepting import behind
from portfolio.entries import entry
from portfolio.executing import hold
from portfolio.keeping import Step
from portfolio.planned import Plan, changed_since, make_plan
from portfolio.planning.uses import files_seen, folders_listed
from portfolio.reading import Options, Read, read
from portfolio.ready import Ready
from portfolio.recorded import find_recorded, write_recorded
from portfolio.reporting import Outcome, Reporter, Silent, row
from portfolio.running.zygote import Zygotes
from portfolio.store import Store
from portfolio.templates import template_folders
from portfolio.values.entry import Entry, Status
from portfolio.values.project import Project
from portfolio.values.record import Failure, FailureKind
from portfolio.withholding import is_withheld, withhold
from portfolio.workspace.config import Configuration
from portfolio.workspace.root import Workspace

__all__ = ["Built", "Options", "build", "record_runs", "run"]


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

    def rows(self) -> list[dict[str, object]]:
        """Return what `--json` says of each project."""
        return [row(outcome) for outcome in self.outcomes]


def run(workspace: Workspace, options: Options, reporter: Reporter) -> Built:
    """Run what is stale; render nothing.

    Raises:
        WorkspaceError, UsageError: see `read`.
        KeyboardInterrupt: asked to stop; every run was ended first.
    """
    parsed = read(workspace, options)
    with hold(workspace, reporter), Zygotes() as zygotes:
        plan = make_plan(workspace, parsed, options, reporter, zygotes)
        outcomes = carry_out(plan, parsed, options)
        with suppress(OSError):
            plan.save()
    return Built(outcomes=_asked_for(outcomes, parsed.projects, options), site=None)


def build(workspace: Workspace, options: Options, reporter: Reporter, shared: Ready | None = None) -> Built:
    """Run what is stale, then bring the site up to date; by processes `shared` with other builds, else by its own.

    Raises:
        WorkspaceError, UsageError: see `read`.
        SiteError: the site could not be built; the last good one is kept.
        KeyboardInterrupt: asked to stop; every run was ended first.
    """
    before = unchanged.before_reading(workspace)
    parsed = read(workspace, options)
    with hold(workspace, reporter), nullcontext(shared) if shared else Ready(engine=options.engine) as ready:
        unchanged.forget(workspace)
        plan = make_plan(workspace, parsed, options, reporter, ready.zygotes)
        outcomes = withhold(workspace, carry_out(plan, parsed, options))
        shown = [project for project in parsed.projects if options.drafts or not project.spec.draft]
        by_slug = {outcome.slug: outcome for outcome in outcomes}
        entries = [entry(project, by_slug[project.slug], plan.execution.history) for project in shown]
        outcomes, published = _publish(plan, parsed.configuration, entries, outcomes, ready)
        with suppress(OSError):  # what could not be remembered is found out again
            plan.save()
            _note_if_done(workspace, options, before, plan, outcomes)
        if shared and shared.keeps:
            plan.execution.expect(parsed.projects)
    return Built(outcomes=_asked_for(outcomes, parsed.projects, options), site=workspace.site, published=published)


def record_runs(workspace: Workspace, options: Options) -> list[Path]:
    """Copy the last good run of the chosen projects into their `recorded/` folders; return the folders."""
    store = Store(workspace.records)
    chosen = [project for project in read(workspace, options).projects if project.slug in options.slugs]
    with hold(workspace, Silent()):
        found = [(project, store.last_good(project.slug)) for project in chosen if not store.failure(project.slug)]
        return [write_recorded(project, stored) for project, stored in found if stored]


def carry_out(plan: Plan, parsed: Read, options: Options) -> tuple[Outcome, ...]:
    """Run what is stale; return the outcomes of all projects in their order."""
    stale = plan.stale(options)
    plan.execution.reporter.planned([step.project.slug for step in stale], len(plan.steps))
    settings = parsed.configuration.settings
    jobs, scheduler = (
        options.jobs or settings.jobs or os.cpu_count() or 1,
        options.cluster(settings, plan.execution.workspace.root),
    )
    if stale and scheduler is not None:
        from portfolio.distributing import run_on_cluster  # noqa: PLC0415 - for those who have a cluster

        ran = run_on_cluster(plan.execution, stale, scheduler, jobs)
    else:
        ran = plan.execution.run(stale, jobs)
    return tuple(ran.get(step.project.slug) or _not_run(step, plan, options) for step in plan.steps)


def _asked_for(outcomes: Sequence[Outcome], projects: Sequence[Project], options: Options) -> tuple[Outcome, ...]:
    """Return the outcomes of the projects a command was about."""
    wanted = {project.slug for project in projects if options.wants(project)}
    return tuple(outcome for outcome in outcomes if outcome.slug in wanted)


def _not_run(step: Step, plan: Plan, options: Options) -> Outcome:
    project, slug, store = step.project, step.project.slug, plan.execution.store
    status, stored, failure, why = Status.FRESH, step.stored, None, step.reason
    moved: tuple[results.Moved, ...] = ()
    if options.shows_recorded(project):
        stored, status = find_recorded(project), Status.RECORDED
        why = changed_since(plan.execution, step, stored.record) if stored and project.runs else ""
        if stored is None:
            remedy = f"portfolio run --record {slug}, then commit recorded/" if project.runs else "import it again"
            message = f"has no whole recorded run: {remedy}"
            status, failure = Status.FAILED, Failure(kind=FailureKind.NO_RESULT, message=message)
    elif not step.fresh:
        failure = store.failure(slug)
        status = Status.STALE if options.frozen else Status.FAILED if failure else Status.FRESH
    elif stored and not options.frozen:
        moved = results.update(project.folder, stored.record, project.spec)
    is_current = step.fresh or status is Status.RECORDED
    if stored and is_current and (worse := behind(project, stored.record)):
        stored, failure = store.newest(slug, lambda record: behind(project, record) is None), worse
        status = Status.FAILED
    elif stored and status is Status.FRESH and step.fresh and not options.frozen:
        store.note_good(stored)
    return Outcome(
        slug=slug,
        status=status,
        reason=why,
        seconds=0.0,
        stored=stored,
        failure=failure,
        moved=moved,
        shown=plan.execution.workspace.shown(project.started),
    )


def _publish(
    plan: Plan, configuration: Configuration, entries: Sequence[Entry], outcomes: Sequence[Outcome], ready: Ready
) -> tuple[tuple[Outcome, ...], bool]:
    from portfolio.cards import draw_cards  # noqa: PLC0415 - not on the path of `run`
    from portfolio.publishing.publish import publish  # noqa: PLC0415
    from portfolio.rendering.page_cache import page_cache  # noqa: PLC0415
    from portfolio.rendering.pages import render  # noqa: PLC0415

    workspace, site, folders = plan.execution.workspace, configuration.site, template_folders(plan.execution.workspace)
    cache = page_cache(workspace, folders, plan.execution.packages.versions, plan.digests.of)
    rendered = render(entries, site, folders, cache, ready.limited, configuration.resume)
    cards = draw_cards(rendered.previews, workspace.cache / "cards", plan.digests.of)
    pages = (replace(rendered.pages[0], assets=(*rendered.pages[0].assets, *cards)), *rendered.pages[1:])
    withheld = {outcome.slug: outcome.failure for outcome in outcomes if outcome.failure and is_withheld(outcome)}
    failures = {**rendered.failures, **withheld}
    kept = [PurePosixPath("projects", slug) for slug in failures]
    _mark_kept(workspace.docs, failures)
    with ready.engine() as engine:
        published = publish(workspace, site, pages, folders, kept, engine=engine, digest=plan.digests.of)
    with suppress(OSError):
        cache.save()
    return tuple(_with_page(outcome, rendered.failures) for outcome in outcomes), published


def _note_if_done(
    workspace: Workspace, options: Options, before: unchanged.Before, plan: Plan, everything: Sequence[Outcome]
) -> None:
    """Let the next build answer at once, where every project shown has a page of its own newest result."""
    from portfolio.publishing.site_inputs import site_inputs  # noqa: PLC0415 - not on the path of `run`

    drafts = {step.project.slug for step in plan.steps if step.project.spec.draft}
    shown = [outcome for outcome in everything if options.drafts or outcome.slug not in drafts]
    stale = [outcome for outcome in shown if outcome.reason and outcome.status is not Status.RAN]
    if options.frozen or stale or any(outcome.failure for outcome in shown):
        return
    rows = [row(replace(outcome, status=_next(outcome.status), reason="", seconds=0.0)) for outcome in shown]
    uses = plan.execution.keys.uses
    places, listed = set(site_inputs(workspace)), set[Path]()
    for step, outcome in zip(plan.steps, everything, strict=True):
        parts = outcome.record.parts if outcome.record else {}
        places.update(uses.outside(step.project), files_seen(step.project, parts))
        listed.update(folders_listed(step.project, parts))
    variables = {name for step in plan.steps for name in step.project.spec.run.env}
    besides = unchanged.Besides(places=places, listed=listed, variables=variables)
    asked = unchanged.Asked(drafts=options.drafts, site_url=options.site_url, engine=options.engine)
    unchanged.note(workspace, asked, before, rows, besides=besides, digests=plan.digests)


def _next(status: Status) -> Status:
    """Return what the next build says of a project if nothing changes."""
    return Status.FRESH if status is Status.RAN else status


def _mark_kept(docs: Path, failures: Mapping[str, Failure]) -> None:
    """Say on a page that could not be rendered anew that it shows the last good result."""
    from portfolio.rendering.trust import mark  # noqa: PLC0415

    for slug, failure in failures.items():
        page = docs / "projects" / slug / "index.md"
        if page.is_file():
            files.write_text(page, mark(page.read_text(encoding="utf-8"), failure))


def _with_page(outcome: Outcome, failures: Mapping[str, Failure]) -> Outcome:
    failure = failures.get(outcome.slug)
    if failure is None or outcome.failure:
        return outcome
    return replace(outcome, status=Status.FAILED, failure=failure)
