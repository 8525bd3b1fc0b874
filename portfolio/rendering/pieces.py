"""Sanitised HTML taken apart into tags and text, so that either can be changed without touching the other."""

import re
from collections.abc import Iterator

_TAG = re.compile(r"""<[^"'<>]*(?:"[^"]*"[^"'<>]*)*>""")


def pieces(html: str) -> Iterator[tuple[bool, str]]:
    """Yield the parts of sanitised HTML in order, each with whether it is a tag; together they are the whole text.

    It may rely on nh3's output: every value stands in double quotes, and text holds no bare angle bracket.
    """
    position = 0
    for found in _TAG.finditer(html):
        yield False, html[position : found.start()]
        yield True, found[0]
        position = found.end()
    yield False, html[position:]
