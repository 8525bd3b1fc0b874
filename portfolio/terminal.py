"""The one place where a project's text reaches a terminal or a log: no control sequence, no workflow command."""

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_COMMAND = re.compile(r"^(\s*)(::|##\[)", re.MULTILINE)


def plain(text: str) -> str:
    """Return `text` so that it can be shown: control characters gone, `::error::` at a line's start defused."""
    return _COMMAND.sub("\\1\u200b\\2", _CONTROL.sub("", text))
