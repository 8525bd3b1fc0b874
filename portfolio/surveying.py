"""What a build would do and show, without doing it: nothing is run, written or waited for."""

from dataclasses import dataclass, replace

from portfolio.build import Built, carry_out
from portfolio.entries import entry
from portfolio.planned import Plan, make_plan
from portfolio.planning.reasons import changes
from portfolio.reading import Options, Read, read
from portfolio.reporting import Outcome, Silent
from portfolio.running.zygote import Zygotes
from portfolio.templates import template_folders
from portfolio.values.entry import Entry
from portfolio.values.project import Project
from portfolio.values.record import Failure
from portfolio.workspace.root import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a build would do something about one project, in words."""

    slug: str
    reason: str
    """Why it would run; empty where it would not."""
    changes: tuple[str, ...]
    """Everything its run depends on that changed since the result that is shown."""
    page: tuple[str, ...]
    """Everything its page depends on that changed since it was rendered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One project as its page would show it."""

    entry: Entry
    failure: Failure | None
    """Why it has no new page, such as a name in its write-up that no run recorded."""


def survey(workspace: Workspace, options: Options) -> tuple[Built, tuple[Project, ...]]:
    """Return what a build would do, and the projects.

    Raises:
        WorkspaceError, UsageError: see `read`.
    """
    parsed, _, outcomes = _planned(workspace, options)
    return Built(outcomes=outcomes, site=None), parsed.projects


def explain(workspace: Workspace, options: Options) -> tuple[Explanation, ...]:
    """Return what a build would do about the projects asked for, and why.

    Raises:
        WorkspaceError, UsageError: see `read`.
    """
    from portfolio.rendering.page_cache import page_cache  # noqa: PLC0415 - jinja2, not for `list`
    from portfolio.rendering.page_key import page_changes  # noqa: PLC0415
    from portfolio.rendering.pages import page_keys  # noqa: PLC0415

    parsed, plan, outcomes = _planned(workspace, options)
    keys, packages = plan.execution.keys, plan.execution.packages.versions
    cache = page_cache(workspace, template_folders(workspace), packages, plan.digests.of)
    pages = page_keys(_entries(plan, outcomes), parsed.configuration.site, cache)
    found = []
    for step in plan.steps:
        slug, last = step.project.slug, step.stored.record.parts if step.stored else {}
        before = cache.parts(slug)
        found.append(
            Explanation(
                slug=slug,
                reason=step.reason if step.project.runs else "",
                changes=changes(last, keys.uses.complete(step.project, step.key.parts, last))
                if last and step.reason
                else (),
                page=page_changes(before, pages.get(slug, {})) if before else (),
            )
        )
    wanted = {step.project.slug for step in plan.steps if options.wants(step.project)}
    return tuple(explanation for explanation in found if explanation.slug in wanted)


def shown(workspace: Workspace, options: Options) -> tuple[Shown, ...]:
    """Return every project with a result as its page would show it, rendered for that.

    Raises:
        WorkspaceError, UsageError: see `read`.
        SiteError: a template of a page that all share cannot be rendered.
    """
    from portfolio.rendering.pages import render  # noqa: PLC0415 - jinja2, not for `list`

    parsed, plan, outcomes = _planned(workspace, options)
    entries = _entries(plan, outcomes)
    configuration = parsed.configuration
    rendered = render(entries, configuration.site, template_folders(workspace), resume=configuration.resume)
    return tuple(Shown(entry=found, failure=rendered.failures.get(found.project.slug)) for found in entries)


def entry_of(workspace: Workspace, slug: str) -> Entry:
    """Return one project with its last good record, as a build would show it.

    Raises:
        WorkspaceError, UsageError: see `read`.
    """
    _, plan, outcomes = _planned(workspace, Options(slugs=(slug,), drafts=True))
    return next(found for found in _entries(plan, outcomes) if found.project.slug == slug)


def _planned(workspace: Workspace, options: Options) -> tuple[Read, Plan, tuple[Outcome, ...]]:
    parsed = read(workspace, options)
    plan = make_plan(workspace, parsed, options, Silent(), Zygotes())
    return parsed, plan, carry_out(plan, parsed, replace(options, frozen=True))


def _entries(plan: Plan, outcomes: tuple[Outcome, ...]) -> list[Entry]:
    pairs = zip(plan.steps, outcomes, strict=True)
    return [entry(step.project, outcome, plan.execution.history) for step, outcome in pairs]
