"""A project on its own: one HTML file that loads nothing, and Markdown beside its images."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import chromium, needs_chromium, served, visit
from stage import Stage

SCRIPT = """
import matplotlib.pyplot as plt
from portfolio import log_figure, log_metric, log_table

plt.plot([0, 1], [1, 0])
log_figure("line", alt="A line | down", caption="It falls.")
log_metric("error", 2.5, goal="minimize", baseline=4.0, interval=(2.0, 3.0), unit="points")
log_table("rows", [{"name": "a*b", "score": 0.25}])
"""
SPEC = """
title = "It fell <b>"
summary = "S."
question = "Does it fall?"
tags = ["t"]

[headline]
metric = "error"
"""


@pytest.fixture
def exported(workspace: Callable[..., Stage]) -> Stage:
    """Return a workspace whose project `one` was exported."""
    stage = workspace("minimal")
    stage.write("projects/one/spec.toml", SPEC)
    stage.write("projects/one/script.py", SCRIPT)
    stage.write("projects/one/writeup.md", "## Why\n\n- first\n- second `x|y`\n\n{{ tables.rows }}\n")
    ran = stage.portfolio("build", "--export", "one")
    assert ran.code == 0, ran.err
    assert "build/export/one/one.html" in ran.err + ran.out
    return stage


def test_the_markdown_tells_what_the_page_tells(exported: Stage) -> None:
    folder = exported.root / "build" / "export" / "one"

    text = (folder / "one.md").read_text(encoding="utf-8")

    assert "# It fell \\<b\\>" in text
    assert "2.50 points" in text
    assert "![A line \\| down](<figures/line.svg>)" in text
    assert (folder / "figures" / "line.svg").is_file()
    assert "| a\\*b | 0.25 |" in text
    assert "- first\n- second `x|y`" in text
    assert 'log\\_metric("error"' not in text
    assert 'log_metric("error", 2.5' in text
    assert "Enlarge" not in text
    assert "Downloads" not in text


@pytest.mark.browser
@needs_chromium
def test_the_single_file_needs_nothing_else(exported: Stage, tmp_path: Path) -> None:
    (tmp_path / "alone").mkdir()
    source = (exported.root / "build/export/one/one.html").read_text(encoding="utf-8")
    (tmp_path / "alone" / "index.html").write_text(source, encoding="utf-8")
    (tmp_path / "alone" / "404.html").write_text("", encoding="utf-8")

    with served(tmp_path / "alone") as base, chromium() as browser, visit(browser, base, width=360) as opened:
        page = opened.open("")
        image = page.locator("img").first.evaluate("image => image.naturalWidth")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        heading = page.locator("h1").inner_text()
        ruler = page.locator(".pf-ruler__value").first.bounding_box()

    assert (heading, wide) == ("It fell <b>", 0)
    assert ruler is not None
    assert ruler["width"] > 5
    assert image > 0
    assert [said for said in opened.complaints if "favicon" not in said and "404" not in said] == []
    assert not re.search(r"<script|(?:src|href)=\"(?!data:|#|https?://)", source)


def test_exporting_what_is_not_there_is_refused(exported: Stage) -> None:
    ran = exported.portfolio("build", "--export", "none")

    assert ran.code == 2
    assert "none: no such project" in ran.err


def test_an_export_is_written_also_where_there_is_nothing_to_build(exported: Stage) -> None:
    (exported.root / "build/export/one/one.md").unlink()

    ran = exported.portfolio("build", "--export", "one")

    assert ran.code == 0
    assert (exported.root / "build/export/one/one.md").is_file()
