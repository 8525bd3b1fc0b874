"""The process in which an author's text is rendered: one order a line, one answer a line, each under limits.

The kernel counts its processor time and its memory, so that no text, whatever it does to a regular expression or a
parser, holds up a build. It sees no variables worth reading.

Started by `limited.py` as `python -P -m portfolio.rendering.limited_process`; never imported.
"""

import os
import signal
import sys
from contextlib import suppress

from portfolio.rendering.highlighting import highlighted
from portfolio.rendering.orders import MEMORY, TOO_LARGE, Answer, Order, line
from portfolio.rendering.passages import rendered_passages
from portfolio.rendering.problems import PageError
from portfolio.rendering.writeup import rendered
from portfolio.values import codec


def main() -> None:
    """Answer orders until there are no more."""
    seconds = int(sys.argv[1])
    _limit_memory()
    for order in sys.stdin.buffer:
        _limit_time(seconds)
        try:
            answer = line(_answer(codec.loads(Order, order)))
        except MemoryError:
            os._exit(TOO_LARGE)
        _limit_time(0)
        sys.stdout.buffer.write(answer)
        sys.stdout.buffer.flush()


def _answer(order: Order) -> Answer:
    try:
        if order.writing:
            return rendered(order.writing)
        if order.highlighting:
            return Answer(html=highlighted(order.highlighting.text, order.highlighting.file))
        if order.passages:
            return rendered_passages(order.passages)
    except PageError as error:
        return Answer(problem=str(error))
    return Answer()


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):  # not every system has it, and some allow less already
        import resource  # noqa: PLC0415 - POSIX only

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


def _limit_time(seconds: int) -> None:
    """Let the kernel end this process after so much processor time; none means no limit."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


if __name__ == "__main__":
    main()
