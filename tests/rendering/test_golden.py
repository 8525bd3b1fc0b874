"""The default pages, as the templates make them of one full project: a change of a template shows here as a difference.

`pytest tests/rendering/test_golden.py --update-golden` writes them anew; look at what changed, then commit it.
"""

import difflib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from portfolio.values.entry import Provenance
from portfolio.values.record import Commit, Goal, Metric, Result, Text, Warned
from portfolio.values.site import Author, Site

GOLDEN = Path(__file__).parent / "golden"
PAGES = {
    "index.md": "home.md",
    "tags.md": "tags.md",
    "about.md": "about.md",
    "projects/full/index.md": "project.md",
    "projects/least/index.md": "least.md",
    "feed.xml": "feed.xml",
    "robots.txt": "robots.txt",
    "projects.json": "projects.json",
}
SITE = Site(
    name="Ada's work",
    url="https://ada.example/work/",
    description="What I did",
    author=Author(
        name="Ada Example",
        role="Data scientist",
        tagline="Models that change a decision.",
        links={"Code": "https://example.org/code", "Mail": "mailto:ada@example.org"},
    ),
)


@pytest.fixture
def rendered(bench: Any, a_figure: Any, a_table: Any, pixel: bytes) -> dict[str, str]:
    """Return the pages of a project with all a page can show, and of one with the least."""
    commit = Commit(sha="c0ffee" * 6 + "c0ff", date=datetime(2026, 3, 1, tzinfo=UTC), dirty=False)
    metrics = (
        Metric(
            name="accuracy",
            value=98.3,
            unit="%",
            goal=Goal.MAXIMIZE,
            interval=(96.1, 99.4),
            method="5-fold cross-validation, mean, 95 % interval",
            n=178,
        ),
        Metric(name="guess", value=39.9, unit="%"),
    )
    result = Result(
        metrics=metrics,
        figures=(a_figure("confusion"), a_figure("weights", dark=None)),
        tables=(a_table("folds"),),
        texts=(Text(name="remark", text="Nothing odd."),),
        warnings=(Warned(category="UserWarning", message="careful", statement=0),),
        output="read 178 rows\n",
        output_bytes=14,
        params={"folds": 5},
    )
    images = ("confusion.png", "confusion-dark.png", "weights.png")
    bench.add(
        "full",
        result=result,
        commit=commit,
        provenance=Provenance(
            changed=date(2026, 3, 2),
            repository="https://example.org/ada/work",
            source="https://example.org/ada/work/tree/c0ffee/projects/full",
        ),
        files={"script.py": "print('read 178 rows')\n", "writeup.md": "Accuracy is {{ metrics.accuracy }}.\n"},
        recorded={"tables/folds.csv": "fold,accuracy\n1,0.98\n"} | {f"figures/{name}": pixel for name in images},
        title="Thirteen laboratory values tell three wines apart",
        summary="A linear model names the grower of nearly every wine.",
        question="Do laboratory values say who made a wine?",
        decision="A merchant decides whether a label is worth a second test.",
        headline={"metric": "accuracy", "baseline": "guess"},
        data=[{"name": "Wine", "source": "https://doi.org/10.24432/C5PC7J", "licence": "CC BY 4.0", "period": "1988"}],
        tags=["classification", "chemistry"],
        limits=["One region of Italy.", "Three growers."],
        follow_up=["Ask for a fourth grower."],
        rejected=["A forest, which was no better."],
        role="All of it",
        featured=True,
        problem="Labels are forged.",
        links={"Talk": "https://example.org/talk"},
        params={"folds": 5},
    )
    bench.add("least", title="Least", summary="Two keys.")
    return {page.path.as_posix(): page.text for page in bench.render(SITE).pages}


@pytest.mark.parametrize("page", PAGES)
def test_the_default_pages_are_as_they_were_seen(
    rendered: dict[str, str], page: str, pytestconfig: pytest.Config
) -> None:
    golden = GOLDEN / PAGES[page]
    if pytestconfig.getoption("update_golden"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(rendered[page], encoding="utf-8")

    seen = golden.read_text(encoding="utf-8") if golden.is_file() else ""

    changed = difflib.unified_diff(seen.split("\n"), rendered[page].split("\n"), "as seen", "as rendered", lineterm="")
    shown = "\n".join([*changed][:60])
    assert not shown, f"{shown}\nif this is meant: pytest tests/rendering/test_golden.py --update-golden"
