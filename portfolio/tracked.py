"""What git says of a folder that is about to be changed a lot: whether all of it is safe, and what its template was."""

import os
import subprocess
from pathlib import Path

from portfolio.errors import UsageError

_SECONDS = 60


def require_committed(root: Path) -> None:
    """See that everything below `root` is in a commit, so that nothing can be lost.

    Raises:
        UsageError: it is not, or there is no git.
    """
    top = _git(root, "rev-parse", "--show-toplevel")
    if top is None or Path(top.strip()).resolve() != root.resolve() or _git(root, "rev-parse", "HEAD") is None:
        hint = 'git init && git add -A && git commit -m "From the template"'
        raise UsageError(f"{root}: nothing of it is in git, so dropping files could not be undone", hint=hint)
    changed = (_git(root, "status", "--porcelain", "-z") or "").split("\0")
    if any(changed):
        name = next(entry[3:] for entry in changed if entry)
        message = f"{name}: is not committed, and what is dropped could not be got back"
        raise UsageError(message, hint='git add -A && git commit -m "Before init --here"')


def template_commit(root: Path, mark: str) -> str:
    """Return the commit that shows the template as it came.

    A copy begins with one commit that holds all of it, `mark` included. A clone has the template's own history: then
    it is the last commit the clone shares with where it came from, or the checked-out one.
    """
    for first in (_git(root, "rev-list", "--max-parents=0", "HEAD") or "").split():
        if _git(root, "cat-file", "-e", f"{first}:{mark}") is not None:
            return first
    shared = _git(root, "merge-base", "HEAD", "refs/remotes/origin/HEAD")
    return (shared or _git(root, "rev-parse", "HEAD") or "").strip()


def listed(root: Path, commit: str) -> frozenset[str]:
    """Return the files of a commit."""
    return frozenset(filter(None, (_git(root, "ls-tree", "-r", "-z", "--name-only", commit) or "").split("\0")))


def changed_since(root: Path, commit: str) -> frozenset[str]:
    """Return the files of `commit` that are different or gone now."""
    return frozenset(filter(None, (_git(root, "diff", "--name-only", "--no-renames", "-z", commit) or "").split("\0")))


def content(root: Path, commit: str, path: str) -> str:
    """Return the text of a file in a commit; nothing where it is not there."""
    return _git(root, "show", f"{commit}:{path}") or ""


def _git(root: Path, *arguments: str) -> str | None:
    """Return what git prints, or None where it fails or is not there."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        ended = subprocess.run(
            ["git", "-C", str(root), *arguments],
            env=kept,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="surrogateescape",
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if ended.returncode else ended.stdout
