"""Whatever an author's text does to a parser, its page is ready or refused within a bound, and the next one is made."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portfolio.errors import SiteError
from portfolio.rendering.code import code_views
from portfolio.rendering.limited import Limited
from portfolio.rendering.problems import PageError
from portfolio.rendering.prose_page import MOST_WRITTEN, Embeds, writeup_html
from portfolio.values.record import Result

NONE = Embeds(figures={}, tables={}, verdict="")


def full(unit: str) -> str:
    """Return a write-up as long as one may be."""
    return (unit * MOST_WRITTEN)[:MOST_WRITTEN]


HARD = {
    "brackets": full("["),
    "images": full("!["),
    "nested_quotes": full("> "),
    "nested_lists": "\n".join("  " * depth + "- x" for depth in range(400)),
    "stars": full("*a "),
    "emphasis": full("**_"),
    "backticks": full("`a"),
    "a_wide_table": "|a" * 40_000 + "\n" + "|-" * 40_000,
    "definitions": full("[a]: b\n"),
    "footnotes": "".join(f"[^{number}]\n\n[^{number}]: x\n\n" for number in range(4000)),
    "references": full("&#x"),
    "open_tags": full("<div>"),
    "open_comments": full("<!--"),
    "angle_brackets": full("<a "),
    "fences": full("```\n"),
    "indented_blanks": full("\n "),
    "a_loop": "{% for a in 'x' * 90000 %}{% for b in 'x' * 90000 %}{% endfor %}{% endfor %}",
    "a_power": "{{ 9 ** (9 ** 9) }}",
    "a_long_string": "{{ 'x' * 10 ** 10 }}",
    "a_wide_format": "{{ '%2000000000d' % 1 }}",
    "one_megabyte_of_brackets": "[" * 1_000_000,
}


@pytest.fixture
def limited() -> Iterator[Limited]:
    with Limited(seconds=1) as made:
        yield made


@pytest.mark.parametrize("name", ["brackets", "a_loop", "a_power", "a_long_string", "one_megabyte_of_brackets"])
def test_a_hard_text_ends_within_its_bound(limited: Limited, name: str) -> None:
    began = time.monotonic()
    with pytest.raises(PageError, match=r"x/writeup\.md"):
        writeup_html(HARD[name], "x/writeup.md", Result(), NONE, "w", limited)
    seconds = time.monotonic() - began

    assert seconds < 20
    assert "fine" in writeup_html("fine", "x/writeup.md", Result(), NONE, "w", limited)


def test_no_text_is_blamed_where_the_process_does_not_start(
    limited: Limited, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "jinja2.py").write_text("raise ImportError('no such file')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    with pytest.raises(SiteError, match="does not start"):
        writeup_html("fine", "x/writeup.md", Result(), NONE, "w", limited)


def test_a_source_that_cannot_be_highlighted_is_shown_in_one_colour(bench: Any, limited: Limited) -> None:
    entry = bench.add(files={"script.py": "x = '<b>'\n" + "\n " * 90_000})

    (shown,) = code_views(entry, limited)

    assert "x = &#39;&lt;b&gt;&#39;</span>" in shown.html
