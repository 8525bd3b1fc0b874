"""A portfolio begins with two commands, builds at once, and nothing that is there is ever replaced."""

import shutil
from pathlib import Path

import pytest
from stage import Stage, portfolio, tree


@pytest.fixture
def started(tmp_path: Path) -> Stage:
    """Return a workspace made by `init`."""
    ran = portfolio("init", "mine", "--name", "Ada: “Example” \\ {role}", "--role", "Data scientist", folder=tmp_path)
    assert ran.code == 0, ran.err
    return Stage(tmp_path / "mine")


def test_a_portfolio_started_from_nothing_builds(started: Stage, warm_cache: Path) -> None:
    shutil.copytree(warm_cache, started.root / "build" / "cache")
    made = started.portfolio("new", "my-first", "--title", 'It "works" \\ well')

    ran = started.portfolio("build", "--json")

    assert made.code == 0, made.err
    assert ran.statuses == {"my-first": "ran"}, ran.out
    assert ran.projects["my-first"]["figures"] == 4
    assert "It &#34;works&#34; \\ well" in started.page("my-first")
    assert "Ada: “Example” \\ {role}" in (started.site / "index.html").read_text(encoding="utf-8")


def test_a_portfolio_is_not_started_twice(started: Stage) -> None:
    before = tree(started.root)

    ran = started.portfolio("init")

    assert ran.code == 2
    assert "is there already" in ran.err
    assert tree(started.root) == before


def test_other_files_of_a_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine", encoding="utf-8")

    ran = portfolio("init", folder=tmp_path)

    assert ran.code == 0
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == "mine"


def test_a_project_is_not_started_twice(started: Stage) -> None:
    started.portfolio("new", "my-first")
    before = tree(started.root)

    ran = started.portfolio("new", "my-first")

    assert ran.code == 2
    assert "is there already" in ran.err
    assert tree(started.root) == before


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["My First"], "portfolio new my-first"),
        (["../outside"], "portfolio new outside"),
        (["ok", "--title", "x" * 121], "shorten it"),
    ],
)
def test_a_name_that_does_not_fit_is_told_with_one_that_does(started: Stage, arguments: list[str], hint: str) -> None:
    ran = started.portfolio("new", *arguments)

    assert ran.code == 2
    assert f"hint: {hint}" in ran.err
    assert not list(started.projects.glob("*/"))


def test_a_file_is_no_folder_for_a_portfolio(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    ran = portfolio("init", "file", folder=tmp_path)

    assert ran.code == 2
    assert "is a file" in ran.err
