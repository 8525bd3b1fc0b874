"""What a page says of one run and of no other: when, where and at which commit it was, its time and its memory."""

import re

_TIME = r"(?:under )?[\d.]+ (?:s|min \d+ s|h \d+ min)"
_PARTS = (
    r"(at commit [0-9a-f]{7}( with uncommitted changes)? )?on \d{4}-\d\d-\d\d",
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?",
    r"(?:<code>|(?<=[Cc]ommit ))[0-9a-f]{12}(?:[0-9a-f]{28})?(?:</code>)?( with uncommitted changes)?",
    r", (in continuous integration|on a Linux \S+ machine)",
    f"{_TIME} on the clock, {_TIME} of processor time",
    r"(?<=Peak memory)(</dt>\s*<dd>| ?)[\d.]+ [kMG]?B",
    f'(?<=class="pf-pipe__cost">){_TIME}',
    r'(?<=class="pf-pipe__part" width=")[\d.]+(?=%")',
)
_ONE_RUN = re.compile("|".join(_PARTS))


def of_any_run(content: bytes) -> bytes:
    """Return a page, or a list of pages, without what is true of one run only."""
    text = content.decode("utf-8", "replace").replace("\\u00a0", " ").replace("\u00a0", " ")
    return _ONE_RUN.sub("", text).encode()
