"""What a user can cause and fix, split by whose fault it is; exit codes are chosen in `cli.main` alone."""

import errno
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong in one place, and what to type instead."""

    file: str
    key: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.key}" if self.key else self.file
        said = f"{place}: {self.message}" if place else self.message
        return f"{said}\nhint: {self.hint}" if self.hint else said


class PortfolioError(Exception):
    """Work that could not be done, for a reason a user can act on."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    def __str__(self) -> str:
        hint = f"\nhint: {self.hint}" if self.hint else ""
        return f"{self.args[0]}{hint}"


class UsageError(PortfolioError):
    """A command was asked for something that does not exist or does not fit; nothing was executed."""


class WorkspaceError(PortfolioError):
    """Specs or configuration were refused, all problems of all files together; nothing was executed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class SiteError(PortfolioError):
    """The site could not be built; the last good one is kept."""


_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NOT_ALLOWED = (errno.EACCES, errno.EPERM)
_READ_ONLY = (errno.EROFS,)
_APART = (errno.EXDEV, errno.EBUSY)
_BROKEN = (errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENAMETOOLONG, errno.ELOOP)
_IN_THE_WAY = (errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENOTEMPTY)
SURROUNDINGS = (*_NO_ROOM, *_NOT_ALLOWED, *_READ_ONLY, *_APART, *_BROKEN)
"""Errors of the system that say something about disk, rights and limits, and nothing about this program."""


def _shown(place: object) -> str:
    """Return a path as a user would type it here."""
    path = os.fsdecode(place) if isinstance(place, bytes | str | os.PathLike) else str(place)
    return path.removeprefix(f"{os.getcwd()}{os.sep}")  # noqa: PTH109 - pathlib takes long to import


def cannot_write(error: OSError, place: object) -> SiteError:
    """Return what to tell a user where the system refused to write at `place`, or at the file the error names."""
    place = _shown(place)
    where = _shown(error.filename2 or error.filename or place)
    hint = "look at the disk and what else uses it, then build again"
    if error.errno in _NO_ROOM:
        hint = "make room on the disk ('portfolio clean' deletes what a build makes again), then build again"
    elif error.errno in _NOT_ALLOWED:
        hint = f"ls -ld {place}: who builds must own it and be able to write there"
    elif error.errno in _READ_ONLY:
        hint = f"df {place} names the file system, which is mounted read-only: build in a copy that can be written"
    elif error.errno in _APART:
        hint = f"{place} has to be an ordinary folder on one file system: unmount what is mounted below it"
    elif error.errno in _IN_THE_WAY:
        hint = f"move {where} away, then build again"
    return SiteError(f"{where}: {(error.strerror or str(error)).lower()}", hint=f"{hint}; the last good site is kept")


def placed(message: str) -> Problem | None:
    """Return the problem that a message beginning with its own place tells; None where it begins with none."""
    found = _PLACE.fullmatch(message)
    return Problem(file=found["file"], key=found["key"] or "", message=found["message"]) if found else None


_PLACE = re.compile(r"(?P<file>projects/[^:\s]+)(?::(?P<key>[\w.-]+))?: (?P<message>.+)", re.DOTALL)
