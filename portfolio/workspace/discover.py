"""All projects of a workspace, or everything that is wrong with them, before anything runs."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from portfolio.errors import Problem
from portfolio.values.project import Project
from portfolio.values.scripts import NOTEBOOK, is_notebook
from portfolio.values.slugs import SLUG
from portfolio.values.spec import Spec
from portfolio.workspace import toml
from portfolio.workspace.inputs import input_files
from portfolio.workspace.needs import read_needs
from portfolio.workspace.root import Workspace

_LONGEST = 100
"""Characters shown of a name."""
_RECORD = Path("recorded", "record.json")
_COPY = "put a copy in its place"
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """The valid projects by slug, and the problems of the others."""

    projects: tuple[Project, ...]
    problems: tuple[Problem, ...]


def discover(workspace: Workspace, *, with_locks: bool = True) -> Discovered:
    """Read every folder under `projects/`; those that begin with `_` or `.` are not projects.

    Without locks, one that is out of date is no problem: it is about to be written anew.
    """
    projects: list[Project] = []
    problems: list[Problem] = []
    listing = sorted(workspace.projects.iterdir()) if workspace.projects.is_dir() else []
    for folder in listing:
        if folder.name[0] in "._" or not folder.is_dir() or _is_empty(folder):
            continue
        found = _read(folder, workspace, with_locks=with_locks)
        if isinstance(found, Project):
            projects.append(found)
        else:
            problems.extend(found)
    problems.extend(_alias_problems(projects, workspace))
    return Discovered(projects=tuple(projects), problems=tuple(problems))


def _is_empty(folder: Path) -> bool:
    """Whether git would not have made the folder: what a deleted project leaves behind is not a project."""
    return not os.path.lexists(folder / "spec.toml") and not input_files(folder)


def _read(folder: Path, workspace: Workspace, *, with_locks: bool) -> Project | Sequence[Problem]:
    shown = workspace.shown(folder)
    problems = _slug_problems(folder.name, shown)
    path = folder / "spec.toml"
    if not os.path.exists(path):  # noqa: PTH110 - a link to itself is not there, and no exception
        hint = f'write {shown}/spec.toml with title = "…" and summary = "…", or rename the folder to _{folder.name}'
        return [*problems, Problem(file=f"{shown}/spec.toml", key="", message="is missing", hint=hint)]
    if _leads_out(path, workspace):
        return [
            *problems,
            Problem(file=f"{shown}/spec.toml", key="", message="is a link that leads outside", hint=_COPY),
        ]
    loaded = toml.load(path, f"{shown}/spec.toml")
    if isinstance(loaded, Problem):
        return [*problems, loaded]
    table, text = loaded
    spec = toml.validate(Spec, table, text, f"{shown}/spec.toml")
    if not isinstance(spec, Spec):
        return [*problems, *spec]
    project = Project(slug=folder.name, folder=folder, spec=spec, runs=not _is_recorded_only(folder, spec))
    problems.extend(_script_problems(project, shown, workspace) if project.runs else ())
    problems.extend(_data_problems(project, shown, workspace))
    if problems:
        return problems
    needs = read_needs(folder, spec, shown, with_lock=with_locks)
    return [needs] if isinstance(needs, Problem) else replace(project, needs=needs)


def _is_recorded_only(folder: Path, spec: Spec) -> bool:
    """Whether a committed run stands where there is nothing to run, as of what was imported."""
    is_wanted = spec.run.ci == "recorded" and spec.run.command is None
    return is_wanted and not os.path.lexists(folder / spec.script) and (folder / _RECORD).is_file()


def _leads_out(path: Path, workspace: Workspace) -> bool:
    """Whether `path` is a link to something outside the workspace, which no copy of the repository would have."""
    return os.path.islink(path) and not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(workspace.root))  # noqa: PTH114 - a name that is too long is no link


def _slug_problems(slug: str, shown: str) -> list[Problem]:
    if slug in _DEVICES:
        return [Problem(file=shown, key="", message="means a device on Windows", hint=f"rename it to {slug}-project")]
    if re.fullmatch(SLUG, slug):
        return []
    better = re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-")[:64] or "my-project"
    message = "a project's folder has small letters, digits and hyphens only"
    printable = shown if shown.isprintable() else ascii(shown)[1:-1]
    return [Problem(file=printable, key="", message=message, hint=f"rename it to {better}")]


def _script_problems(project: Project, shown: str, workspace: Workspace) -> list[Problem]:
    name = project.spec.script
    if project.spec.run.command:
        return []
    place = {"file": f"{shown}/spec.toml", "key": "script", "hint": 'script = "script.py"'}
    if Path(name).is_absolute() or ".." in Path(name).parts or "\\" in name:
        return [Problem(message=f"'script' is {name[:100]!r}, which is not inside the project's folder", **place)]
    if not name.endswith((".py", NOTEBOOK)):
        return [Problem(message=f"'script' is {name[:100]!r}, neither a Python file nor a notebook", **place)]
    if _leads_out(project.script, workspace):
        return [Problem(file=f"{shown}/{name}", key="", message="is a link that leads outside", hint=_COPY)]
    if os.path.isfile(project.script):  # noqa: PTH113 - a name that is too long is no file, and no exception
        return _notebook_problems(project, shown)
    others = [file.name for file in input_files(project.folder) if file.name.endswith((".py", NOTEBOOK))]
    hint = f"write it, or name another in spec.toml: script = {others[0]!r}" if others else "write it"
    file = f"{shown}/{name if len(name) < _LONGEST else name[:_LONGEST] + '…'}"
    return [Problem(file=file, key="", message="is missing", hint=hint.replace("'", '"'))]


def _notebook_problems(project: Project, shown: str) -> list[Problem]:
    """Return why a notebook cannot be run, and whether anything but one is to be shown without being run."""
    name = project.spec.script
    if not is_notebook(name):
        if project.spec.run.execute:
            return []
        hint = 'script = "analysis.ipynb", saved with its outputs; a script has none'
        message = "execute = false is for notebooks"
        return [Problem(file=f"{shown}/spec.toml", key="run.execute", message=message, hint=hint)]
    from portfolio.literate import MOST_BYTES, NotebookError, notebook_cells  # noqa: PLC0415 - only for a notebook

    try:
        with project.script.open("rb") as stream:
            notebook_cells(stream.read(MOST_BYTES + 1))
    except (OSError, NotebookError) as error:
        message = str(error) if isinstance(error, NotebookError) else "cannot be read"
        return [Problem(file=f"{shown}/{name}", key="", message=message, hint='or script = "script.py"')]
    return []


def _data_problems(project: Project, shown: str, workspace: Workspace) -> list[Problem]:
    """Return what is wrong with where declared data lies: a run finds only what is in the workspace."""
    problems = []
    for number, data in enumerate(project.spec.data):
        path = Path(os.path.normpath(project.folder / data.path)) if data.path else project.folder
        place = {"file": f"{shown}/spec.toml", "key": f"data[{number}].path"}
        if not path.is_relative_to(workspace.root) or path == workspace.root:
            hint = "write it relative to the project's folder; a link there may lead to large data elsewhere"
            problems.append(Problem(message=f"{data.path!r} is not inside the workspace", hint=hint, **place))
        elif data.publish and not path.is_relative_to(project.folder):
            hint = "put a copy into the folder, or publish = false"
            problems.append(
                Problem(message=f"{data.path!r} is published and not inside the project's folder", hint=hint, **place)
            )
    return problems


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
