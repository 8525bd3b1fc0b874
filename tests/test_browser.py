"""The sites that people see, in a real browser: the repository's own projects, and one made of hostile text."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Visit, needs_chromium, served, visit
from playwright.sync_api import Browser
from real import SLUGS
from stage import MakeStage, Stage

pytestmark = [pytest.mark.browser, needs_chromium]
PAGES = ["", "tags/", "about/", *(f"projects/{slug}/" for slug in SLUGS)]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def address(real: Stage) -> Iterator[str]:
    """Return where the repository's own site is served."""
    with served(real.site) as base:
        yield base


@pytest.fixture
def window(browser: Browser, address: str) -> Iterator[Visit]:
    """Return a fresh window on the repository's own site."""
    with visit(browser, address) as opened:
        yield opened


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_without_error_or_another_host_and_fits_a_phone(
    browser: Browser, address: str, path: str, scheme: str
) -> None:
    with visit(browser, address, scheme=scheme) as opened:
        page = opened.open(path)
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        page.wait_for_load_state("networkidle")
        page.set_viewport_size({"width": 360, "height": 740})

        assert opened.complaints == []
        assert page.locator("h1").count() == 1
        assert page.evaluate(OVERFLOW) <= 0


def test_an_address_that_leads_nowhere_is_answered_in_the_site_s_own_way(browser: Browser, address: str) -> None:
    with visit(browser, address, width=360) as opened:
        page = opened.open("nowhere/")

        assert page.locator("h1").count() == 1
        assert page.evaluate(OVERFLOW) <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_follow_the_scheme(browser: Browser, address: str, scheme: str) -> None:
    other = {"light": "dark", "dark": "light"}[scheme]

    with visit(browser, address, scheme=scheme) as opened:
        page = opened.open(f"projects/{SLUGS[0]}/")

        assert page.locator(f"img[src$='#only-{scheme}']").first.is_visible()
        assert not page.locator(f"img[src$='#only-{other}']").first.is_visible()


def test_the_palette_switch_changes_the_figures_too(window: Visit) -> None:
    page = window.open(f"projects/{SLUGS[0]}/")

    page.locator("label[for='__palette_1']:visible").first.click()

    assert page.locator("img[src$='#only-dark']").first.is_visible()
    assert window.complaints == []


def test_search_finds_every_project_by_its_title(window: Visit, real: Stage) -> None:
    page = window.open("")
    field = page.locator("input.md-search__input")

    for slug in SLUGS:
        title = tomllib.loads((real.projects / slug / "spec.toml").read_text(encoding="utf-8"))["title"]
        field.fill("")
        field.press_sequentially(" ".join(sorted(re.findall(r"[a-zA-Z]+", title), key=len)[-2:]))
        found = page.locator(f".md-search-result__list a[href*='projects/{slug}/']").first
        found.wait_for(state="attached", timeout=20_000)

    assert window.complaints == []


@pytest.mark.parametrize("slug", SLUGS)
def test_the_headline_on_the_page_is_the_recorded_number(real: Stage, slug: str) -> None:
    listed = json.loads((real.site / "projects.json").read_text())["projects"]
    headline = next(project["headline"] for project in listed if project["slug"] == slug)
    recorded = real.results(slug)["metrics"][headline["metric"]]

    values = re.findall(r'<data value="([^"]+)"', real.page(slug))

    assert headline["value"] == recorded["value"]
    assert {json.dumps(recorded["value"]), *map(json.dumps, recorded["interval"])} <= set(values)


def test_every_project_of_ours_has_what_a_reader_needs(real: Stage) -> None:
    listed = json.loads((real.site / "projects.json").read_text())["projects"]

    wanting = [
        project["slug"]
        for project in listed
        if not project["headline"] or project["headline"]["baseline"] is None or not project["headline"]["interval"]
    ]

    assert wanting == []
    assert len(listed) == len(SLUGS) == 6


def test_hostile_text_is_read_and_never_run(browser: Browser, stage_in: MakeStage, tmp_path: Path) -> None:
    stage = stage_in(tmp_path / "workspace", "hostile_text")
    built = stage.portfolio("build")

    with served(stage.site) as base, visit(browser, base) as opened:
        seen = {path: opened.open(path).evaluate("[window.owned, document.body.innerText]") for path in _HOSTILE_PAGES}
        title = opened.open("projects/hostile-text/").title()

    assert built.code == 0, built.err
    assert opened.complaints == []
    assert [owned for owned, _ in seen.values()] == [None] * len(_HOSTILE_PAGES)
    assert "<script>window.owned=1;alert(1)</script>{{ 7*7 }} `code`" in seen["projects/hostile-text/"][1]
    assert title.startswith("</title><script>window.owned=1;alert(1)</script>{{ 7*7 }}")


_HOSTILE_PAGES = ["", "tags/", "projects/hostile-text/"]
