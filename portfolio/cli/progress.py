"""Progress on standard error: a live line for each running project on a terminal, plain lines elsewhere."""

import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from portfolio.cli.options import Globals
from portfolio.cli.say import say
from portfolio.reporting import Outcome, Reporter, Silent
from portfolio.terminal import one_line, plain
from portfolio.values.entry import Status
from portfolio.words import plural


@contextmanager
def reporter(globals_: Globals) -> Iterator[Reporter]:
    """Yield the reporter that fits: silent, live or plain."""
    if globals_.quiet:
        yield Silent()
    elif sys.stderr.isatty():
        live = LiveReporter()
        try:
            yield live
        finally:
            live.close()
    else:
        yield PlainReporter()


class PlainReporter:
    """One line an event, for logs and pipes."""

    def planned(self, slugs: Sequence[str], total: int) -> None:
        """Say how much there is to do."""
        if slugs:
            say(f"running {len(slugs)} of {plural(total, 'project')}", err=True)

    def started(self, slug: str, reason: str) -> None:
        """Say why a run begins."""
        say(f"run {slug}: {one_line(reason)}", err=True)

    def finished(self, outcome: Outcome) -> None:
        """Say how a run ended."""
        say(_ending(outcome), err=True)

    def note(self, text: str) -> None:
        """Print the note."""
        say(text, err=True)


class LiveReporter:
    """A line with a spinner and the seconds for each run, replaced by its outcome when it ends."""

    def __init__(self) -> None:
        from rich.console import Console  # noqa: PLC0415 - 40 ms, on a terminal and only when something runs
        from rich.live import Live  # noqa: PLC0415

        self._running: dict[str, tuple[float, str]] = {}
        self._lock = threading.Lock()
        self._console = Console(stderr=True, highlight=False)
        self._live = Live(get_renderable=self._table, console=self._console, transient=True, refresh_per_second=8)
        self._is_live = False

    def planned(self, slugs: Sequence[str], total: int) -> None:
        """Begin to show what runs."""
        if slugs:
            self._console.print(f"running {len(slugs)} of {plural(total, 'project')}", markup=False)
            self._live.start()
            self._is_live = True

    def started(self, slug: str, reason: str) -> None:
        """Show one more line."""
        with self._lock:
            self._running[slug] = (time.monotonic(), one_line(reason))

    def finished(self, outcome: Outcome) -> None:
        """Replace a project's line by what came of it."""
        with self._lock:
            self._running.pop(outcome.slug, None)
        colour = "red" if outcome.status is Status.FAILED else "green"
        self._console.print(_ending(outcome), style=colour, markup=False)

    def note(self, text: str) -> None:
        """Print the note above the live lines."""
        self._console.print(plain(text), markup=False)

    def close(self) -> None:
        """Take the live lines away."""
        if self._is_live:
            self._live.stop()

    def _table(self) -> Any:
        from rich.table import Table  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        table = Table.grid(padding=(0, 2))
        spinner = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"[int(time.monotonic() * 8) % 10]
        with self._lock:
            for slug, (began, reason) in self._running.items():
                seconds = f"{time.monotonic() - began:5.1f} s"
                table.add_row(Text(spinner, style="cyan"), Text(slug, style="bold"), seconds, Text(reason, style="dim"))
        return table


def _ending(outcome: Outcome) -> str:
    if outcome.failure:
        return f"✗ {outcome.slug}: {outcome.failure.kind.value}, {outcome.seconds:.1f} s"
    result = outcome.record.result if outcome.record else None
    kept = (
        [
            plural(len(found), noun)
            for found, noun in ((result.metrics, "metric"), (result.figures, "figure"), (result.tables, "table"))
            if found
        ]
        if result
        else []
    )
    moved = f"; moved: {', '.join(one_line(change.name) for change in outcome.moved[:3])}" if outcome.moved else ""
    return f"✓ {outcome.slug}: {', '.join(kept) or 'nothing logged'}, {outcome.seconds:.1f} s{moved}"
