"""A private copy of a project in the workspace's shape, so that relative paths mean what they meant."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from portfolio import files
from portfolio.running.task import Place
from portfolio.values.project import Project
from portfolio.workspace.inputs import Input, input_files, shared_files
from portfolio.workspace.root import Workspace

LINKED_FROM = 16 << 20
"""Files at least this large are linked instead of copied; by symbolic link, a hard link would share the content."""


class ChangedError(Exception):
    """A file is no longer what the run's key was made from."""


def copy_project(project: Project, workspace: Workspace, place: Place, contents: Mapping[Path, str]) -> Path:
    """Copy the inputs of `project`, `_shared` and declared data below `place.root`; return the project's copy.

    Args:
        project: what to copy.
        workspace: where it belongs.
        place: where the copy goes.
        contents: the digests the copies must have, by original.

    Raises:
        ChangedError: a file changed since its digest was taken.
    """
    relative = project.folder.relative_to(workspace.root)
    target = place.root / relative
    target.mkdir(parents=True)
    place.run.mkdir()
    for found in input_files(project.folder):
        _place(found.path, target / found.name, contents)
    for found in shared_files(workspace.shared):
        _place(found.path, place.root / "projects" / "_shared" / found.name, contents)
    for declared in project.spec.data:
        if declared.path:
            _place_declared(project.folder / declared.path, target / declared.path, place.root, contents)
    return target


def _place_declared(source: Path, target: Path, root: Path, contents: Mapping[Path, str]) -> None:
    """Bring declared data that lies elsewhere in the workspace to the same relative place."""
    lexical = Path(os.path.normpath(target))
    if lexical.exists() or not lexical.is_relative_to(root):
        return
    source = source.resolve()
    inputs = [Input("", source)] if source.is_file() else input_files(source) if source.is_dir() else ()
    for found in inputs:
        _place(found.path, lexical / found.name if found.name else lexical, contents)


def _place(source: Path, target: Path, contents: Mapping[Path, str]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    resolved = source.resolve()
    if resolved.stat().st_size >= LINKED_FROM:
        target.symlink_to(resolved)
        return
    shutil.copy2(resolved, target)
    target.chmod(target.stat().st_mode | 0o200)
    if source.name != "spec.toml" and files.digest(target) != contents.get(source):
        raise ChangedError
