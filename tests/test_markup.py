"""The quick way through a page says what the long way says, byte for byte, or says nothing."""

from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Any

import markdown
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from material.plugins.search import plugin as search  # type: ignore[import-untyped]

from portfolio.publishing import markup, shortcuts
from portfolio.publishing.validate import _Links, _quick_links

NAMES = st.sampled_from(["div", "p", "h2", "a", "pre", "code", "li", "br", "img", "hr", "path", "svg", "DIV", "x-y"])
REFERENCES = st.sampled_from(["&amp;", "&#12;", "&#12x", "&lt;b", "\n\n"])
TEXTS = st.text(alphabet="ab &;#'\"\n>=/-!", max_size=12) | REFERENCES
VALUES = st.text(alphabet="ab &;<>/'\n", max_size=6)
KEYS = st.sampled_from(["id", "class", "href", "data-search-exclude", "Title", "hidden"])
ATTRIBUTES = st.lists(st.tuples(KEYS, st.none() | VALUES | st.just("linenodiv") | st.just("headerlink")), max_size=3)
UNFINISHED = st.sampled_from(["<", "</", "<p", "</ p>", "\t", "``` x"])
COMMENTS = st.sampled_from(["<!-- a -->", "<!--/x-->", "<!-- a > b -->", "<!x>", "<?x?>"])
UNUSUAL = st.sampled_from(["<a b=c>", "<a b='c'>", "</p x>", "<a/b>", "<a b>"])
RAW = st.sampled_from(["<script>if (a<b) {}</script>", "<style>p{}</style>", "<title>a</title>"])
ODD = UNFINISHED | COMMENTS | UNUSUAL | RAW


class _Told(HTMLParser):
    """Notes what the real parser says."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[object] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.told.append((tag, tuple(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.told.append(tag)

    def handle_data(self, data: str) -> None:
        self.told.append(["text", data])


def _start(name: str, attributes: Iterable[tuple[str, str | None]], slash: str) -> str:
    written = "".join(f" {key}" if value is None else f' {key}="{value}"' for key, value in attributes)
    return f"<{name}{written}{slash}>"


STARTS = st.builds(_start, NAMES, ATTRIBUTES, st.sampled_from(["", "", "", "/", " "]))
ELEMENTS = st.recursive(
    TEXTS,
    lambda inner: st.builds(
        lambda name, attributes, within: f"{_start(name, attributes, '')}{''.join(within)}</{name}>",
        st.sampled_from(["div", "p", "h2", "a", "pre", "code", "li", "span"]),
        ATTRIBUTES,
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)
ENDS = st.builds(lambda name: f"</{name}>", NAMES)
PAGES = st.lists(ELEMENTS | STARTS | ENDS | ODD, max_size=8).map("".join)


@settings(max_examples=400, deadline=None)
@given(PAGES)
def test_a_page_is_read_as_the_real_parser_reads_it(html: str) -> None:
    real, quick = _Told(), _Told()
    real.feed(html)
    real.close()

    read = markup.tokens(html)

    if read is not None:
        shortcuts._tell(quick, *read)
        assert quick.told == real.told


@settings(max_examples=400, deadline=None)
@given(PAGES)
def test_the_quick_look_at_links_misses_none(html: str) -> None:
    real = _Links()
    real.feed(html)

    quick = _quick_links(html)

    if quick is not None:
        assert set(real.loads) <= set(quick.loads)
        assert set(real.leads) <= set(quick.leads)


@settings(max_examples=400, deadline=None)
@given(st.lists(ELEMENTS | ODD, max_size=5).map("".join), st.sampled_from(["", "\n"]))
def test_one_block_is_what_markdown_makes_of_it(inner: str, around: str) -> None:
    source = f'{around}<div class="pf">{inner}</div>{around}'

    found = shortcuts.one_block(source)

    if found is not None:
        assert found[0] == markdown.markdown(source, extensions=["toc", "tables", "fenced_code"])


@pytest.mark.parametrize(
    ("html", "is_plain"),
    [
        ('<div>\n<h1 id="a">A &amp; b</h1>\n<img src="x.png"><br/><p class="q">x</p><!--n--></div>', True),
        ("<div><p>x</div></p>", False),
        ("<div>x</div><div>y</div>", False),
        ("<div><div>x</div>", False),
        ("<div>`x` ```y```</div>", False),
        ("<div>a\tb</div>", False),
        ("<div><script>x</script></div>", False),
        ("<div>&#12 x</div>", False),
        ("text <div>x</div>", False),
    ],
)
def test_only_a_block_markdown_leaves_alone_takes_the_short_way(html: str, *, is_plain: bool) -> None:
    assert (shortcuts.one_block(html) is not None) == is_plain


@settings(max_examples=300, deadline=None)
@given(PAGES)
def test_the_search_finds_the_same_sections_both_ways(html: str) -> None:
    long, short = _sections(search, html), _sections(_shortened(), html)

    assert short == long


def _sections(module: Any, html: str) -> object:
    parser = module.Parser()
    try:
        parser.feed(html)
        parser.close()
    except Exception as error:  # noqa: BLE001 - Material's parser may fail on what no page holds: so must the short way
        return type(error)
    return [(section.id, section.title, section.text, section.is_excluded()) for section in parser.data]


def _shortened() -> Any:
    """Return a second copy of Material's module with the shortcut in it."""
    import importlib.util  # noqa: PLC0415

    found = importlib.util.find_spec(search.__name__)
    assert found is not None
    assert found.loader is not None
    copy = importlib.util.module_from_spec(found)
    found.loader.exec_module(copy)
    shortcuts.shorten_search(copy)
    return copy
