"""Hostile text wherever a project has text, through the real tool, into a real browser: read, never obeyed."""

import csv
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from browsing import served
from playwright.sync_api import Browser
from stage import Stage

from payloads.carriers import ALL, PAYLOADS, Carrier, as_shown, storable
from payloads.visiting import unread, watched
from portfolio import cells, svg

browsers = pytest.mark.browser
KINDS = ["", "tags/", "about/", "404.html"]


@pytest.fixture(scope="module")
def address(payload_site: Stage) -> Iterator[str]:
    with served(payload_site.site) as base:
        yield base


def test_there_are_enough_payloads_and_none_twice() -> None:
    assert len(ALL) == len(set(ALL)) >= 120
    assert len(PAYLOADS) >= 10


@browsers
@pytest.mark.parametrize("policy", [True, False], ids=["with policy", "without policy"])
def test_no_payload_runs_or_asks_for_anything_and_all_are_read(
    browser: Browser, address: str, carried: tuple[Carrier, ...], *, policy: bool
) -> None:
    missing: list[str] = []
    with watched(browser, address, policy=policy) as seen:
        for carrier in carried:
            missing += unread(carrier, seen.page, seen.open(carrier.page))
        for path in (*KINDS, "projects/runs/"):
            seen.open(path)
        results = seen.search("owned")

    assert seen.did == []
    assert missing == []
    assert "<script>owned(1)</script>" in results


@browsers
def test_a_script_that_gets_into_a_page_is_stopped_by_the_policy_and_seen_without_it(
    browser: Browser, payload_site: Stage, tmp_path: Path
) -> None:
    page = (payload_site.site / "index.html").read_text(encoding="utf-8")
    (tmp_path / "404.html").write_text("", encoding="utf-8")
    injected = '<script>owned(1)</script><img src=x onerror=owned(2)><a href="javascript:owned(3)">x</a></body>'
    (tmp_path / "index.html").write_text(page.replace("</body>", injected), encoding="utf-8")

    with served(tmp_path) as base:
        with watched(browser, base, policy=True) as kept:
            kept.open("")
        with watched(browser, base, policy=False) as bare:
            bare.open("")

    assert not [done for done in kept.did if "ran" in done]
    assert [done for done in bare.did if "ran owned" in done]


def test_every_page_has_the_same_elements_whatever_its_project_says(payload_site: Stage) -> None:
    for path in sorted(payload_site.site.rglob("*.html")):
        for tag, given in _tags(path):
            assert tag not in {"iframe", "object", "embed", "textarea", "style", "base"}, (path, tag)
            assert tag not in {"annotation-xml", "maction", "mglyph", "malignmark", "semantics"}, (path, tag)
            assert not any(name.startswith("on") or name == "style" for name in given), (path, tag, given)
            assert not re.match(r"\s*(?!https?:|mailto:|data:image)[a-z]+:", given.get("href") or "", re.IGNORECASE), (
                path,
                given,
            )


def test_every_page_carries_its_policy_before_anything_else(payload_site: Stage) -> None:
    pages = sorted(payload_site.site.rglob("*.html"))

    policies = {
        path: re.search(r'<head><meta charset="utf-8"><meta [^>]*content="([^"]*)">', _text(path)) for path in pages
    }

    assert all(policies.values())
    assert not any("unsafe" in found[1] or "http" in found[1] for found in policies.values() if found)
    assert all("default-src 'none'" in found[1] for found in policies.values() if found)


def test_no_cell_of_an_offered_file_is_calculated_and_numbers_stay(payload_site: Stage) -> None:
    offered = sorted(payload_site.site.rglob("*.csv"))

    calculated = [path for path in offered if not cells.is_neutral(path.read_bytes())]

    assert calculated == []
    assert len(offered) > 100
    with (payload_site.site / "projects/runs/artifacts/artifact.csv").open(encoding="utf-8", newline="") as stream:
        assert {row[1] for row in csv.reader(stream)} == {"-1"}
    assert (payload_site.site / "projects/runs/data.csv").read_text(encoding="utf-8") == "'=1+1,-1\n"
    assert (payload_site.projects / "runs" / "data.csv").read_text(encoding="utf-8") == '"=1+1",-1\n'


def test_no_offered_file_is_a_document_of_its_own(payload_site: Stage) -> None:
    projects = payload_site.site / "projects"
    drawn = sorted(projects.rglob("*.svg"))
    others = [path for path in sorted(projects.rglob("*")) if path.is_file() and path.name != "index.html"]

    assert len(drawn) > 3
    assert all(svg.is_passive(path.read_bytes()) for path in drawn)
    assert {path.suffix for path in others} <= _OFFERED | _endings(others)
    assert not [path for path in others if path.suffix in {".html", ".unknown", ".xml", ".js"}]


def test_data_for_machines_holds_what_was_written(payload_site: Stage, carried: tuple[Carrier, ...]) -> None:
    listed = json.loads(_text(payload_site.site / "projects.json"))["projects"]
    index = json.loads(_text(payload_site.site / "search" / "search_index.json"))

    titles = {project["title"] for project in listed}
    assert titles & set(ALL)
    assert len(listed) == len(carried) + 1
    assert not [
        place for place in index["docs"] if re.search(r"<(?!/?(?:p|ul|li|ol|code|pre|mark|sup)\b)[a-z]", place["text"])
    ]


def test_what_is_shown_is_what_a_browser_makes_of_it() -> None:
    assert as_shown("a\r\n\tb \x1b[0m\u2028c\ufeff") == "a b [0mc"
    assert not storable("\ud800")


_OFFERED = {".svg", ".png", ".csv", ".py", ".txt", ".zip", ".ipynb"}


def _endings(files: list[Path]) -> set[str]:
    """Return the endings that the payloads themselves gave to names of files, which mean nothing to a browser."""
    return {path.suffix for path in files if path.parent.name == "artifacts"}


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def _tags(path: Path) -> list[tuple[str, dict[str, str | None]]]:
    parser = _Tags()
    parser.feed(_text(path))
    return parser.found
