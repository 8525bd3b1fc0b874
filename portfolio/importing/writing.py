"""Where work was done elsewhere, which project it becomes, and the files of that project."""

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from portfolio import files, folders, owned, results
from portfolio.errors import UsageError
from portfolio.importing import dvclive, mlflow_run, notebook
from portfolio.importing.bringing import Brought
from portfolio.importing.found import Found
from portfolio.reading import Options, read
from portfolio.recorded import find_recorded, write_recorded
from portfolio.store import Stored, write_stored
from portfolio.values.project import Project
from portfolio.values.spec import Spec
from portfolio.words import plural
from portfolio.workspace.root import Workspace

_LONGEST_TITLE, _LONGEST_TAG, _MOST_TAGS = 120, 40, 30
_KINDS = "a folder of DVCLive, a run of MLflow, or a notebook saved with its outputs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written, relative to the workspace."""

    paths: tuple[Path, ...]
    moved: tuple[results.Moved, ...] = ()
    """Metrics that differ from those imported before."""


def found_at(path: Path) -> Found:
    """Return the work that `path` holds.

    Raises:
        UsageError: it holds none, or several.
    """
    if not path.exists():
        raise UsageError(f"{path}: there is no such file or folder")
    if path.is_file() and path.suffix == ".ipynb":
        return notebook.read(path)
    folder = dvclive.folder_of(path) if path.is_dir() else None
    if folder is not None:
        return dvclive.read(folder)
    run = mlflow_run.folder_of(path)
    if run is not None:
        return mlflow_run.read(run)
    raise UsageError(f"{path}: is not {_KINDS}", hint=_elsewhere(path))


def slug_of(found: Found) -> str:
    """Return the folder name its title suggests."""
    return re.sub(r"[^a-z0-9]+", "-", found.title.lower()).strip("-")[:64].strip("-") or "imported"


def write(brought: Brought, workspace: Workspace, title: str) -> Written:
    """Write the project; where it was imported before, replace its record alone and leave what its author wrote.

    Raises:
        UsageError: a project of that name is there which was not imported.
    """
    folder = workspace.projects / brought.record.slug
    if folder.exists():
        return _replaced(brought, workspace, folder)
    workspace.projects.mkdir(parents=True, exist_ok=True)
    staged = folders.temporary(workspace.projects, folders.STAGED_PROJECT)
    try:
        files.write_text(staged / "spec.toml", spec_text(brought, title))
        if brought.writeup:
            files.write_text(staged / "writeup.md", brought.writeup)
        write_stored(brought.record, brought.run, folders.claim(staged / "recorded"))
        results.update(staged, brought.record, Spec(title="-", summary="-"))
        (staged / folders.MARKER).unlink()
        staged.chmod(0o755)
        staged.rename(folder)
    finally:
        if staged.exists():
            shutil.rmtree(staged)
    files.write_bytes(workspace.projects / owned.SCHEMA.name, owned.SCHEMA.read_bytes())
    return Written(paths=tuple(sorted(path.relative_to(workspace.root) for path in folder.iterdir())))


def refuse_taken(workspace: Workspace, slug: str) -> None:
    """Refuse a name that a project has which was not imported.

    Raises:
        UsageError: it has.
    """
    if (workspace.projects / slug).exists():
        _imported(workspace, slug)


def spec_text(brought: Brought, title: str) -> str:
    """Return the text of its `spec.toml`, for the author to go on with."""
    found, result = brought.found, brought.record.result
    counted = {"metric": result.metrics, "figure": result.figures, "table": result.tables}
    parts = ", ".join(plural(len(each), noun) for noun, each in counted.items() if each) or "prose and code"
    tags = [_line(tag)[:_LONGEST_TAG] for tag in found.tags][:_MOST_TAGS]
    lines = [
        f"title = {_quoted(_line(title)[:_LONGEST_TITLE] or brought.record.slug)}",
        f"summary = {_quoted(f'Imported from {found.origin}: {parts}.')}",
        f"date = {found.started.date().isoformat()}",
        *([f"tags = [{', '.join(map(_quoted, tags))}]"] if tags else []),
        "",
        "[run]",
        "# There is no script: what stands in recorded/ is shown, and said to be recorded.",
        'ci = "recorded"',
    ]
    return "\n".join([*lines, ""])


def _replaced(brought: Brought, workspace: Workspace, folder: Path) -> Written:
    project = _imported(workspace, brought.record.slug)
    target = write_recorded(project, Stored(record=brought.record, folder=brought.run))
    moved = results.update(folder, brought.record, project.spec)
    paths = (target.relative_to(workspace.root), (folder / results.NAME).relative_to(workspace.root))
    return Written(paths=paths, moved=moved)


def _imported(workspace: Workspace, slug: str) -> Project:
    shown = workspace.shown(workspace.projects / slug)
    parsed = read(workspace, Options(drafts=True))
    project = next((found for found in parsed.projects if found.slug == slug), None)
    recorded = find_recorded(project) if project and not project.runs else None
    if project is None or recorded is None or not recorded.record.origin:
        hint = "choose another name: --slug NAME"
        raise UsageError(f"{shown}: is there already and was not imported, so nothing is written", hint=hint)
    return project


def _elsewhere(path: Path) -> str:
    if path.is_dir():
        books = sorted(path.glob("*.ipynb"))
        if books:
            return f"choose one: portfolio import {books[0]}"
        if (path / "mlflow.db").is_file() or (path / "mlruns.db").is_file():
            return "MLflow keeps its runs in a database here; only runs in its file store, mlruns/, can be read"
    elif path.suffix == ".db":
        return "only runs in MLflow's file store, mlruns/, can be read"
    return "portfolio import mlruns/EXPERIMENT/RUN, portfolio import dvclive, or portfolio import analysis.ipynb"


def _line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
