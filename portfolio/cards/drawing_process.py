"""The process in which preview images are drawn: one order a line, one answer a line, each under limits.

It reads images that a run left. The kernel counts its processor time and its memory, and it sees no variables worth
reading.

Started by `drawn.py` as `python -P -m portfolio.cards.drawing_process`; never imported.
"""

import signal
import sys
from contextlib import suppress

from portfolio.cards.layout import card
from portfolio.cards.orders import MEMORY, PROCESSOR_SECONDS, order


def main() -> None:
    """Draw what is asked for until there is no more."""
    _limit_memory()
    for line in sys.stdin.buffer:
        asked = order(line)
        _limit_time(PROCESSOR_SECONDS)
        image = card(asked.preview)
        aside = asked.target.with_name(f".{asked.target.name}.tmp")
        image.save(aside, format="PNG", compress_level=6)  # more takes six times as long for a tenth less
        aside.replace(asked.target)
        _limit_time(0)
        sys.stdout.buffer.write(b"drawn\n")
        sys.stdout.buffer.flush()


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):  # not every system has it, and some allow less already
        import resource  # noqa: PLC0415 - POSIX only

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


def _limit_time(seconds: int) -> None:
    """Let the kernel end this process after so much processor time; none means no limit."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


if __name__ == "__main__":
    main()
