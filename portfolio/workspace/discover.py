"""All projects of a workspace, or everything that is wrong with them, before anything runs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from portfolio.errors import Problem
from portfolio.values.project import Project
from portfolio.values.slugs import SLUG
from portfolio.values.spec import Spec
from portfolio.workspace import toml
from portfolio.workspace.inputs import input_files
from portfolio.workspace.root import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """The valid projects by slug, and the problems of the others."""

    projects: tuple[Project, ...]
    problems: tuple[Problem, ...]


def discover(workspace: Workspace) -> Discovered:
    """Read every folder under `projects/`; those that begin with `_` or `.` are not projects."""
    projects: list[Project] = []
    problems: list[Problem] = []
    listing = sorted(workspace.projects.iterdir()) if workspace.projects.is_dir() else []
    for folder in listing:
        if folder.name[0] in "._" or not folder.is_dir() or _is_empty(folder):
            continue
        found = _read(folder, workspace)
        if isinstance(found, Project):
            projects.append(found)
        else:
            problems.extend(found)
    problems.extend(_alias_problems(projects, workspace))
    return Discovered(projects=tuple(projects), problems=tuple(problems))


def _is_empty(folder: Path) -> bool:
    """Whether git would not have made the folder: what a deleted project leaves behind is not a project."""
    return not (folder / "spec.toml").exists() and not input_files(folder)


def _read(folder: Path, workspace: Workspace) -> Project | Sequence[Problem]:
    shown = workspace.shown(folder)
    problems = _slug_problems(folder.name, shown)
    path = folder / "spec.toml"
    if not path.exists():
        hint = f'write {shown}/spec.toml with title = "…" and summary = "…", or rename the folder to _{folder.name}'
        return [*problems, Problem(file=f"{shown}/spec.toml", key="", message="is missing", hint=hint)]
    loaded = toml.load(path, f"{shown}/spec.toml")
    if isinstance(loaded, Problem):
        return [*problems, loaded]
    table, text = loaded
    spec = toml.validate(Spec, table, text, f"{shown}/spec.toml")
    if not isinstance(spec, Spec):
        return [*problems, *spec]
    project = Project(slug=folder.name, folder=folder, spec=spec)
    problems.extend(_script_problems(project, shown))
    return problems or project


def _slug_problems(slug: str, shown: str) -> list[Problem]:
    if re.fullmatch(SLUG, slug):
        return []
    better = re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-")[:64] or "my-project"
    message = "a project's folder has small letters, digits and hyphens only"
    printable = shown if shown.isprintable() else repr(shown)
    return [Problem(file=printable, key="", message=message, hint=f"rename it to {better}")]


def _script_problems(project: Project, shown: str) -> list[Problem]:
    name = project.spec.script
    parts = Path(name).parts
    if project.spec.run.command:
        return []
    if Path(name).is_absolute() or ".." in parts or "\\" in name:
        message = f"'script' is {name!r}, which is not inside the project's folder"
        return [Problem(file=f"{shown}/spec.toml", key="script", message=message)]
    if not name.endswith(".py"):
        return [Problem(file=f"{shown}/spec.toml", key="script", message=f"'script' is {name!r}, not a Python file")]
    if project.script.is_file():
        return []
    others = [file.name for file in input_files(project.folder) if file.name.endswith(".py")]
    hint = f"write it, or name another in spec.toml: script = {others[0]!r}" if others else "write it"
    return [Problem(file=f"{shown}/{name}", key="", message="is missing", hint=hint.replace("'", '"'))]


def _alias_problems(projects: Sequence[Project], workspace: Workspace) -> list[Problem]:
    owners = {project.slug: project.slug for project in projects}
    problems = []
    for project in projects:
        for alias in project.spec.aliases:
            if alias in owners:
                shown = f"{workspace.shown(project.folder)}/spec.toml"
                message = f"alias {alias!r} is the address of project {owners[alias]!r} already"
                problems.append(Problem(file=shown, key="aliases", message=message, hint="remove one of the two"))
            owners.setdefault(alias, project.slug)
    return problems
