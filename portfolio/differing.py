"""What changed between recorded numbers and those of a commit, fold by fold where there are folds."""

from dataclasses import dataclass
from typing import Any

from portfolio import provenance, results
from portfolio.errors import UsageError
from portfolio.reading import Options, read
from portfolio.skill import Compared, Verdict, compare_all, judged, ropes
from portfolio.values.project import Project
from portfolio.values.record import Metric, Result
from portfolio.workspace.root import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One metric that is not what it was."""

    metric: str
    old: float | None
    new: float | None
    compared: Compared
    moved: bool
    """Whether it differs by more than its tolerance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What changed in one project."""

    slug: str
    against: str
    """`accepted` where the accepted numbers are the old ones, else the revision; empty where there are no old ones."""
    changes: tuple[Change, ...]
    unchanged: int
    is_accepted: bool = False
    """Whether the new numbers were accepted since."""

    @property
    def worse(self) -> tuple[str, ...]:
        """The metrics that are worse and that nobody accepted."""
        found = (change.metric for change in self.changes if change.compared.verdict is Verdict.WORSE)
        return () if self.is_accepted else tuple(found)

    @property
    def moved(self) -> tuple[str, ...]:
        """The metrics that moved."""
        return tuple(change.metric for change in self.changes if change.moved)


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """What changed in all projects asked for."""

    projects: tuple[Difference, ...]
    note: str = ""
    """Why nothing could be compared."""
    strict: bool = False
    """Whether the workspace wants no number to move."""


def differences(workspace: Workspace, slugs: tuple[str, ...], against: str | None) -> Differences:
    """Return what changed in the recorded numbers since a revision, by default the checked-out commit.

    Raises:
        WorkspaceError, UsageError: see `reading.read`; or git knows no such revision.
    """
    options = Options(slugs=slugs, drafts=True)
    parsed = read(workspace, options)
    strict = parsed.configuration.settings.strict
    history = provenance.history(workspace)
    if history is None or history.repo is None:
        return Differences(projects=(), note="there is no git history here to compare with", strict=strict)
    revision = against or "HEAD"
    found = history.recorded_at(revision)
    if found is None and against is None:
        return Differences(projects=(), note="nothing is committed yet to compare with", strict=strict)
    if found is None:
        raise UsageError(
            f"git knows no revision {against!r}", hint="a branch, a tag or a commit; git fetch gets those of others"
        )
    wanted = [project for project in parsed.projects if options.wants(project)]
    listed = (difference(project, results.read(found.get(project.slug, b"")), revision) for project in wanted)
    return Differences(projects=tuple(listed), strict=strict)


def difference(project: Project, old: dict[str, Any] | None, revision: str) -> Difference:
    """Return what changed in one project since the document `old`.

    The old numbers of a project of kind `deep` are those accepted there, if any: else a slow decline would pass step
    by step.
    """
    now = results.load(project.folder / results.NAME) or {"metrics": {}}
    accepted = results.accepted(old) if project.spec.kind == "deep" else None
    before = accepted or old
    new = judged(results.metrics(now), project.spec)
    if before is None:
        return Difference(slug=project.slug, against="", changes=(), unchanged=0)
    was = judged(results.metrics(before), project.spec)
    same = before.get("data") == now.get("data")
    compared = compare_all(was, new, same_data=same, ropes=ropes(project.spec, new))
    beyond = {change.name for change in results.moved(before, Result(metrics=tuple(new.values())), project.spec)}
    changes = tuple(
        Change(
            metric=name,
            old=was[name].value if name in was else None,
            new=new[name].value if name in new else None,
            compared=found,
            moved=name in beyond,
        )
        for name, found in compared.items()
        if name not in was or name not in new or _shown(was[name]) != _shown(new[name])
    )
    since = results.accepted(now)
    return Difference(
        slug=project.slug,
        against="accepted" if accepted else revision,
        changes=changes,
        unchanged=len(compared) - len(changes),
        is_accepted=accepted is not None and since != accepted and (since or {}).get("metrics") == now["metrics"],
    )


def _shown(metric: Metric) -> tuple[Any, ...]:
    """Return what makes two states of a metric two different results; how it was worded does not."""
    return metric.value, metric.interval, metric.scores, metric.splits
