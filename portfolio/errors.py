"""What a user can cause and fix, split by whose fault it is; exit codes are chosen in `cli.main` alone."""

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
