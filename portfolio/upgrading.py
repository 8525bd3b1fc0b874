"""Bring what the tool wrote in a workspace up to date: only what is still as it was written, never an edit."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from portfolio import files, folders, owned
from portfolio.errors import UsageError
from portfolio.locking import LOCK, is_fresh
from portfolio.packed import PIN
from portfolio.workspace.root import Workspace

OFFERED = "build/upgrade"


class Kind(Enum):
    """What becomes of a file."""

    WRITES = "writes"
    REPLACES = "replaces"
    DELETES = "deletes"
    LEAVES = "leaves"
    """It is not as the tool wrote it, and the tool has a newer one: its author decides."""
    LOCKS = "wants"
    """The lock file has to be written anew, which needs a network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an upgrade does with one file."""

    path: str
    kind: Kind
    content: bytes = b""

    def __str__(self) -> str:
        if self.kind is Kind.LEAVES:
            return f"leaves {self.path}, which you changed; compare: diff -u {self.path} {OFFERED}/{self.path}"
        if self.kind is Kind.LOCKS:
            return f"wants {self.path} anew: portfolio lock"
        return f"{self.kind.value} {self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """What an upgrade would do, and what is known of every file once it is done."""

    changes: tuple[Change, ...]
    known: Mapping[str, str]


def plan_upgrade(workspace: Workspace) -> Upgrade:
    """Return what there is to do; nothing is written.

    Raises:
        UsageError: the workspace holds the tool's own source, which is changed by git and not by this.
        WorkspaceError: the manifest cannot be read.
    """
    root = workspace.root
    if is_template(root):
        hint = "portfolio init --here makes it a portfolio of your own; or merge by git"
        raise UsageError("this folder holds the tool itself", hint=hint)
    before, new = owned.load(root).files, owned.wanted(root)
    changes = [change for path, content in new.items() if (change := _change(root, path, content, before))]
    changes += [change for path in before if path not in new and (change := _leaving(root, path, before))]
    known = {path: owned.digest(path, content) for path, content in new.items()}
    if LOCK not in new and (any(change.path == PIN for change in changes) or not is_fresh(root)):
        changes.append(Change(path=LOCK, kind=Kind.LOCKS))
    return Upgrade(changes=tuple(sorted(changes, key=lambda change: change.path)), known=known)


def carry_out(workspace: Workspace, upgrade: Upgrade) -> None:
    """Write and delete what is still the tool's; lay what is newer than an edited file below `build/upgrade`."""
    root, offered = workspace.root, workspace.root / OFFERED
    if offered.exists():
        folders.delete(offered)
    for change in upgrade.changes:
        if change.kind in (Kind.WRITES, Kind.REPLACES):
            files.write_bytes(root / change.path, change.content)
        elif change.kind is Kind.DELETES:
            (root / change.path).unlink()
        elif change.kind is Kind.LEAVES:
            folders.claim(offered)
            files.write_bytes(offered / change.path, change.content)
    owned.save(root, upgrade.known)


def is_template(root: Path) -> bool:
    """Whether the folder holds the tool's own source, as the template's repository does and a fresh copy of it."""
    return (root / "portfolio" / "version.py").is_file() and (root / "pyproject.toml").is_file()


def _change(root: Path, path: str, new: bytes, before: Mapping[str, str]) -> Change | None:
    current = _content(root / path)
    if current is None:
        return None if path in before else Change(path=path, kind=Kind.WRITES, content=new)
    content, found, base = owned.merged(path, new, current), owned.digest(path, current), before.get(path)
    if current == content or (found == owned.digest(path, new) and path != owned.WORKFLOW):
        return None
    if found in (base, owned.digest(path, new)):
        return Change(path=path, kind=Kind.REPLACES, content=content)
    return None if base == owned.digest(path, new) else Change(path=path, kind=Kind.LEAVES, content=content)


def _leaving(root: Path, path: str, before: Mapping[str, str]) -> Change | None:
    """Return that a file goes which the tool no longer has; one that was changed stays without a word."""
    current = _content(root / path)
    is_ours = current is not None and owned.digest(path, current) == before[path]
    return Change(path=path, kind=Kind.DELETES) if is_ours and path != LOCK else None


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
