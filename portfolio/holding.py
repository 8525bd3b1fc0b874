"""Hold a workspace: one command at a time writes below `build/`, and what one that was killed left behind goes first.

The kernel releases the lock with its holder. A word in the lock file says that somebody is at work; where it still says
so and the lock is free, the last holder did not come to its end, and everywhere it may have written is looked at.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from portfolio import files, folders, recorded, store
from portfolio.errors import SURROUNDINGS, SiteError, cannot_write
from portfolio.running.clearing import clear_scratch
from portfolio.workspace.root import Workspace

_ATTEMPTS, _PAUSE = 40, 0.05
_AT_WORK, _AT_REST = b"at work\n", b"at rest\n"
_TEMPLATES = ("templates", "page-templates")
"""Where compiled templates are remembered, below the cache; a name of theirs that ends so is not whole."""


@contextmanager
def held(workspace: Workspace, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold `workspace`, calling `on_wait` first if somebody else does.

    Raises:
        SiteError: `build/` is a link or a file, or the system refuses to write, now or within the block.
    """
    with ExitStack() as stack:
        try:
            _refuse_strange(workspace.build)
            note = stack.enter_context(files.locked(workspace.build / ".lock", on_wait))
            _tidy(workspace, thoroughly=note.read() == _AT_WORK)
            _say(note, _AT_WORK)
            yield
            _say(note, _AT_REST)
        except OSError as error:
            if error.errno not in SURROUNDINGS:
                raise
            raise cannot_write(error, workspace.build) from error


def _say(note: BinaryIO, word: bytes) -> None:
    """Write `word` over one of the same length: that takes no room on a disk that is full."""
    with suppress(OSError):
        note.seek(0)
        note.write(word)
        note.flush()


def _refuse_strange(build: Path) -> None:
    if build.is_symlink():
        raise SiteError(
            f"{build}: is a link; what is replaced and deleted here has to lie in a folder of its own",
            hint=f"mv {build} {build}.link, then build again",
        )
    if build.exists() and not build.is_dir():
        raise SiteError(f"{build}: is a file, where a folder has to be", hint=f"mv {build} {build}.mine")


def _tidy(workspace: Workspace, *, thoroughly: bool) -> None:
    """Delete leftovers; `thoroughly` also those that lie among what an author or many projects own."""
    build, cache = workspace.build, workspace.cache
    if folders.is_ours(cache) or not cache.exists():
        folders.claim(cache)
    for leftover in (build / "scratch").glob("*"):
        if folders.is_ours(leftover):
            _clear(leftover)
    folders.sweep(build, f"{folders.STAGED}*")
    if not thoroughly:
        return
    for place in (build, cache, workspace.projects):
        folders.sweep_files(place, files.TEMPORARY)
    folders.sweep(workspace.projects, f"{folders.STAGED_PROJECT}*")
    for name in _TEMPLATES:
        folders.sweep_files(cache / name, "*.tmp")
    for home in (*_homes(workspace.records), *_homes(workspace.projects)):
        folders.sweep_files(home, files.TEMPORARY)
        folders.sweep(home, f"{store.NEW}*")
        folders.sweep(home, f"{recorded.NEW}*")
        for aside in home.glob(files.ASIDE):
            _put_back(aside)


def _clear(scratch: Path) -> None:
    """Delete what a run left; what it started may still be writing while it dies."""
    for _ in range(_ATTEMPTS):
        clear_scratch(scratch)
        if not scratch.exists():
            return
        time.sleep(_PAUSE)


def _put_back(aside: Path) -> None:
    """Put back a folder of ours that was set aside, unless the one that replaces it is there."""
    if folders.is_ours(aside):
        left = files.recover_exchange(files.live_of(aside))
        if left is not None:
            folders.delete(left)


def _homes(place: Path) -> Iterator[Path]:
    if place.is_dir():
        yield from (path for path in place.iterdir() if path.is_dir() and not path.is_symlink())
