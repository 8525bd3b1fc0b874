"""From sixty-one projects on the work takes a second page: each card is on one of them, and nobody is kept out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe import violations
from browsing import needs_chromium, served, visit
from playwright.sync_api import Browser
from stage import MakeStage, Once, Stage

pytestmark = [pytest.mark.browser, needs_chromium]
N_PROJECTS, AT_HOME = 61, 60
LIGHT = 200_000
"""Bytes that home may have."""
SPEC = 'title = "Finding {0}"\nsummary = "What was found the {0}th time."\ntags = ["topic {1}"]\n'
SCRIPT = "from portfolio import log_metric\nlog_metric('error', {0}, goal='minimize', baseline=100.0)\n"


@pytest.fixture(scope="module")
def many(once: Once, stage_in: MakeStage) -> Stage:
    """Return a workspace with a site of so many projects, built once."""

    def build(folder: Path) -> None:
        stage = stage_in(folder / "workspace")
        for number in range(N_PROJECTS):
            stage.write(f"projects/finding-{number:02}/spec.toml", SPEC.format(number, number % 7))
            stage.write(f"projects/finding-{number:02}/script.py", SCRIPT.format(number + 0.5))
        ran = stage.portfolio("build")
        assert ran.code == 0, ran.err

    return Stage(once("many", build) / "workspace")


@pytest.fixture(scope="module")
def address(many: Stage) -> Iterator[str]:
    """Return where the site is served."""
    with served(many.site) as base:
        yield base


def test_every_card_is_on_one_page_and_home_stays_light(browser: Browser, many: Stage, address: str) -> None:
    shown: list[list[str]] = []
    with visit(browser, address, width=360) as opened:
        for path in ("", "work/2/"):
            page = opened.open(path)
            links = page.locator(".pf-card__title a").all()
            shown.append([str(link.evaluate("link => new URL(link.href).pathname")) for link in links])

    assert [len(page) for page in shown] == [AT_HOME, N_PROJECTS - AT_HOME]
    assert {path for page in shown for path in page} == {f"/projects/finding-{n:02}/" for n in range(N_PROJECTS)}
    assert (many.site / "index.html").stat().st_size < LIGHT
    assert opened.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", "work/2/"])
def test_axe_finds_nothing(browser: Browser, address: str, path: str, scheme: str) -> None:
    with visit(browser, address, scheme=scheme) as opened:
        page = opened.open(path)
        found = violations(page)
        pages = page.get_by_role("navigation", name="Pages of the work").count()

    assert found == []
    assert pages == 1
