"""Markdown of an author to HTML that can only be read: highlighted, its ids prefixed, sanitised by an allow-list."""

import re
from collections.abc import Callable

import nh3
from markdown import Extension, Markdown
from markdown.extensions.codehilite import CodeHiliteExtension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.tables import TableExtension
from markdown.extensions.toc import TocExtension

from portfolio.rendering.escape import without_control
from portfolio.rendering.maths import MathExtension
from portfolio.rendering.pieces import pieces
from portfolio.rendering.words import anchor

_TAGS = frozenset(
    "a abbr b blockquote br caption cite code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img "  # noqa: SIM905
    "ins kbd li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul "
    "var".split()
)
_ATTRIBUTES = {
    "a": {"href", "title", "class", "id"},
    "abbr": {"title"},
    "code": {"class"},
    "details": {"open"},
    "div": {"class"},
    "img": {"src", "alt", "title", "width", "height"},
    "li": {"id"},
    "ol": {"start"},
    "span": {"class"},
    "sup": {"id"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "scope", "align"},
    **{f"h{level}": {"id"} for level in range(1, 7)},
}
_VALUES = {
    ("div", "class"): re.compile(r"highlight|codehilite|footnote"),
    ("span", "class"): re.compile(r"[a-z][a-z0-9]{0,2}"),
    ("code", "class"): re.compile(r"language-[a-z0-9+-]{1,20}"),
    ("a", "class"): re.compile(r"footnote-ref|footnote-backref"),
    ("img", "src"): re.compile(r"assets/(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9_./-]*\.(?:png|jpe?g|webp|gif)", re.IGNORECASE),
}
_ID = re.compile(r"[a-z]-[a-z0-9-]*|[a-z]-fn(?:ref)?\d*-[\w-]+")
_HEADING = re.compile(r"<(/?)h([1-6])\b")
_TABLES = {
    "<table>": '<div class="pf-scroll" role="region" tabindex="0" aria-label="Table"><table class="pf-grid">',
    "</table>": "</table></div>",
}
_DEEPEST = 6
_FIRST = 2


def prose_html(text: str, prefix: str, keep: Callable[[str], str] | None = None) -> str:
    """Return the Markdown text as sanitised HTML: headings from h2 on, every id beginning with `prefix` and a hyphen.

    A pure function of its arguments, so that a caller can run it under limits. Tables, fenced code, footnotes and
    definition lists are known; raw HTML is allowed as far as the allow-list goes. Where `keep` is given, it takes each
    formula's MathML and returns the word that stands for it.
    """
    html = clean_html(text, prefix, keep)
    return fitted(html, highest_heading(html))


def clean_html(text: str, prefix: str, keep: Callable[[str], str] | None = None) -> str:
    """Return the Markdown text as sanitised HTML whose headings are as the author wrote them."""
    extensions: list[str | Extension] = [
        TableExtension(use_align_attribute=True),
        "fenced_code",
        "def_list",
        "sane_lists",
        FootnoteExtension(SEPARATOR="-", BACKLINK_TEXT="↩", BACKLINK_TITLE="Back to the text of note {}"),
        TocExtension(slugify=lambda value, _: f"{prefix}-{anchor(value)}", marker="", permalink=False),
        CodeHiliteExtension(css_class="highlight", guess_lang=False),
        *([MathExtension(keep)] if keep and ("$" in text or "\\" in text) else []),
    ]
    html = Markdown(extensions=extensions, output_format="html").convert(without_control(text))
    html = re.sub(r'(\bid="|\bhref="#)(fn(?:ref\d*)?-)', rf"\1{prefix}-\2", html)
    return clean_prose(html, prefix)


def clean_prose(html: str, prefix: str) -> str:
    """Return an author's HTML with nothing in it but what prose may hold."""
    return nh3.clean(
        html,
        tags=set(_TAGS),
        clean_content_tags={"script", "style", "iframe", "object", "template", "noscript"},
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_attribute_filter(prefix),
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )


def highest_heading(html: str) -> int:
    """Return the level of the highest heading; that of a section where there is none."""
    levels = [int(found[2]) for is_tag, part in pieces(html) if is_tag and (found := _HEADING.match(part))]
    return min(levels, default=_FIRST)


def _attribute_filter(prefix: str) -> Callable[[str, str, str], str | None]:
    def allowed(tag: str, name: str, value: str) -> str | None:
        if name == "id":
            return value if value.startswith(f"{prefix}-") and _ID.fullmatch(value) else None
        if name == "href":
            return None if value.replace("\\", "/").startswith("//") else value
        wanted = _VALUES.get((tag, name))
        return value if wanted is None or wanted.fullmatch(value) else None

    return allowed


def fitted(html: str, highest: int) -> str:
    """Move headings so that the highest is an h2 below the page's only h1, and give tables a box to scroll in."""
    shift = _FIRST - highest

    def shifted(tag: str) -> str:
        found = _HEADING.match(tag)
        if not found:
            return _TABLES.get(tag, tag)
        return f"<{found[1]}h{min(_DEEPEST, int(found[2]) + shift)}{tag[found.end() :]}"

    return "".join(shifted(part) if is_tag else part for is_tag, part in pieces(html))
