"""From everything parsed to the steps of a build: each project with its key, its stored record, and why it must run."""

from dataclasses import dataclass

from portfolio import provenance
from portfolio.digests import Digests
from portfolio.executing import Execution
from portfolio.keeping import Step
from portfolio.planning.keys import Keys
from portfolio.planning.packages import installed
from portfolio.planning.plan import why_stale
from portfolio.planning.reasons import reason
from portfolio.reading import Options, Read
from portfolio.reporting import Reporter
from portfolio.running.zygote import Zygotes
from portfolio.store import Store
from portfolio.templates import figure_style
from portfolio.values.project import Project
from portfolio.values.record import Record
from portfolio.workspace.root import Workspace

_OWN = ("file", "shared", "data", "read", "script", "command", "param", "seed", "requirement")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The steps of all projects, and what carries them out."""

    steps: tuple[Step, ...]
    execution: Execution
    digests: Digests

    def stale(self, options: Options) -> tuple[Step, ...]:
        """Return the steps to run."""
        if options.frozen:
            return ()
        wanted = (step for step in self.steps if options.wants(step.project))
        return tuple(step for step in wanted if not step.fresh and not options.shows_recorded(step.project))

    def save(self) -> None:
        """Keep what was learned of files, sources and history for the next build."""
        self.execution.keys.save()
        if self.execution.history:
            self.execution.history.save()


def changed_since(execution: Execution, step: Step, record: Record) -> str:
    """Return in words what its author changed of what decides the numbers since `record`; versions do not count."""
    now = execution.keys.uses.complete(step.project, step.key.parts, record.parts)
    old, new = ({name: value for name, value in parts.items() if _is_own(name)} for parts in (record.parts, now))
    return reason(old, new) if old != new else ""


def _is_own(part: str) -> bool:
    return part.partition(" ")[0] in _OWN


def make_plan(workspace: Workspace, parsed: Read, options: Options, reporter: Reporter, zygotes: Zygotes) -> Plan:
    """Return what a build would do; nothing is run or written."""
    settings, packages = parsed.configuration.settings, installed(workspace.cache)
    if options.require_sandbox:
        settings = settings.model_copy(update={"require_sandbox": True})
    digests = Digests(workspace.cache / "digests.json")
    style = figure_style(workspace)
    execution = Execution(
        workspace=workspace,
        settings=settings,
        store=Store(workspace.records, digests.of),
        keys=Keys(workspace, settings, packages, style, digests),
        packages=packages,
        history=provenance.history(workspace),
        style=style,
        reporter=reporter,
        zygotes=zygotes,
    )
    steps = tuple(_step(project, execution, options) for project in parsed.projects)
    return Plan(steps=steps, execution=execution, digests=digests)


def _step(project: Project, execution: Execution, options: Options) -> Step:
    keys, store, slug = execution.keys, execution.store, project.slug
    key = keys.of(project)
    found = store.find(slug, key.digest, lambda parts: keys.uses.complete(project, key.parts, parts) == parts)
    last = found or store.last_good(slug)
    parts = last.record.parts if last else None
    failed = store.failed(slug)
    why = why_stale(
        stored=found is not None,
        last=parts,
        now=keys.uses.complete(project, key.parts, parts or {}),
        failed=failed is not None and keys.uses.complete(project, key.parts, failed.parts) == failed.parts,
        force=options.force and options.wants(project),
    )
    return Step(project=project, key=key, reason=why, stored=last)
