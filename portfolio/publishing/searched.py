"""Search a staged site for secrets before it goes live: what the live site has already was searched when it came."""

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from portfolio import files
from portfolio.errors import SiteError
from portfolio.gate.gate import Gate
from portfolio.publishing.seal import seal_of
from portfolio.shares import shared_out
from portfolio.walk import walk
from portfolio.workspace.root import Workspace

_NOTE = "searched.json"
_SHOWN = 10


def refuse_secrets(workspace: Workspace, staged: Path, new: Sequence[Path]) -> None:
    """Search the files of `staged`: those of `new`, or all where others were not searched for the same things.

    Raises:
        SiteError: one holds what looks like a secret; it is named, never quoted.
    """
    gate = Gate.of(os.environ)
    _refuse(new if _was_searched(workspace, gate) else _all(staged), staged, gate)


def note_searched(workspace: Workspace) -> None:
    """Remember that the live site was searched, and for what."""
    gate = Gate.of(os.environ)
    with suppress(OSError):  # what could not be remembered is searched again
        files.write_text(workspace.cache / _NOTE, json.dumps([gate.mark, seal_of(workspace)]))


def search_again(workspace: Workspace) -> None:
    """Search the live site where something else counts as a secret by now.

    Raises:
        SiteError: see `refuse_secrets`.
    """
    gate = Gate.of(os.environ)
    if not _was_searched(workspace, gate):
        _refuse(_all(workspace.site), workspace.site, gate)
        note_searched(workspace)


def _refuse(paths: Sequence[Path], site: Path, gate: Gate) -> None:
    found = [
        f"{path.relative_to(site).as_posix()}:{each.line}: what looks like a secret ({each.kind})"
        for path, secrets in zip(paths, shared_out(gate.file, paths), strict=True)
        for each in secrets
    ]
    if found:
        more = f"\n  and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        listed = "\n".join(f"  {each}" for each in sorted(found)[:_SHOWN])
        raise SiteError(
            f"the built site was refused:\n{listed}{more}",
            hint="'portfolio check --secrets' says where it is written; take it out and revoke it, the last good site"
            " is kept",
        )


def _all(site: Path) -> list[Path]:
    return [Path(entry.path) for _, entry in walk(site) if entry.is_file(follow_symlinks=False)]


def _was_searched(workspace: Workspace, gate: Gate) -> bool:
    """Whether the live site is the one that was searched last, and for the same things."""
    sealed = seal_of(workspace)
    return sealed is not None and _noted(workspace) == [gate.mark, sealed]


def _noted(workspace: Workspace) -> object:
    try:
        return json.loads((workspace.cache / _NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
