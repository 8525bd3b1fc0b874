"""The passages of a page in cells as HTML that can only be read: prose, code, and what libraries made of values.

What is here takes as long as a text makes it take: it runs in `limited_process` alone.
"""

import re
from collections.abc import Callable

import nh3
from markupsafe import escape

from portfolio.rendering.highlighting import highlighted
from portfolio.rendering.maths import FormulaError
from portfolio.rendering.orders import Answer, Meaning, Passage, Passages, Tokens
from portfolio.rendering.pieces import pieces
from portfolio.rendering.prose import clean_html, clean_prose, fitted, highest_heading

_FIRST = 2
_TAGS = frozenset(
    "a b blockquote br caption code dd del dl dt em hr i ins kbd li ol p pre s small strong sub sup table tbody td "  # noqa: SIM905
    "tfoot th thead tr u ul".split()
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_UNREAD = {"script", "style", "iframe", "object", "template", "noscript", "svg", "math", "select", "textarea", "button"}
_NUMBER = re.compile(r"\s*[-+\u2212]?(?:\d[\d.,\u202f]*(?:e[-+]?\d+)?\s?%?|nan|inf|NaN|\u2014)\s*", re.IGNORECASE)
_CELL = re.compile(r"<t[dh][ >]")
_MISSING = re.compile(r'<img\b((?:"[^"]*"|[^">])*)>')
_ALT = re.compile(r'\balt="([^"]*)"')


def rendered_passages(asked: Passages) -> Answer:
    """Return each passage as sanitised HTML with tokens; the highest heading of all is an h2."""
    tokens = Tokens("".join(passage.text for passage in asked.passages))

    def keep(formula: str) -> str:
        return tokens.add(Meaning(kind="markup", text=formula))

    found = [_html(passage, f"{asked.prefix}-{place}", keep) for place, passage in enumerate(asked.passages, start=1)]
    kinds = [passage.kind for passage in asked.passages]
    levels = [highest_heading(html) for html, kind in zip(found, kinds, strict=True) if "<h" in html]
    highest = min(levels, default=_FIRST)
    parts = [fitted(html, highest) if kind != "python" else html for html, kind in zip(found, kinds, strict=True)]
    return Answer(parts=tuple(parts), meanings=tuple(tokens.meanings))


def foreign_html(text: str) -> str:
    """Return what a library made of a value, less all that could act, load or look like a part of the page."""
    clean = nh3.clean(
        text,
        tags=set(_TAGS),
        clean_content_tags=_UNREAD,
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_away,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )
    return _aligned(clean).strip()


def _html(passage: Passage, prefix: str, keep: Callable[[str], str]) -> str:
    if passage.kind == "python":
        return highlighted(passage.text, "cell.py")
    if passage.kind == "html":
        return foreign_html(passage.text)
    if passage.kind == "rest":
        return _rest(passage.text, prefix, keep)
    try:
        html = clean_html(passage.text, prefix, keep)
    except FormulaError:  # what is no formula, or none that is known: as it is written
        html = clean_html(passage.text, prefix)
    return _MISSING.sub(_without_image, html)


def _rest(text: str, prefix: str, keep: Callable[[str], str]) -> str:
    """Return reStructuredText as HTML; as it is written where docutils is not installed."""
    try:
        from portfolio.rendering.rest import rest_html  # noqa: PLC0415 - docutils is an extra
    except ImportError:
        return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in text.split("\n\n"))
    return clean_prose(rest_html(text, keep), prefix)


def _away(tag: str, name: str, value: str) -> str | None:
    """Keep what is harmless, and links that lead away by a whole address."""
    if name == "href":
        return value if re.match(r"(?:https?://|mailto:)", value) else None
    return value if name == "title" or tag == "a" or re.fullmatch(r"[a-z0-9]{1,10}", value) else None


def _without_image(tag: re.Match[str]) -> str:
    """Put the words of an image in place of one that cannot be shown: only the project's own `assets/` can."""
    if ' src="' in tag[1]:
        return tag[0]
    words = _ALT.search(tag[1])
    return f"<em>{words[1]}</em>" if words and words[1] else ""


def _aligned(html: str) -> str:
    """Mark the columns of numbers, whose cells stand to the right with their headers."""
    parts = [part for _, part in pieces(html)]
    places: dict[tuple[int, int], list[int]] = {}
    table = column = 0
    for place, part in enumerate(parts):
        table += part.startswith("<table")
        if part.startswith("<tr"):
            column = 0
        elif _CELL.match(part):
            places.setdefault((table, column), []).append(place)
            column += 1
    for cells in places.values():
        bodies = [parts[place + 1] for place in cells if parts[place].startswith("<td")]
        if bodies and all(map(_NUMBER.fullmatch, bodies)):
            for place in cells:
                parts[place] = f'{parts[place][:3]} class="pf-num"{parts[place][3:]}'
    return "".join(parts)
