"""Write the lock of a project: `<file>.lock` beside the file that says what it asks for.

Resolved for every system and for all Pythons from the oldest that will do, so that it answers wherever the site is
built. No address of an index stands in it, so that any mirror serves.
"""

import re
from pathlib import Path

from portfolio import files
from portfolio.environments.resolving import FOLDER, UnmadeError, resolve
from portfolio.errors import UsageError
from portfolio.values.environment import Needs
from portfolio.workspace import pins

_OLDEST = "3.11"


def write_lock(needs: Needs, folder: Path, cache: Path, shown: str, *, upgrade: bool) -> tuple[Path, bool]:
    """Resolve what the project in `folder` asks for and write its lock; return its path, and whether it changed.

    Args:
        needs: what it asks for.
        folder: the project's folder.
        cache: the workspace's cache.
        shown: the folder as its author would write it.
        upgrade: take the newest versions; otherwise those of the lock there is are kept where they fit.

    Raises:
        UsageError: there is a lock of another form, uv is not there, or it finds no answer.
    """
    path = folder / f"{needs.file}.lock"
    if needs.lock:
        hint = f"write names with versions into {shown}/{needs.file}, then lock again"
        raise UsageError(f"{shown}/{needs.file}: holds hashes, so that it is its own lock", hint=hint)
    before = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    if pins.is_of_uv(before):
        hint = f"uv lock --script {shown}/{needs.file}; or rm {shown}/{path.name} first, and have one without addresses"
        raise UsageError(f"{shown}/{path.name}: was written by uv, which keeps it", hint=hint)
    known = "" if upgrade or pins.first_problem(before) else pins.body(before)
    home = cache / FOLDER
    home.mkdir(parents=True, exist_ok=True)
    options = ("--universal", "--python-version", _oldest(needs.python))
    try:
        text = resolve(needs, known, folder=home, options=options)
    except UnmadeError as error:
        said = f":\n{error.detail}" if error.detail else ""
        hint = "pip install uv" if not error.detail else "loosen a requirement, or say requires-python"
        raise UsageError(f"{shown}/{needs.file}: {error}{said}", hint=hint) from error
    return path, files.write_text(path, pins.head(folder.name, needs.digest) + text)


def _oldest(python: str) -> str:
    """Return the oldest Python that will do, as far as a lower bound says it."""
    found = re.search(r"(?:>=|==|~=)(3\.\d+)", python)
    return found[1] if found else _OLDEST
