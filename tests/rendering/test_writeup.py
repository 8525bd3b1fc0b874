from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from portfolio.rendering.limited import Limited
from portfolio.rendering.pieces import pieces
from portfolio.rendering.problems import PageError
from portfolio.rendering.prose import prose_html
from portfolio.rendering.prose_page import Embeds, writeup_html
from portfolio.values.record import Metric, Result

RESULT = Result(
    metrics=(Metric(name="cost", value=16.4971, interval=(15.2, 17.8), unit="per 100", baseline=62.6, n=50),),
    params={"ratio": 20, "names": ["<b>*a*"], "word": "<b>*a*"},
)
EMBEDS = Embeds(
    figures={"curve": lambda: Markup('<figure id="figure-curve"><img alt="x&#34; onerror=alert(1)"></figure>')},
    tables={},
    verdict="Lower is better.",
)


Write = Callable[[str], str]


@pytest.fixture(scope="module")
def written() -> Iterator[Write]:
    with Limited() as limited:
        yield lambda text: writeup_html(text, "projects/x/writeup.md", RESULT, EMBEDS, "w", limited)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{ metrics.cost }}", '<data value="16.4971">16.5</data> per 100 (<data value="15.2">15.2</data> to'),
        ("{{ metrics.cost.value }}!", '<data value="16.4971">16.5</data> per 100!'),
        ("{{ metrics.cost.number }}", '<data value="16.4971">16.5</data></p>'),
        ("{{ metrics.cost.baseline }}", '<data value="62.6">62.6</data> per 100'),
        ("{{ metrics.cost.n }}", '<data value="50">50</data>'),
        ("{{ params.ratio }}", '<data value="20">20</data>'),
        ("{{ params.word }}", "<p>&lt;b&gt;*a*</p>"),
        ("{% for name in params.names %}{{ name }}{% endfor %}", "<p>&lt;b&gt;*a*</p>"),
        ("{% if params.word == '<b>*a*' %}yes{% endif %}", "<p>yes</p>"),
        ("{{ typed('0.05') }}", "<p>0.05</p>"),
        ("{{ verdict }}", "<p>Lower is better.</p>"),
        ("{{ metrics.cost.number - 0.4971 }}", "<p>16</p>"),
        ("`{{ metrics.cost.number }}`", '<code><data value="16.4971">16.5</data></code>'),
    ],
)
def test_a_name_prints_what_was_recorded(written: Write, text: str, shown: str) -> None:
    assert shown in written(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\n\n{{ metrics.cots }}", r"writeup.md:3: unknown name 'metrics.cots'; did you mean 'metrics.cost'\?"),
        ("{{ mertics.cost }}", r"writeup.md:1: unknown name 'mertics'; did you mean 'metrics'\?"),
        ("{{ metrics.cost.valeu }}", r"did you mean 'metrics.cost.value'\?"),
        ("{{ figures.nothing }}", r"unknown name 'figures.nothing'; there: figures.curve"),
        ("\n{% for x %}", r"writeup.md:2: "),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ metrics.cost._tokens.meanings }}", "unsafe"),
        ("{{ 1 / 0 }}", "division"),
        ("{% include 'x' %}", "writeup.md:1: "),
        ("x" * 200_001, "longer than 200 kB"),
        ("{% for i in 'abcdefghij' %}" + "x" * 150_000 + "{% endfor %}", "longer than 1 MB"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(written: Write, text: str, message: str) -> None:
    with pytest.raises(PageError, match=message):
        written(text)


def test_an_embedded_figure_stands_alone_and_is_ours(written: Write) -> None:
    html = written("before\n\n{{ figures.curve }}\n\nafter")

    assert '<p>before</p>\n<figure id="figure-curve">' in html
    assert "<p><figure" not in html


def test_a_token_inside_a_tag_becomes_plain_text(written: Write) -> None:
    html = written('[x](https://example.org "{{ metrics.cost.number }} {{ figures.curve | string | trim }}")')

    assert 'title="16.5' in html
    assert "<figure" not in html
    assert "onerror" not in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "<iframe src='https://example.org'></iframe>",
        "<style>*{display:none}</style>",
        "<p style='color:red' onclick='x()'>x</p>",
        "<svg onload=alert(1)>",
        "<a href='//example.org/x'>x</a>",
        "<h2 id='__search'>x</h2>",
        "<img src='//example.org/x.png'>",
        "![x](https://example.org/x.png)",
        "<form action='https://example.org'><input name=q></form>",
        "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    ],
)
def test_prose_can_only_be_read(text: str, tags: Callable[[str], list[tuple[str, dict[str, str | None]]]]) -> None:
    found = tags(prose_html(text, "w"))

    names = {name for name, _ in found}
    assert not names & {"script", "style", "iframe", "svg", "math", "form", "input", "object"}
    for _, attributes in found:
        assert not any(key.startswith("on") or key == "style" for key in attributes)
        assert (attributes.get("href") or "https:").startswith(("https:", "mailto:", "#"))
        assert "src" not in attributes
        assert (attributes.get("id") or "w-").startswith("w-")


def test_headings_begin_below_the_title_and_have_ids() -> None:
    html = prose_html("# One\n\n## Two\n\n# One", "w")

    assert '<h2 id="w-one">' in html
    assert '<h3 id="w-two">' in html


def test_code_is_highlighted_and_tables_scroll_in_their_box() -> None:
    html = prose_html("```python\nx = 1\n```\n\n|a|b|\n|-|-:|\n|1|2|\n", "w")

    assert '<div class="highlight">' in html
    assert '<span class="n">x</span>' in html
    assert '<div class="pf-scroll" role="region" tabindex="0"' in html
    assert '<td align="right">2</td>' in html


def test_footnotes_of_two_texts_do_not_share_ids() -> None:
    first, second = (prose_html("x[^1]\n\n[^1]: note", prefix) for prefix in ("w", "n"))

    assert 'href="#w-fn-1"' in first
    assert 'id="w-fn-1"' in first
    assert 'id="n-fn-1"' in second


@given(st.text(alphabet="<>\"'`~!-=/ ahref#&;[](){}\n", max_size=60))
def test_pieces_are_the_whole_text_and_text_holds_no_tag(text: str) -> None:
    html = prose_html(text, "w")

    parts = list(pieces(html))

    assert "".join(part for _, part in parts) == html
    assert not any("<" in part or ">" in part for is_tag, part in parts if not is_tag)
