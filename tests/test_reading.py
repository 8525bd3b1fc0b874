"""What readers do on a site: narrow cards, enlarge figures, read code; on a phone, by keyboard, without scripts."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Visit, needs_chromium, served, visit
from playwright.sync_api import Browser, Page
from stage import MakeStage, Once, Stage

pytestmark = [pytest.mark.browser, needs_chromium]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TITLE = "Unconstitutionally long-winded headlines about generalisation still fit a phone."
SCRIPT = """
import matplotlib.pyplot as plt
from portfolio import log_figure, log_metric, log_table, step

with step("present"):
    log_metric("error", 2.5, goal="minimize", baseline=4.0, interval=(2.0, 3.0), unit="points")
    figure, axes = plt.subplots()
    axes.plot([0, 1, 2], [3, 1, 4], label="line")
    log_figure("line", figure, alt="A line that goes down and up.", caption="It goes up in the end.")
    log_table("wide", [{f"a_column_{n}": n * 1000.5 for n in range(12)}], caption="Twelve columns")
"""
SLUGS = ("first", "second", "third", "fourth", "fifth")
PAGES = ("", "tags/", "about/", "cv/", "timeline/", "tools/", "ideas/", "projects/first/", "nowhere/")


@pytest.fixture(scope="module")
def site(once: Once, stage_in: MakeStage) -> Stage:
    """Return a workspace of five projects, whose site knows all that pages can do."""

    def build(folder: Path) -> None:
        stage = stage_in(folder / "workspace")
        for number, slug in enumerate(SLUGS):
            topics = json.dumps(["all", f"topic {number % 2}"])
            spec = f'title = "{TITLE}"\nsummary = "S."\nfollow_up = ["Go on."]\ntags = {topics}\n'
            stage.write(f"projects/{slug}/spec.toml", spec)
            script = SCRIPT if slug == "first" else "from portfolio import log_metric\nlog_metric('error', 1)\n"
            stage.write(f"projects/{slug}/script.py", script)
        stage.write(
            "resume.json", json.dumps({"basics": {"name": "Ada", "phone": "555"}, "skills": [{"name": "Asking"}]})
        )
        features = "features: [content.code.copy, navigation.instant]"
        search = "plugins: [search]"
        palette = "palette: [{scheme: default, toggle: {icon: material/weather-night, name: To dark}},"
        palette += " {scheme: slate, toggle: {icon: material/weather-sunny, name: To light}}]"
        stage.write("mkdocs.yml", f"site_name: A\n{search}\ntheme:\n  name: material\n  {features}\n  {palette}\n")
        ran = stage.portfolio("build", "--site-url", "https://example.org/")
        assert ran.code == 0, ran.err

    return Stage(once("reading", build) / "workspace")


@pytest.fixture(scope="module")
def address(site: Stage) -> Iterator[str]:
    with served(site.site) as base:
        yield base


@pytest.fixture
def window(browser: Browser, address: str) -> Iterator[Visit]:
    with visit(browser, address) as opened:
        yield opened


def test_no_page_is_wider_than_a_phone_and_a_wide_table_scrolls_by_itself(browser: Browser, address: str) -> None:
    with visit(browser, address, width=360) as opened:
        over = {path: opened.open(path).evaluate(OVERFLOW) for path in PAGES}
        table = opened.open("projects/first/").locator(".pf-table .pf-scroll")

        assert over == dict.fromkeys(PAGES, 0)
        assert table.evaluate("box => box.scrollWidth > box.clientWidth")


def test_cards_are_narrowed_by_keyboard_and_the_address_remembers(window: Visit) -> None:
    page = window.open("")
    said, cards = page.get_by_role("status"), page.locator(".pf-card:visible")
    assert (said.text_content(), cards.count()) == ("5 projects", 5)

    _tab_to(page, "[data-topic='topic 1']")
    page.keyboard.press("Space")

    assert (said.text_content(), cards.count()) == ("2 of 5 projects", 2)
    assert page.locator("[data-topic='topic 1']").get_attribute("aria-pressed") == "true"
    assert page.locator("[data-topic='topic 0']").is_disabled()
    assert "topic=topic+1" in page.url
    page.reload()
    assert cards.count() == 2
    page.get_by_role("button", name="Show all").click()
    assert cards.count() == 5
    assert "topic" not in page.url
    assert window.complaints == []


def test_a_figure_is_enlarged_and_put_away_by_keyboard(window: Visit) -> None:
    page = window.open("projects/first/")

    _tab_to(page, ".pf-zoom")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Enlarged figure")
    dialog.wait_for()
    width = dialog.get_by_role("img").bounding_box()
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")

    assert width is not None
    assert width["width"] > 900
    assert page.evaluate("document.activeElement.matches('.pf-zoom')")
    assert window.complaints == []


def test_a_keyboard_reaches_search_code_and_every_scrolling_box(window: Visit) -> None:
    page = window.open("projects/first/")

    reached = _all_stops(page)

    assert {"INPUT.md-search__input", "SUMMARY.", "DIV.pf-scroll"} <= reached
    page.locator("summary", has_text="script.py").focus()
    page.keyboard.press("Enter")
    _tab_to(page, "[aria-label='Code: script.py']")


def test_without_scripts_everything_is_there(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()

    page.goto(address)
    cards, filters = page.locator(".pf-card:visible").count(), page.locator("[data-filter]:visible").count()
    page.goto(f"{address}projects/first/")
    image = page.locator(".pf-zoom").first.get_attribute("href")
    page.locator("summary", has_text="script.py").click()
    code = page.locator(".pf-code").inner_text()
    answer = context.request.get(f"{address}projects/first/{image}")
    context.close()

    assert (cards, filters) == (5, 0)
    assert 'log_metric("error", 2.5' in code
    assert answer.ok


def test_nothing_is_refused_or_fetched_elsewhere_whatever_a_reader_uses(window: Visit) -> None:
    page = window.open("")

    page.locator("#project-first a").click()
    page.wait_for_url(re.compile("projects/first/"))
    page.locator(".pf-hero img:visible").click()
    page.get_by_role("dialog", name="Enlarged figure").wait_for()
    page.keyboard.press("Escape")
    page.locator("label[for='__palette_1']:visible").first.click()
    page.get_by_role("link", name=re.compile("Work")).first.click()
    page.locator("[data-filter]").wait_for()
    page.locator("[data-topic='topic 1']").click()
    page.locator("input.md-search__input").press_sequentially("headlines")
    page.locator(".md-search-result__list a").first.wait_for(state="attached")
    narrowed = page.locator(".pf-card:visible").count()
    page.goto(f"{window.base}projects/first/")
    page.locator("summary", has_text="script.py").click()
    page.locator(".pf-code .md-clipboard, .pf-code .md-code__button").first.click()

    assert narrowed == 2
    assert window.complaints == []


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"no tab stop {selector}")


def _all_stops(page: Page) -> set[str]:
    """Return what a keyboard stops at, each as its tag and class; the theme marks by a class what has the focus."""
    stops = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        stops.add(page.evaluate(_STOP))
    return stops


_STOP = """(() => {
    const at = document.activeElement;
    return `${at.tagName}.${[...at.classList].filter((name) => name !== "focus-visible")[0] || ""}`;
})()"""
