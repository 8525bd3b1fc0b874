"""What a build is asked to do, and everything parsed before anything runs."""

import os
from dataclasses import dataclass
from pathlib import Path

from portfolio.errors import UsageError, WorkspaceError
from portfolio.values.project import Project
from portfolio.values.settings import Settings
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
    engine: str = "mkdocs"
    """What makes the site: `mkdocs` or `zensical`."""
    executor: str | None = None
    """Where runs take place, `local` or `dask`, whatever the settings say."""
    scheduler: str | None = None
    """That of Dask: an address or a scheduler file; given, the executor is `dask` unless said otherwise."""
    require_sandbox: bool = False
    """Run nothing unless every guard is on, whatever the settings say."""

    def cluster(self, settings: Settings, root: Path) -> str | None:
        """Return the scheduler of the cluster to run on, empty for one of this machine's own; None to run locally."""
        chosen = self.executor or ("dask" if self.scheduler else settings.executor)
        if chosen != "dask":
            return None
        if self.scheduler or not settings.scheduler:
            return self.scheduler or ""
        return settings.scheduler if "://" in settings.scheduler else str(root / settings.scheduler)

    def wants(self, project: Project) -> bool:
        """Whether `project` was asked for."""
        return (not self.slugs or project.slug in self.slugs) and (self.drafts or not project.spec.draft)

    def shows_recorded(self, project: Project) -> bool:
        """Whether the committed recorded run is shown: where nothing can be run, or it is too dear in this place."""
        return not project.runs or (self.recorded and project.spec.run.ci == "recorded" and bool(os.environ.get("CI")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Everything parsed, nothing executed."""

    configuration: Configuration
    projects: tuple[Project, ...]


def read(workspace: Workspace, options: Options, *, with_locks: bool = True) -> Read:
    """Parse configuration and specs, and the locks of projects unless they are about to be written anew.

    Raises:
        WorkspaceError: something in them is wrong; all of it is said together.
        UsageError: a slug names no project.
    """
    url = options.site_url or os.environ.get("PORTFOLIO_SITE_URL")
    configuration = read_configuration(workspace, site_url=url)
    found = discover(workspace, with_locks=with_locks)
    problems = (*configuration.problems, *found.problems)
    if problems:
        raise WorkspaceError(problems)
    known = [project.slug for project in found.projects]
    for slug in options.slugs:
        if slug not in known:
            hint = did_you_mean(slug, known) or f"there are: {', '.join(known) or 'none yet'}"
            raise UsageError(f"{slug}: no such project", hint=hint)
    return Read(configuration=configuration, projects=found.projects)
