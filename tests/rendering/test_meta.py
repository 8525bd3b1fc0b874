"""What a page says to search engines and to those who show a link to it."""

import json
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml

from portfolio.values.entry import Provenance
from portfolio.values.record import Metric, Result
from portfolio.values.site import Author, Site

ATOM = "{http://www.w3.org/2005/Atom}"
AUTHOR = Author(
    name="Ada Example",
    role="Data scientist",
    links={"Code": "https://example.org/code", "CV": "cv.pdf", "Mail": "mailto:ada@example.org"},
)
AT_HOME = Site(name="Ada's work", url="https://ada.example/work", description="What I did", author=AUTHOR)
NOWHERE = Site(name="Ada's work", url=None, description="What I did", author=AUTHOR)
HOSTILE = "</script><script>alert(1)</script> & \u2028 ' \""


def meta(page: Any) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(page.text.split("---\n")[1])
    return found


def linked_data(page: Any) -> dict[str, Any]:
    return {each["@type"]: each for each in json.loads(meta(page)["linked_data"])["@graph"]}


def test_a_project_is_described_to_machines_with_its_data_and_its_author(bench: Any, find: Any) -> None:
    data = [{"name": "Calls", "source": "https://data.example/calls", "licence": "CC BY 4.0", "period": "2020/2021"}]
    bench.add(title="A finding", summary="What came out.", tags=["trees"], date=date(2026, 3, 1), data=data)

    described = linked_data(find(bench.render(AT_HOME), "projects/one/index.md"))

    work, used = described["CreativeWork"], described["Dataset"]
    assert work["url"] == "https://ada.example/work/projects/one/"
    assert work["author"]["sameAs"] == ["https://example.org/code"]
    assert work["datePublished"] == "2026-03-01"
    assert work["isBasedOn"] == [{"@id": used["@id"]}]
    assert (used["url"], used["license"]["name"]) == ("https://data.example/calls", "CC BY 4.0")
    assert used["temporalCoverage"] == "2020/2021"


def test_home_is_about_a_person(bench: Any, find: Any) -> None:
    person = linked_data(find(bench.render(AT_HOME), "index.md"))["Person"]

    assert (person["name"], person["jobTitle"], person["email"]) == (
        "Ada Example",
        "Data scientist",
        "mailto:ada@example.org",
    )


def test_what_needs_an_absolute_address_is_left_out_without_one(bench: Any, find: Any) -> None:
    bench.add(date=date(2026, 3, 1))

    rendered = bench.render(NOWHERE)

    page = find(rendered, "projects/one/index.md")
    assert "card" not in meta(page)
    assert "url" not in linked_data(page)["CreativeWork"]
    assert rendered.previews == {}
    assert "feed.xml" not in {page.path.name for page in rendered.pages}
    assert "Sitemap" not in find(rendered, "robots.txt").text


def test_no_text_of_a_project_ends_the_script_that_describes_it(bench: Any, find: Any) -> None:
    bench.add(title=HOSTILE.replace("\u2028", ""), summary="x" + HOSTILE.replace("\u2028", ""))

    page = find(bench.render(AT_HOME), "projects/one/index.md")

    assert not {"<", ">", "&", "\u2028"} & set(meta(page)["linked_data"])
    assert linked_data(page)["CreativeWork"]["name"].startswith("</script>")
    assert not {"<", '"'} & set(meta(page)["card_alt"])


def test_the_preview_of_a_project_shows_its_number_against_its_baseline(
    bench: Any, a_figure: Any, pixel: bytes
) -> None:
    metric = Metric(name="accuracy", value=0.98141, unit="%", baseline=0.4)
    result = Result(metrics=(metric,), figures=(a_figure("roc", dark=None),))
    entry = bench.add(title="A finding", result=result, recorded={"figures/roc.png": pixel})

    previews = bench.render(AT_HOME).previews

    shown = {path.as_posix(): preview for path, preview in previews.items()}
    assert set(shown) == {"card.png", "projects/one/card.png"}
    one = shown["projects/one/card.png"]
    assert (one.title, one.number, one.byline) == ("A finding", "0.9814", "Ada Example · Data scientist")
    assert one.against.startswith("against 0.4")
    assert one.figure == entry.files / "figures/roc.png"


def test_the_feed_holds_the_newest_projects_that_have_a_day(bench: Any, find: Any) -> None:
    bench.add("old", title="Old <b>", date=date(2025, 1, 1))
    bench.add("new", title="New", provenance=Provenance(changed=date(2026, 2, 3)), tags=["trees & more"])
    bench.add("undated")
    bench.add("draft", date=date(2026, 9, 9), draft=True)

    feed = ET.fromstring(find(bench.render(AT_HOME), "feed.xml").text)  # noqa: S314 - our own

    assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == ["New", "Old <b>"]
    assert feed.findtext(f"{ATOM}updated") == "2026-02-03T00:00:00Z"
    assert feed.find(f"{ATOM}entry/{ATOM}id").text == "https://ada.example/work/projects/new/"  # type: ignore[union-attr]
    assert feed.find(f"{ATOM}entry/{ATOM}category").get("term") == "trees & more"  # type: ignore[union-attr]


def test_robots_learn_where_the_site_map_is(bench: Any, find: Any) -> None:
    robots = find(bench.render(AT_HOME), "robots.txt").text

    assert robots == "User-agent: *\nAllow: /\n\nSitemap: https://ada.example/work/sitemap.xml\n"


@pytest.mark.parametrize(("projects", "lists"), [(60, 0), (61, 1), (121, 2)])
def test_home_has_sixty_cards_and_lists_the_rest(bench: Any, find: Any, projects: int, lists: int) -> None:
    for number in range(projects):
        bench.add(f"p{number:03}", featured=number < 2)

    rendered = bench.render()

    pages = [page for page in rendered.pages if page.path.parts[0] == "work"]
    cards = [page.text.count("<article") for page in (find(rendered, "index.md"), *pages)]
    assert len(pages) == lists
    assert sum(cards) == projects
    assert max(cards) <= 60
    assert ('href="./work/2/"' in find(rendered, "index.md").text) == bool(lists)
    assert all('href="../../"' in page.text and 'aria-current="page"' in page.text for page in pages)
    assert all('href="../../projects/p' in page.text for page in pages)


def test_home_stays_light_however_many_projects_there_are(bench: Any, find: Any, a_figure: Any, pixel: bytes) -> None:
    metric = Metric(name="balanced_accuracy", value=98.125, unit="% of rows", baseline=40.25, interval=(97.0, 99.0))
    images = {"figures/hero.png": pixel, "figures/hero-dark.png": pixel}
    for number in range(130):
        bench.add(
            f"a-project-with-a-long-name-{number:04}",
            title="T" * 120,
            summary="S" * 300,
            question="Q" * 200,
            tags=[f"topic {number % 40} of many", "classification", "regression", "time series"],
            result=Result(metrics=(metric,), figures=(a_figure("hero"),)),
            recorded=images,
        )

    home = find(bench.render(AT_HOME), "index.md").text

    assert 60_000 < len(home.encode()) < 180_000  # the theme adds fifteen


def test_an_old_slug_leads_to_its_project(bench: Any, find: Any) -> None:
    bench.add("new", title="A <b> title", aliases=["old", "older"])

    rendered = bench.render(AT_HOME)

    for alias in ("old", "older"):
        page = find(rendered, f"projects/{alias}/index.html").text
        assert '<meta http-equiv="refresh" content="0; url=../new/">' in page
        assert '<link rel="canonical" href="https://ada.example/work/projects/new/">' in page
        assert "A &lt;b&gt; title" in page
