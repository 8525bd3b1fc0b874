"""Nobody is kept out: axe-core finds nothing on any kind of page, light or dark, and pages print on three sheets."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe import violations
from browsing import needs_chromium, served, visit
from compressing import served_compressed
from playwright.sync_api import Browser
from real import SLUGS
from stage import MakeStage, Stage

pytestmark = [pytest.mark.browser, needs_chromium]
KINDS = [
    "",
    "tags/",
    "about/",
    "cv/",
    "timeline/",
    "tools/",
    "ideas/",
    "questions/",
    f"projects/{SLUGS[0]}/",
    "nowhere/",
]
UNKNOWN = "There is nothing at this address"
SHEETS = 3
FIRST_VIEW = 200_000
"""Bytes, compressed, of a project's page with one figure."""


@pytest.fixture(scope="module")
def address(real: Stage) -> Iterator[str]:
    with served(real.site) as base:
        yield base


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", KINDS)
def test_axe_finds_nothing(browser: Browser, address: str, path: str, scheme: str) -> None:
    with visit(browser, address, scheme=scheme) as opened:
        page = opened.open(path)
        found = violations(page)
        is_unknown = page.locator("h1").inner_text() == UNKNOWN

    assert found == []
    assert is_unknown == (path == "nowhere/")


def test_axe_finds_what_is_wrong(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<img src='data:,'><p style='color:#ccc'>Words nobody can read</p>")
    (tmp_path / "404.html").touch()  # for the icon that browsers ask for

    with served(tmp_path) as base, visit(browser, base) as opened:
        found = violations(opened.open(""))

    assert {line.split(":")[0] for line in found} >= {"image-alt", "color-contrast", "html-has-lang"}


@pytest.mark.parametrize("slug", SLUGS)
def test_a_project_is_printed_on_three_sheets_in_light_colours(browser: Browser, address: str, slug: str) -> None:
    with visit(browser, address, scheme="dark") as opened:
        page = opened.open(f"projects/{slug}/")
        printed = page.pdf(format="A4", prefer_css_page_size=True)
        page.emulate_media(media="print")
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        dark_images = page.locator("img[src$='#only-dark']:visible").count()

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= SHEETS
    assert paper in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
    assert dark_images == 0


@pytest.mark.parametrize("settings", ["", "site_name: without a palette\n"])
def test_the_first_view_of_a_project_is_light(
    browser: Browser, stage_in: MakeStage, tmp_path: Path, settings: str
) -> None:
    stage = stage_in(tmp_path / "workspace", "succeeds")
    if settings:
        stage.write("mkdocs.yml", settings)
    stage.append("projects/succeeds/script.py", _ONE_FIGURE)
    ran = stage.portfolio("build")
    assert ran.code == 0, ran.err
    loaded: list[float] = []

    with served_compressed(stage.site) as base, visit(browser, base) as opened:
        session = opened.page.context.new_cdp_session(opened.page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda told: loaded.append(told["encodedDataLength"]))
        page = opened.open("projects/succeeds/")
        page.wait_for_load_state("networkidle")
        shown = page.locator("figure img:visible").count()
        switches = page.locator("label[for='__palette_1']:visible").count()

    assert (shown, switches) == (1, 1)
    assert 50_000 < sum(loaded) < FIRST_VIEW


_ONE_FIGURE = """
import matplotlib.pyplot as plt
from portfolio import log_figure
figure, axes = plt.subplots()
axes.plot([0, 1, 4, 9])
log_figure("curve", figure, alt="A curve that rises.")
"""
