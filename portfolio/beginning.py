"""Start a project: from a starter, from another project, or from an idea that one left open."""

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portfolio import files, folders, owned
from portfolio.errors import UsageError
from portfolio.starters import project_files
from portfolio.values.project import Project
from portfolio.walk import walk
from portfolio.workspace.root import Workspace

_LEFT = {"results.json", "recorded", "__pycache__", ".ipynb_checkpoints"}
_FIRST = ("spec.toml", "script.py", "analysis.ipynb", "writeup.md")
UNTITLED = "{title}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """What a project left open."""

    project: Project
    number: int
    text: str


def ideas(projects: tuple[Project, ...]) -> tuple[Idea, ...]:
    """Return what projects say should come next, in their order."""
    return tuple(
        Idea(project=project, number=number, text=text)
        for project in projects
        for number, text in enumerate(project.spec.follow_up, 1)
    )


def start_project(
    workspace: Workspace, slug: str, title: str, content: Mapping[str, bytes], *, idea: Idea | None = None
) -> list[Path]:
    """Write a new project that builds at once; return the files written, in order.

    Args:
        workspace: where.
        slug: the name of its folder.
        title: of the project.
        content: its files by name, from `starter` or `copied`.
        idea: what it goes into; the project that had it is named as the one this builds on.

    Raises:
        UsageError: the folder exists.
    """
    folder, taken = workspace.projects / slug, _taken(workspace, slug)
    if folder.exists():
        raise taken
    texts = dict(content) | {"spec.toml": _titled(content["spec.toml"].decode(), title, idea).encode()}
    workspace.projects.mkdir(parents=True, exist_ok=True)
    staged = folders.temporary(workspace.projects, folders.STAGED_PROJECT)
    try:
        for name, data in texts.items():
            files.write_bytes(staged / name, data)
        (staged / folders.MARKER).unlink()
        staged.chmod(0o755)
        try:
            staged.rename(folder)
        except OSError as error:
            if folder.exists():  # somebody else was quicker
                raise taken from error
            raise
    finally:
        if staged.exists():
            shutil.rmtree(staged)
    files.write_bytes(workspace.projects / owned.SCHEMA.name, owned.SCHEMA.read_bytes())
    return [folder / name for name in sorted(texts, key=lambda name: (name not in _FIRST, name))]


def starter(template: str) -> Mapping[str, bytes]:
    """Return the files of a starter."""
    return project_files(template)


def copied(project: Project) -> Mapping[str, bytes]:
    """Return the author's files of a project; its results stay behind, and so does what is hidden."""
    found = {}
    for name, entry in walk(project.folder):
        parts = name.split("/")
        if not _LEFT & set(parts) and not any(part.startswith(".") for part in parts):
            if entry.is_symlink():
                raise UsageError(f"projects/{project.slug}/{name}: is a link, which is not copied", hint="cp -r it")
            if entry.is_file(follow_symlinks=False):
                found[name] = Path(entry.path).read_bytes()
    return found


def _titled(spec: str, title: str, idea: Idea | None) -> str:
    """Return the text of a spec with another title; what says when and whether it was published goes."""
    quoted = json.dumps(title, ensure_ascii=False)
    kept = re.sub(r"(?m)^(?:date|featured|aliases|draft)\s*=.*\n", "", spec) if UNTITLED not in spec else spec
    named = re.sub(
        r'(?m)^title\s*=\s*(?:"(?:[^"\\]|\\.)*"|\'[^\']*\').*$', lambda _: f"title = {quoted}", kept, count=1
    )
    if idea is None:
        return named
    asked = json.dumps(idea.text, ensure_ascii=False)
    named = re.sub(r'(?m)^question\s*=\s*"(?:[^"\\]|\\.)*".*$', lambda _: f"question = {asked}", named, count=1)
    return re.sub(r"(?m)^title = .*$", lambda found: f'{found[0]}\nbuilds_on = ["{idea.project.slug}"]', named, count=1)


def _taken(workspace: Workspace, slug: str) -> UsageError:
    hint = f"choose another name, or look at it: portfolio build {slug}"
    return UsageError(
        f"{workspace.shown(workspace.projects / slug)}: is there already, so nothing was written", hint=hint
    )
