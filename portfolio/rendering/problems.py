"""What makes one project's page impossible: caught by `pages`, never seen outside this room."""

from collections.abc import Iterable
from difflib import get_close_matches


class PageError(Exception):
    """A project's page cannot be rendered; the message names file and place and says what to do."""


def did_you_mean(name: str, known: Iterable[str], *, prefix: str = "") -> str:
    """Return the end of a message that offers the nearest known name, or lists what there is."""
    listed = sorted(known)
    near = get_close_matches(name, listed, n=1, cutoff=0.6)
    if near:
        return f"; did you mean '{prefix}{near[0]}'?"
    if not listed:
        return "; the run recorded none"
    more = ", …" if len(listed) > 8 else ""  # noqa: PLR2004 - as many as one reads
    return f"; there: {', '.join(prefix + one for one in listed[:8])}{more}"
