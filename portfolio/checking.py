"""What `check` looks at: specs and configuration first, then what stands in sources and in the last site."""

import os
from pathlib import Path

from portfolio import provenance
from portfolio.errors import Problem
from portfolio.gate.gate import Gate
from portfolio.gate.sources import search_sources
from portfolio.publishing.walk import walk
from portfolio.reading import Options, read
from portfolio.workspace.root import Workspace


def check(workspace: Workspace, *, secrets: bool) -> tuple[Problem, ...]:
    """Return what is wrong; nothing is run or written.

    Args:
        workspace: what to look at.
        secrets: also look for secrets, in sources that are committed or would be and in the last built site.

    Raises:
        WorkspaceError: see `read`.
    """
    read(workspace, Options())
    return search_sources(_sources(workspace), Gate.of(os.environ)) if secrets else ()


def _sources(workspace: Workspace) -> list[tuple[str, Path]]:
    """Return the author's files and those of the built site, by the names they are known by."""
    history = provenance.history(workspace)
    listed = history.listed() if history else None
    names = _walked(workspace) if listed is None else listed
    top = (workspace.shown(workspace.projects), workspace.shown(workspace.templates))
    wanted = [name for name in names if "/" not in name or name.split("/")[0] in top]
    shown = workspace.shown(workspace.site)
    built = walk(workspace.site) if workspace.site.is_dir() else ()
    site = [name for name, entry in built if entry.is_file(follow_symlinks=False)]
    return [(name, workspace.root / name) for name in wanted] + [
        (f"{shown}/{name}", workspace.site / name) for name in site
    ]


def _walked(workspace: Workspace) -> tuple[str, ...]:
    """Return what git would list if there were one, less what it would be told to ignore by its name."""
    found = [path.name for path in sorted(workspace.root.iterdir()) if path.is_file()]
    for top in filter(Path.is_dir, (workspace.projects, workspace.templates)):
        found += [f"{workspace.shown(top)}/{name}" for name, entry in walk(top) if entry.is_file(follow_symlinks=False)]
    return tuple(name for name in found if "__pycache__" not in name.split("/"))
