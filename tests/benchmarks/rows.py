"""A row of the budget: what is allowed, what was measured."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass


class NotMeasuredError(Exception):
    """A build did not do what a row is about; the message says what it did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One promise and how it was kept."""

    what: str
    budget: float
    measured: float | None
    """None where it could not be measured; the note says why."""
    unit: str
    note: str = ""

    def met(self, slower: float = 1.0) -> bool:
        """Whether no more was needed than is allowed, seconds counted as on a machine `slower` times as fast."""
        scale = slower if self.unit == "s" else 1.0
        return self.measured is not None and self.measured <= self.budget * scale

    def line(self, slower: float) -> str:
        """Return the row of the table, judged by the machine at hand and by one `slower` times as fast."""
        verdict = "met" if self.met() else "met at the budget's speed" if self.met(slower) else "**not met**"
        digits = 2 if self.unit == "s" else 0
        amounts = [
            "-" if found is None else f"{found:.{digits}f} {self.unit}" for found in (self.budget, self.measured)
        ]
        return f"| {self.what} | {' | '.join(amounts)} | {verdict} | {self.note} |"


def noted(row: Row) -> Row:
    """Say a row on standard error as soon as it is known, and return it."""
    sys.stderr.write(f"{row.line(1.0)}\n")
    return row


def as_table(rows: Sequence[Row], slower: float) -> str:
    """Return the rows as Markdown."""
    lines = ["| | at most | measured | | |", "| --- | --- | --- | --- | --- |", *(row.line(slower) for row in rows)]
    return "\n".join(lines) + "\n"
