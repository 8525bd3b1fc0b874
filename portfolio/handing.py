"""Hand runs from one machine to another: a matrix runs projects apart, and one build shows them all.

What is handed over is read as hostile input: a run counts only if its seal, key and every file agree, and only for a
project of this workspace; whether it is current the build decides by its key, as of any stored run.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from portfolio import files, folders
from portfolio.errors import UsageError
from portfolio.holding import held
from portfolio.reading import Options, read
from portfolio.reporting import Reporter
from portfolio.store import Failed, Store, read_stored, write_stored
from portfolio.values import codec
from portfolio.workspace.root import Workspace

_RUN = re.compile(r"[0-9a-f]{1,20}-[0-9a-f]{1,20}")
_FAILURE = "failure.json"
_MOST_BYTES = 64 << 20
_MOST_RUNS = 64


def write_runs(workspace: Workspace, slugs: Sequence[str], out: Path) -> list[str]:
    """Copy the newest run of each project, or how it failed, into the folder `out`; return the slugs.

    Raises:
        UsageError: `out` is there already and was not made by this.
    """
    try:
        folders.claim(out)
    except folders.ForeignError as error:
        raise UsageError(str(error), hint="--out wants a folder that is empty or not there") from error
    store, written = Store(workspace.records), []
    projects = read(workspace, Options(slugs=tuple(slugs), drafts=True)).projects
    for slug in [project.slug for project in projects if not slugs or project.slug in slugs]:
        failed, stored = store.failed(slug), store.last_good(slug)
        home = out / slug
        if home.exists():
            folders.delete(home)
        home.mkdir(parents=True)
        if failed:
            files.write_text(home / _FAILURE, codec.dumps(failed))
        elif stored:
            write_stored(stored.record, stored.folder, home / stored.folder.name)
        written += [slug] if failed or stored else []
    return written


def take_runs(workspace: Workspace, handed: Sequence[Path], reporter: Reporter) -> list[str]:
    """Put runs that were handed over into the store; return the slugs they are of.

    Raises:
        UsageError: one of `handed` is no folder.
    """
    missing = next((folder for folder in handed if not folder.is_dir()), None)
    if missing:
        raise UsageError(f"{missing}: no such folder", hint="portfolio run --out DIR writes one")
    known = {project.slug for project in read(workspace, Options(drafts=True)).projects}
    store = Store(workspace.records)
    taken: list[str] = []
    with held(workspace, lambda: reporter.note("waiting for another build of this workspace to finish")):
        for folder in handed:
            homes = [home for home in sorted(folder.iterdir()) if home.is_dir() and not home.is_symlink()]
            taken += [home.name for home in homes if home.name in known and _take(store, home)]
    return taken


def _take(store: Store, home: Path) -> bool:
    """Put what lies in `home` into the store; return whether anything of it could be believed."""
    slug, found = home.name, False
    for run in sorted(home.iterdir())[:_MOST_RUNS]:
        if not _RUN.fullmatch(run.name) or run.is_symlink() or not run.is_dir():
            continue
        base, _, key = run.name.partition("-")
        stored = read_stored(run, slug)
        if stored and stored.record.key.startswith(key):
            store.put(stored.record, base, run)
            found = True
    with suppress(OSError, codec.CodecError):
        failed = codec.loads(Failed, files.read_regular(home / _FAILURE, _MOST_BYTES))
        store.put_failure(slug, failed.failure, failed.parts)
        found = True
    return found
