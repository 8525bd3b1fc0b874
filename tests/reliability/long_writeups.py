"""Texts that make parsers take minutes, each as long as a write-up may be."""

import time
from collections.abc import Iterator

from figure import Figure
from rendering.test_limits import HARD, NONE

from portfolio.rendering.limited import Limited
from portfolio.rendering.orders import MEMORY, PROCESSOR_SECONDS
from portfolio.rendering.problems import PageError
from portfolio.rendering.prose_page import writeup_html
from portfolio.values.record import Result


def run() -> Iterator[Figure]:
    """Render each."""
    with Limited() as limited:
        for name, text in HARD.items():
            began, cpu = time.monotonic(), time.process_time()
            try:
                said = f"{len(writeup_html(text, 'writeup.md', Result(), NONE, 'w', limited))} characters of HTML"
            except PageError as error:
                said = str(error)
            seconds = time.monotonic() - began
            yield Figure(
                what=f"a write-up of {name.replace('_', ' ')}, {len(text) / 1000:.0f} kB",
                promised=f"ready or refused within {PROCESSOR_SECONDS} s of processor time and {MEMORY >> 20} MiB",
                measured=f"{seconds:.1f} s on the clock, {time.process_time() - cpu:.1f} s of ours",
                ok=time.process_time() - cpu < 1 and seconds < 6 * PROCESSOR_SECONDS,
                notes=(said,),
            )
