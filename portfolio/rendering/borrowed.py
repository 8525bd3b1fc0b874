"""A write-up that was made from somebody else's prose, tried before it is written: its page must not fail over it."""

import re

from markupsafe import Markup

from portfolio.rendering.limited import Limited
from portfolio.rendering.problems import PageError
from portfolio.rendering.prose_page import MOST_WRITTEN, Embeds, writeup_html
from portfolio.values.record import Result


def renderable(text: str, result: Result) -> tuple[str, str]:
    """Return the write-up as far as it can be rendered, and what had to be changed, if anything."""
    if not text.strip():
        return "", ""
    embeds = Embeds(
        figures={figure.name: Markup for figure in result.figures},
        tables={table.name: Markup for table in result.tables},
        verdict="",
    )
    whole = _shortened(text)
    said = "the end of the write-up: it is longer than a page may be" if whole != text else ""
    with Limited() as limited:
        for attempt, change in (
            (whole, ""),
            (_without_formulas(whole), "formulas of the write-up: shown as they are written"),
        ):
            try:
                writeup_html(attempt, "writeup.md", result, embeds, "w", limited)
            except PageError:
                continue
            return attempt, "; ".join(filter(None, [said, change]))
    return "", "the write-up: it cannot be rendered"


def _shortened(text: str) -> str:
    """Return as many of the paragraphs as fit."""
    kept, size = [], 0
    for part in re.split(r"(?m)(?<=\n)\n(?=\S)", text):
        size += len(part.encode("utf-8", "surrogatepass")) + 1
        if size > MOST_WRITTEN:
            break
        kept.append(part)
    return "\n".join(kept)


def _without_formulas(text: str) -> str:
    return re.sub(r"\\(?=[()\[\]])", r"\\\\", text.replace("$", "&#36;"))
