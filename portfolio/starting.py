"""Start a workspace or a project: complete, building at once, and never over something that is there."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from portfolio import files, folders
from portfolio.errors import UsageError
from portfolio.starters import project_file, workspace_file
from portfolio.workspace.root import Workspace

SCHEMA = Path(__file__).parent / "spec.schema.json"


def start_workspace(folder: Path, texts: Mapping[str, str]) -> list[Path]:
    """Write a new workspace into `folder`; return the files written, in order.

    Args:
        folder: made if missing; other files in it are left alone.
        texts: `site_name`, `name`, `role` and `tagline`.

    Raises:
        UsageError: there is a portfolio already, or `folder` is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file", hint="name a folder")
    if (folder / "mkdocs.yml").exists():
        raise UsageError(
            f"{folder}/mkdocs.yml: is there already, so nothing was written", hint="portfolio new my-first"
        )
    written = []
    for source, name in (("mkdocs.yml", "mkdocs.yml"), ("README.md", "README.md"), ("gitignore", ".gitignore")):
        target = folder / name
        if not target.exists():
            files.write_text(target, workspace_file(source, texts))
            written.append(target)
    schema = folder / "projects" / SCHEMA.name
    files.write_bytes(schema, SCHEMA.read_bytes())
    return [*written, schema]


def start_project(workspace: Workspace, slug: str, title: str) -> list[Path]:
    """Write a new project that builds at once; return the files written, in order.

    Raises:
        UsageError: the folder exists.
    """
    folder, taken = workspace.projects / slug, _taken(workspace, slug)
    if folder.exists():
        raise taken
    workspace.projects.mkdir(parents=True, exist_ok=True)
    staged = folders.temporary(workspace.projects, folders.STAGED_PROJECT)
    try:
        for name in ("spec.toml", "script.py", "writeup.md"):
            files.write_text(staged / name, project_file(name, title))
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
    files.write_bytes(workspace.projects / SCHEMA.name, SCHEMA.read_bytes())
    return [folder / name for name in ("spec.toml", "script.py", "writeup.md")]


def _taken(workspace: Workspace, slug: str) -> UsageError:
    hint = f"choose another name, or look at it: portfolio build {slug}"
    return UsageError(
        f"{workspace.shown(workspace.projects / slug)}: is there already, so nothing was written", hint=hint
    )
