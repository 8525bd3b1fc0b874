"""What comes out the same changes nothing further down: the same result keeps its page, an unchanged page its bytes."""

import json
from pathlib import Path

import pytest
from stage import Stage, tree

from portfolio.store import Store


def test_a_run_with_the_same_result_changes_no_page(built: Stage) -> None:
    before = tree(built.root / "build" / "docs")

    ran = built.portfolio("build", "--force")

    assert (ran.code, "2 ran · site unchanged" in ran.out) == (0, True)
    assert tree(built.root / "build" / "docs") == before


def test_the_same_result_keeps_when_it_was_first_computed(built: Stage) -> None:
    first = Store(built.root / "build" / "records").last_good("succeeds")

    again = built.run("succeeds", force=True)["succeeds"].record

    assert first is not None
    assert again is not None
    assert again.circumstances == first.record.circumstances


def test_another_result_says_when_it_was_computed(built: Stage) -> None:
    first = Store(built.root / "build" / "records").last_good("succeeds")
    built.edit("projects/succeeds/data/rows.csv", "6,a", "7,a")

    again = built.run("succeeds")["succeeds"].record

    assert first is not None
    assert again is not None
    assert again.circumstances.started > first.record.circumstances.started


def test_a_comment_runs_nothing_and_is_shown(built: Stage) -> None:
    built.append("projects/succeeds/script.py", "# A remark worth reading.\n")

    ran = built.portfolio("build", "--json")

    assert ran.statuses["succeeds"] == "fresh"
    assert "A remark worth reading." in built.page("succeeds")
    assert b"A remark worth reading." in (built.site / "projects" / "succeeds" / "script.py").read_bytes()


def test_a_warning_points_at_its_line_though_a_comment_moved_it(built: Stage) -> None:
    code = "import warnings\nwarnings.warn('careful now')\n"
    built.write("projects/minimal/script.py", code)
    built.portfolio("build")
    before = built.page("minimal")

    built.write("projects/minimal/script.py", "# One.\n# Two.\n" + code)
    ran = built.portfolio("build", "--json")

    assert ran.statuses["minimal"] == "fresh"
    assert ("#code-script-py-2" in before, "#code-script-py-4" in built.page("minimal")) == (True, True)


def test_only_a_changed_page_is_rendered_again(built: Stage) -> None:
    cache = built.root / "build" / "cache" / "pages.json"
    known = json.loads(cache.read_text())
    planted = built.root / "build" / "docs" / "projects" / "minimal" / "index.md"
    planted.write_text(planted.read_text().replace("Minimal", "Planted"))
    known["minimal"]["text"] = _sha(planted)
    cache.write_text(json.dumps(known))
    built.write("projects/succeeds/writeup.md", "Another text.\n")

    built.portfolio("build")

    assert ("Planted" in built.page("minimal"), "Another text." in built.page("succeeds")) == (True, True)


@pytest.mark.parametrize("damaged", ["", "[]", "{", '{"minimal": 1, "succeeds": {"parts": {}}}'])
def test_a_damaged_memory_of_pages_counts_as_none(built: Stage, damaged: str) -> None:
    before = tree(built.root / "build" / "docs")
    (built.root / "build" / "cache" / "pages.json").write_text(damaged)
    (built.root / "build" / "docs" / "projects" / "minimal" / "index.md").write_text("Planted.\n")

    built.portfolio("build")

    assert tree(built.root / "build" / "docs") == before


def test_a_template_of_the_authors_renders_every_page_again(built: Stage) -> None:
    shipped = Path(__file__).parent.parent / "site_templates" / "project.html"
    built.write("site_templates/project.html", shipped.read_text() + "<p>From my own template.</p>\n")

    ran = built.portfolio("build", "--json")

    assert set(ran.statuses.values()) == {"fresh"}
    assert all("From my own template." in built.page(slug) for slug in ("minimal", "succeeds"))


def _sha(path: Path) -> str:
    from portfolio import files  # noqa: PLC0415

    return files.digest(path)
