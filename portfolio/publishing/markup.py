"""Read well-formed HTML quickly: exactly what `html.parser` would say of it, or nothing where it might say otherwise.

`html.parser` takes 10 µs a tag, and a page passes four of its kind on the way to the site: two thirds of the time a
thousand pages take. What the templates write is plain enough for one regular expression, which splits it within the
`re` module. Whatever that expression does not know is left to the real parser by whoever asked.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape

VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)
_NAME = r"[a-zA-Z][a-zA-Z0-9-]*"
_ATTRIBUTES = r"""(?:[ \n]+[a-zA-Z_:][a-zA-Z0-9_:.-]*(?:="[^"]*")?)*"""
_MARK = re.compile(rf"<(?:!--[^<>-]*(?:-[^<>-]+)*--|(/)?({_NAME})((?(1)|{_ATTRIBUTES}))[ \n]*((?(1)|/?)))>")
_TAG = re.compile(rf"<({_NAME})({_ATTRIBUTES})[ \n]*/?>")
_ATTRIBUTE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:.-]*)(="([^"]*)")?')
_RAW_TEXT = re.compile(
    "<(?:script|style|textarea|title|xmp|iframe|noembed|noframes|noscript|plaintext)(?![a-z-])", re.IGNORECASE
)
"""Elements whose content is not markup, or was not in some version of Python."""

Attributes = tuple[tuple[str, str | None], ...]
Token = tuple[str | None, str | None, str | None, str | None, str]
"""`/` of an end tag, name, attributes, `/` of a tag that ends itself, the text behind; no name means a comment."""


def tokens(html: str) -> tuple[str, list[Token]] | None:
    """Return the text before the first tag and all tags, or None where `html` is not plain."""
    parts = _MARK.split(html)
    texts = parts[5::5]
    if "<" in parts[0] or "<" in "".join(texts) or _RAW_TEXT.search(html):
        return None
    return parts[0], list(zip(parts[1::5], parts[2::5], parts[3::5], parts[4::5], texts, strict=True))


def is_one_element(found: list[Token]) -> bool:
    """Whether the tags are those of one element, everything in it nested properly and ended."""
    open_: list[str] = []
    for number, (close, given, _, slash, _) in enumerate(found):
        name = (given or "").lower()
        if close:
            if not open_ or open_.pop() != name:
                return False
        elif name and not slash and name not in VOID:
            open_.append(name)
        if not open_:
            return number == len(found) - 1 and bool(close)
    return False


@lru_cache(maxsize=1 << 14)
def attributes(text: str) -> Attributes:
    """Return the attributes written in `text`, in order, as `html.parser` gives them."""
    return tuple((name.lower(), unescape(value) if given else None) for name, given, value in _ATTRIBUTE.findall(text))


@lru_cache(maxsize=1 << 14)
def tag(text: str) -> tuple[str, Attributes] | None:
    """Return name and attributes of one whole start tag, or None where it is not plain."""
    found = _TAG.fullmatch(text)
    return (found[1].lower(), attributes(found[2])) if found else None


def identities(found: list[Token]) -> Iterator[str]:
    """Yield what links may lead to: ids, and names of anchors."""
    for close, name, given, _, _ in found:
        if name and given and not close and ("id=" in given.lower() or "name=" in given.lower()):
            for key, value in attributes(given):
                if key == "id" or (key == "name" and name.lower() == "a"):
                    yield value or ""
