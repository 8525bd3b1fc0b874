"""A model tried in its page, as a reader does it; and a model file that is not what it should be."""

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe import violations
from browsing import Visit, needs_chromium, served, visit
from demo_customers import customers
from playwright.sync_api import Browser, Page
from stage import MakeStage, Once

pytestmark = [pytest.mark.browser, needs_chromium]
PATH = "projects/customers/"
FILE = "artifacts/customer.demo.json"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = 5000
"""Bytes, compressed, that a demo may add to a page as long as nobody asks for it."""


@pytest.fixture(scope="module")
def site(once: Once, stage_in: MakeStage) -> Path:
    """Return a site with models to try."""
    return customers(once, stage_in).site


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Return where the site is served."""
    with served(site) as base:
        yield base


@pytest.fixture(params=[("light", 1280), ("dark", 360)], ids=["light", "dark phone"])
def window(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Return a fresh window; each page carries the site's policy, and what that stops is a complaint."""
    scheme, width = request.param
    with visit(browser, address, scheme=scheme, width=width) as opened:
        yield opened


def test_a_reader_tries_a_model_by_keyboard(window: Visit) -> None:
    page = window.open(PATH)
    page.get_by_role("button", name="Try Customer").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Just tested").wait_for()
    age = page.get_by_label("age", exact=True)

    assert age.evaluate("it => it === document.activeElement")
    page.keyboard.press("Control+A")
    page.keyboard.type("55")
    page.get_by_label("missing").focus()
    page.keyboard.press("Space")
    page.get_by_label("city").select_option("Bath")
    page.wait_for_timeout(300)

    assert page.get_by_role("listitem").filter(has_text="%").count() == 2
    assert page.get_by_text("The model says: ").inner_text().endswith(("comes back", "stays <b>away</b>"))
    assert page.evaluate(OVERFLOW) <= 0
    assert window.complaints == []


def test_axe_finds_nothing_wrong_with_the_forms_and_their_answers(window: Visit) -> None:
    page = _tried(window)
    page.get_by_label("age", exact=True).fill("200")
    page.get_by_text("Outside the training range: age.").wait_for()
    page.get_by_role("button", name="Try Digit").click()
    page.get_by_text("No answer: the pad is empty.").wait_for()
    page.get_by_text("In a container").first.click()

    found = [each for section in ("try", "call") for each in violations(page, f"section[aria-labelledby={section}]")]

    assert [each for each in found if ".md-code__nav" not in each] == []  # the theme's own, on every block of code


def test_what_lies_outside_of_the_training_range_is_said(window: Visit) -> None:
    page = _tried(window)

    page.get_by_label("age", exact=True).fill("200")

    page.get_by_text("Outside the training range: age.").wait_for()
    assert page.get_by_role("status").filter(has_text="Outside the training range").count() == 1


def test_an_empty_field_gets_no_answer(window: Visit) -> None:
    page = _tried(window)

    page.get_by_label("age", exact=True).fill("")

    page.get_by_text("No answer: a number is wanted for age.").wait_for()


def test_a_digit_is_drawn_with_the_pointer_and_by_keyboard(window: Visit) -> None:
    page = window.open(PATH)
    page.get_by_role("button", name="Try Digit").click()
    page.get_by_text("No answer: the pad is empty.").wait_for()
    pad = page.get_by_role("application")

    pad.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    page.get_by_text("The model says: ").wait_for()

    page.get_by_role("button", name="Clear the pad").click()
    page.get_by_text("No answer: the pad is empty.").wait_for()
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 20, steps=5)
    page.mouse.up()
    page.get_by_text("The model says: ").wait_for()
    assert window.complaints == []


def test_a_page_without_javascript_says_so(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + PATH)

    assert page.get_by_text("this page has to run JavaScript").first.is_visible()
    assert not page.get_by_role("button", name="Try Customer").is_visible()
    context.close()


def test_nothing_of_a_model_is_loaded_before_a_reader_asks(browser: Browser, address: str, site: Path) -> None:
    with visit(browser, address) as opened:
        asked: list[str] = []
        opened.page.on("request", lambda request: asked.append(request.url.removeprefix(address)))
        page = opened.open(PATH)
        page.wait_for_load_state("networkidle")
        early = [path for path in asked if "demo" in path]
        markup = "".join(page.locator(f"section[aria-labelledby={name}]").inner_html() for name in ("try", "call"))
        _ask(page)

    added = [(site / path).read_bytes() for path in early] + [markup.encode()]
    assert sorted(early) == ["assets/demo.css", "assets/demo.js"]
    assert sum(len(gzip.compress(part)) for part in added) <= SMALL
    assert [path for path in asked if path not in early and "demo" in path] == ["assets/demo/page.js", PATH + FILE]


def _coefficient(found: Any) -> None:
    found["model"]["last"]["weights"][0][0] += 1e-4


def _expected(found: Any) -> None:
    found["expected"]["probabilities"][3][0] += 2e-6


def _label(found: Any) -> None:
    found["expected"]["labels"][5] = 1 - found["expected"]["labels"][5]


def _range(found: Any) -> None:
    found["inputs"][0]["max"] = 30


def _kind(found: Any) -> None:
    found["model"]["kind"] = "__proto__"


@pytest.mark.parametrize("alter", [_coefficient, _expected, _label, _range, _kind])
def test_a_model_file_that_does_not_hold_together_shows_no_form(
    browser: Browser, address: str, site: Path, alter: Callable[[Any], None]
) -> None:
    found = json.loads((site / PATH / FILE).read_bytes())
    alter(found)

    said = _with_file(browser, address, json.dumps(found), digest=False)

    assert said.startswith("The model cannot be tried here: ")


def test_a_model_file_cut_short_shows_no_form(browser: Browser, address: str, site: Path) -> None:
    text = (site / PATH / FILE).read_text()

    said = _with_file(browser, address, text[: len(text) // 2], digest=False)

    assert said == "The model cannot be tried here: the model file is cut short or damaged."


def test_a_model_file_other_than_the_page_names_shows_no_form(browser: Browser, address: str, site: Path) -> None:
    text = (site / PATH / FILE).read_text()

    said = _with_file(browser, address, text.replace('"max":', '"max": '), digest=True)

    assert said == "The model cannot be tried here: the model file is not the one this page was made with."


def _with_file(browser: Browser, address: str, text: str, *, digest: bool) -> str:
    """Return what the page says when it gets `text` for the model; there must be no form."""
    with visit(browser, address) as opened:
        opened.page.route(f"**/{FILE}", lambda route: route.fulfill(body=text))
        page = opened.open(PATH)
        if not digest:
            page.evaluate("document.querySelector('[data-demo]').dataset.sha256 = ''")
        page.get_by_role("button", name="Try Customer").click()
        said = page.get_by_text("The model cannot be tried here")
        said.wait_for()
        assert page.locator(".pf-demo__form").count() == 0
        return said.inner_text()


def _tried(window: Visit) -> Page:
    page = window.open(PATH)
    _ask(page)
    return page


def _ask(page: Page) -> None:
    page.get_by_role("button", name="Try Customer").click()
    page.get_by_text("The model says: ").wait_for()
