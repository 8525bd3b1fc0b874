"""Find secrets in a text: each anchor by `str.find`, and the shape's pattern where the anchor stands."""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from portfolio.gate.own import Own
from portfolio.gate.shapes import SHAPES, Shape, is_varied

_TAG = re.compile(r"(<[^<>]*>)")
_RUN = re.compile(r"[A-Za-z0-9_+/=.~-]{16,}")
"""What every token has: a row of such characters. One look for all of them instead of one for each service's."""
_NAMED = ("pass", "secret", "key", "_token", "_pwd", "twilio", "wandb")
"""Of the anchors looked for without regard to capitals, what they have in common."""
_WINDOW = 8192
_MOST = 20

_TOKENS = tuple(shape for shape in SHAPES if not shape.folded and not shape.is_apart)
_APART = tuple(shape for shape in SHAPES if shape.is_apart)
_FOLDED = tuple(shape for shape in SHAPES if shape.folded)


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A secret: on which line of a text and of what kind; never the secret itself."""

    line: int
    kind: str


def search(text: str, owned: Sequence[Own]) -> tuple[Found, ...]:
    """Return what `text` holds, whose bytes were read as Latin-1; of markup, also what a reader would see of it."""
    if "</" in text:
        return _search_markup(text, owned)
    found = _found(text, owned)
    if "&" in text:
        found |= _found(html.unescape(text), owned)
    return tuple(sorted(found))[:_MOST]


def _search_markup(text: str, owned: Sequence[Own]) -> tuple[Found, ...]:
    """Search what is shown, as highlighted code has tags between a name, a sign and a value, and each tag once."""
    parts = _TAG.split(text)
    shown, tags = html.unescape("".join(parts[::2])), html.unescape("\n".join(dict.fromkeys(parts[1::2])))
    if not spans(shown, owned) and not spans(tags, owned):
        return ()
    lines = html.unescape(_TAG.sub(lambda tag: "\n" * tag[0].count("\n"), text))
    found = _found(text, owned) | _found(html.unescape(text), owned) | _found(lines, owned)
    return tuple(sorted(found))[:_MOST]


def spans(text: str, owned: Sequence[Own]) -> list[tuple[int, int, str]]:
    """Return where secrets stand in `text`, from and to, and of what kind each is; sorted, none within another."""
    places = sorted((*_own_places(text, owned), *_shape_places(text)))
    kept: list[tuple[int, int, str]] = []
    for start, end, kind in places:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, kind))
    return kept


def _found(text: str, owned: Sequence[Own]) -> set[Found]:
    return {Found(text.count("\n", 0, start) + 1, kind) for start, _, kind in spans(text, owned)}


def _shape_places(text: str) -> Iterator[tuple[int, int, str]]:
    rows = " ".join(_RUN.findall(text))
    for shape in _TOKENS:
        if any(anchor in rows for anchor in shape.anchors):
            yield from _matches(shape, text, text)
    for shape in _APART:
        yield from _matches(shape, text, text)
    folded = text.lower()
    if any(name in folded for name in _NAMED):
        for shape in _FOLDED:
            yield from _matches(shape, text, folded)


def _matches(shape: Shape, text: str, looked_at: str) -> Iterator[tuple[int, int, str]]:
    for anchor in shape.anchors:
        place = looked_at.find(anchor)
        while place >= 0:
            match = shape.pattern.match(text, place, place + _WINDOW)
            if match and is_varied(match[1]) and shape.is_meant(text, match):
                yield match.start(1), match.end(1), shape.name
            place = looked_at.find(anchor, match.end() if match else place + 1)


def _own_places(text: str, owned: Iterable[Own]) -> Iterator[tuple[int, int, str]]:
    for own in owned:
        for form in own.forms:
            place = text.find(form)
            while place >= 0:
                yield place, place + len(form), f"the value of {own.name}"
                place = text.find(form, place + len(form))
