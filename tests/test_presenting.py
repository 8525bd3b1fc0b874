"""What pages lack to be sent to somebody: said with file and key, and nothing where nothing is lacking."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from stage import Stage

from portfolio.checking import check
from portfolio.presenting import cv_lacks, page_lacks, site_lacks
from portfolio.values.entry import Entry, Provenance, Status, Trust
from portfolio.values.project import Project
from portfolio.values.resume import Item, Part, Resume
from portfolio.values.site import Author, Site
from portfolio.values.spec import Spec
from portfolio.workspace.root import Workspace

REAL = Author(name="Grace Murray", links={"Mail": "mailto:grace@navy.mil"})


def an_entry(slug: str = "one", **spec: Any) -> Entry:
    """Return a project that has not run."""
    given = Spec.model_validate({"title": "T", "summary": "S."} | spec)
    return Entry(
        project=Project(slug=slug, folder=Path(slug), spec=given),
        status=Status.STALE,
        reason="",
        record=None,
        files=None,
        failure=None,
        trust=Trust.RECOMPUTED,
        provenance=Provenance(),
    )


@pytest.mark.parametrize(
    ("author", "url", "keys"),
    [
        (REAL, "https://grace.navy.mil/", []),
        (REAL, None, ["site_url"]),
        (Author(), "https://a.b/", ["extra.portfolio.name", "extra.portfolio.links"]),
        (Author(name="Your Name", links={"Code": "https://example.org/x"}), "https://a.b/", ["name", "links.Code"]),
    ],
)
def test_a_site_without_a_real_name_or_address_is_told_so(author: Author, url: str | None, keys: list[str]) -> None:
    found = list(site_lacks(Site(name="A", url=url, description="", author=author), []))

    assert [problem.key.removeprefix("extra.portfolio.") for problem in found] == [
        key.removeprefix("extra.portfolio.") for key in keys
    ]
    assert all(problem.file == "mkdocs.yml" and problem.hint for problem in found)


@pytest.mark.parametrize(
    ("resume", "keys"),
    [
        (Resume(name="grace murray"), []),
        (Resume(), []),
        (Resume(name="Ada Example"), ["basics.name"]),
        (Resume(name="Somebody Else"), ["basics.name"]),
        (Resume(name="Grace Murray", links=(("Website", "https://example.org/"),)), ["basics"]),
        (Resume(parts=(Part(title="Work", items=(Item(title="T", place="Example Clinic"),)),)), ["work"]),
    ],
)
def test_a_cv_that_is_not_the_authors_is_told_so(resume: Resume, keys: list[str]) -> None:
    found = list(cv_lacks(resume, REAL))

    assert [problem.key for problem in found] == keys
    assert all(problem.file == "resume.json" and problem.hint for problem in found)


def test_more_featured_projects_than_are_shown_first_are_too_many() -> None:
    site = Site(name="A", url="https://a.b/", description="", author=REAL)
    entries = [an_entry(slug, featured=True) for slug in "abcd"]

    assert [problem.key for problem in site_lacks(site, entries)] == ["featured"]
    assert list(site_lacks(site, entries[:3])) == []


@pytest.mark.parametrize(
    ("spec", "key"),
    [
        ({}, None),
        ({"title": "t" * 71}, "title"),
        ({"summary": "s" * 161}, "summary"),
        ({"data": [{"name": "The Iris flowers"}]}, "decision"),
        ({"data": [{"name": "The Iris flowers"}], "question": "Q?", "decision": "D."}, None),
        ({"data": [{"name": "A", "path": "a.csv"}]}, "data.source"),
        ({"data": [{"name": "A", "path": "a.csv", "publish": True, "licence": "CC0"}]}, None),
    ],
)
def test_a_page_is_told_what_it_lacks(spec: dict[str, Any], key: str | None) -> None:
    found = list(page_lacks(an_entry(**spec)))

    assert [(problem.file, problem.key) for problem in found] == ([("projects/one/spec.toml", key)] if key else [])


def test_example_content_which_every_page_says_it_is_is_told_nothing_of_its_names(
    workspace: Callable[..., Stage],
) -> None:
    stage = workspace()
    settings = "extra: {portfolio: {name: Ada Example, links: {Mail: 'mailto:ada@example.org'}%s}}\n"
    told = {}
    for shown in ("", ", example: true"):
        stage.write("mkdocs.yml", f"site_name: Ada Example\nsite_url: https://ada.example.org/\n{settings % shown}")
        told[shown] = [found.problem.key for found in check(Workspace(stage.root)).findings]

    assert told == {"": ["extra.portfolio.name", "extra.portfolio.links.Mail"], ", example: true": []}
