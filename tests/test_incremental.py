"""A build does what changed and nothing else, and what it leaves is what a build from nothing would leave."""

import shutil
from pathlib import Path

from stage import MakeStage, Stage, tree

ROWS = "projects/succeeds/data/rows.csv"


def test_a_second_build_runs_nothing_and_leaves_the_site(built: Stage) -> None:
    before = tree(built.site)

    ran = built.portfolio("build", "--json")

    assert ran.statuses == {"minimal": "fresh", "succeeds": "fresh"}
    assert tree(built.site) == before


def test_a_draft_that_ran_is_not_published(built: Stage) -> None:
    built.run(drafts=True)
    built.write("projects/minimal/writeup.md", "Something else changed.\n")

    ran = built.portfolio("build", "--json")

    assert ran.code == 0
    assert [name for name, content in tree(built.site).items() if b"A draft of its own kind" in content] == []
    assert not (built.site / "projects" / "draft").exists()


def test_a_draft_is_built_when_asked_for(built: Stage) -> None:
    ran = built.portfolio("build", "--drafts", "--json")

    assert ran.statuses["draft"] == "ran"
    assert "A draft of its own kind" in built.page("draft")


def test_a_changed_byte_of_data_runs_one_project(built: Stage) -> None:
    built.edit(ROWS, "6,a", "9,a")

    ran = built.portfolio("build", "--json")

    assert ran.statuses == {"minimal": "fresh", "succeeds": "ran"}
    assert ran.projects["succeeds"]["reason"] == "data/rows.csv changed"
    assert 'value="40.0"' in built.page("succeeds")


def test_going_back_to_a_known_state_runs_nothing(built: Stage) -> None:
    before = tree(built.site)
    built.edit(ROWS, "6,a", "9,a")
    built.run()
    built.edit(ROWS, "9,a", "6,a")

    ran = built.portfolio("build", "--json")

    assert ran.statuses["succeeds"] == "fresh"
    assert tree(built.site) == before


def test_changed_prose_renders_and_runs_nothing(built: Stage) -> None:
    built.write("projects/succeeds/writeup.md", "## What I did\n\nIt was {{ metrics.accuracy }}.\n")

    ran = built.portfolio("build", "--json")

    assert set(ran.statuses.values()) == {"fresh"}
    assert "What I did" in built.page("succeeds")


def test_a_removed_project_has_no_page_any_more(built: Stage) -> None:
    shutil.rmtree(built.projects / "minimal")

    ran = built.portfolio("build", "--json")

    assert ran.code == 0
    assert [name for name, content in _pages(built).items() if b"Minimal" in content] == []
    assert not (built.site / "projects" / "minimal").exists()


def test_a_draft_that_fails_does_not_fail_a_build_without_drafts(built: Stage) -> None:
    built.write("projects/draft/script.py", "raise ValueError\n")
    built.run(drafts=True)

    ran = built.portfolio("build", "--json")

    assert (ran.code, ran.document["ok"]) == (0, True)


def test_force_runs_what_is_fresh(built: Stage) -> None:
    outcomes = built.run("minimal", force=True)

    assert outcomes["minimal"].reason == "forced"
    assert outcomes["minimal"].status.value == "ran"


def test_a_slug_runs_that_project_only(built: Stage) -> None:
    built.edit(ROWS, "6,a", "9,a")
    built.append("projects/minimal/script.py", "print('more')\n")

    ran = built.portfolio("build", "minimal", "--json")

    assert ran.statuses == {"minimal": "ran"}
    assert 'value="30.0"' in built.page("succeeds")


def test_frozen_runs_nothing_and_fails_where_something_is_stale(built: Stage) -> None:
    before = tree(built.root / "build" / "records")
    built.edit(ROWS, "6,a", "9,a")

    ran = built.portfolio("build", "--frozen", "--json")

    assert ran.code == 1
    assert ran.statuses == {"minimal": "fresh", "succeeds": "stale"}
    assert ran.projects["succeeds"]["reason"] == "data/rows.csv changed"
    assert tree(built.root / "build" / "records") == before


def test_frozen_is_fine_where_nothing_is_stale(built: Stage) -> None:
    ran = built.portfolio("build", "--frozen")

    assert ran.code == 0


def test_run_leaves_the_site_alone(built: Stage) -> None:
    before = tree(built.site)
    built.edit(ROWS, "6,a", "9,a")

    ran = built.portfolio("run", "--json")

    assert ran.statuses["succeeds"] == "ran"
    assert ran.document["site"] is None
    assert tree(built.site) == before


def test_list_tells_what_a_build_would_do_and_does_nothing(built: Stage) -> None:
    built.edit(ROWS, "6,a", "9,a")
    before = tree(built.root)

    ran = built.portfolio("list")

    assert ran.code == 0
    assert "data/rows.csv changed" in ran.out
    assert tree(built.root) == before


def test_clean_keeps_what_is_dear(built: Stage) -> None:
    ran = built.portfolio("clean")

    assert ran.code == 0
    assert not built.site.exists()
    assert built.run()["succeeds"].status.value == "fresh"


def test_clean_all_leaves_what_is_not_ours(built: Stage) -> None:
    built.write("build/mine.txt", "somebody else's")

    built.portfolio("clean", "--all")

    assert set(tree(built.root / "build")) <= {"mine.txt", ".lock"}
    assert (built.root / "build" / "mine.txt").exists()


def test_clean_says_what_it_would_delete_and_deletes_nothing(built: Stage) -> None:
    before = tree(built.root)

    ran = built.portfolio("clean", "--all", "--dry-run")

    assert "would delete build/site" in ran.out
    assert tree(built.root) == before


def test_a_build_step_by_step_leaves_what_a_build_from_nothing_leaves(
    built: Stage, stage_in: MakeStage, tmp_path: Path
) -> None:
    built.edit(ROWS, "6,a", "9,a")
    shutil.move(built.projects / "minimal", built.projects / "renamed")
    fresh = stage_in(tmp_path / "fresh")
    shutil.copytree(built.projects, fresh.projects, dirs_exist_ok=True, ignore=shutil.ignore_patterns("results.json"))
    shutil.copy(built.root / "mkdocs.yml", fresh.root)

    built.portfolio("build")
    fresh.portfolio("build")

    assert set(tree(built.site)) == set(tree(fresh.site))
    assert tree(built.site)["projects.json"] == tree(fresh.site)["projects.json"]
    assert built.results("succeeds") == fresh.results("succeeds")


def _pages(stage: Stage) -> dict[str, bytes]:
    return {name: found for name, found in tree(stage.site).items() if name.endswith((".html", ".json", ".xml"))}
