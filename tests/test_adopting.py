"""`init --here` makes a copy of the template its owner's: nothing is lost, and what is left is little."""

import json
import shutil
from pathlib import Path

import pytest
import yaml
from stage import REPOSITORY, Stage, git, portfolio, tree

DROPS = ("--drop-tool", "--drop-examples")
WHO = ("--name", "Ada Lovelace", "--role", "Analyst", "--link", "Code=https://github.com/ada")


@pytest.fixture
def copy(template: Path, tmp_path: Path) -> Stage:
    """Return this test's own copy of the template."""
    shutil.copytree(template, tmp_path / "work")
    return Stage(tmp_path / "work")


def commit(stage: Stage) -> None:
    git(stage.root, "add", "-A")
    git(stage.root, "commit", "-qm", "Mine")


def files(stage: Stage) -> set[str]:
    return {name for name in tree(stage.root) if not name.startswith(".git/")}


def test_what_is_left_is_the_owners(copy: Stage) -> None:
    ran = copy.portfolio("init", "--here", *WHO, *DROPS)

    assert ran.code == 0, ran.err
    left = files(copy)
    assert {name for name in left if name.startswith("projects/")} == {"projects/spec.schema.json"}
    assert len(left) <= 25
    assert [name for name in left if name.startswith(("portfolio/", "tests/", "site_templates/", ".ci/"))] == []
    assert {name for name in left if name.startswith(".github/workflows/")} == {".github/workflows/publish.yml"}
    assert "Ada Lovelace" in (copy.root / "README.md").read_text(encoding="utf-8")
    author = yaml.safe_load((copy.root / "mkdocs.yml").read_text(encoding="utf-8"))["extra"]["portfolio"]
    assert (author["name"], author["role"], author["links"]) == (
        "Ada Lovelace",
        "Analyst",
        {"Code": "https://github.com/ada"},
    )
    assert "example" not in author
    assert copy.portfolio("check").code == 0
    assert copy.portfolio("upgrade", "--check").code == 0


def test_all_of_it_can_be_undone(copy: Stage) -> None:
    before = {name: content for name, content in tree(copy.root).items() if not name.startswith(".git/")}

    ran = copy.portfolio("init", "--here", *WHO, *DROPS)
    (undo,) = [line.removeprefix("undo: ") for line in ran.out.splitlines() if line.startswith("undo: ")]
    git(copy.root, *undo.removeprefix("git ").split())

    assert {name: content for name, content in tree(copy.root).items() if not name.startswith(".git/")} == before


def test_nothing_is_dropped_that_is_not_in_a_commit(copy: Stage) -> None:
    copy.append("projects/call-back/writeup.md", "mine\n")
    before = tree(copy.projects)

    ran = copy.portfolio("init", "--here", *WHO, *DROPS)

    assert ran.code == 2
    assert "projects/call-back/writeup.md: is not committed" in ran.err
    assert "hint: git add -A && git commit" in ran.err
    assert tree(copy.projects) == before


def test_nothing_is_dropped_without_git(copy: Stage) -> None:
    shutil.rmtree(copy.root / ".git")

    ran = copy.portfolio("init", "--here", *WHO, *DROPS)

    assert ran.code == 2
    assert "could not be undone" in ran.err


def test_nothing_is_dropped_unasked_and_nothing_is_asked_without_a_terminal(copy: Stage) -> None:
    before = files(copy)

    ran = copy.portfolio("init", "--here", *WHO)

    assert ran.code == 0, ran.err
    assert files(copy) == before
    assert [line.split()[-1] for line in git(copy.root, "status", "--porcelain").splitlines()] == [
        "mkdocs.yml",
        "resume.json",
    ]


def test_the_examples_cv_goes_with_the_examples(copy: Stage) -> None:
    ran = copy.portfolio("init", "--here", *WHO, "--drop-examples")

    assert not (copy.root / "resume.json").exists()
    assert "dropped resume.json" in ran.out


def test_a_cv_its_owner_wrote_stays(copy: Stage) -> None:
    copy.write("resume.json", '{"basics": {"name": "Ada Lovelace"}}')
    commit(copy)

    ran = copy.portfolio("init", "--here", *WHO, *DROPS)

    assert json.loads((copy.root / "resume.json").read_text(encoding="utf-8"))["basics"] == {"name": "Ada Lovelace"}
    assert "resume.json" not in ran.out


def test_the_examples_cv_is_not_kept_under_the_examples_name(copy: Stage) -> None:
    copy.portfolio("init", "--here", *WHO, "--link", "Mail=mailto:ada@lovelace.uk", "--keep-examples")

    assert json.loads((copy.root / "resume.json").read_text(encoding="utf-8"))["basics"] == {
        "name": "Ada Lovelace",
        "label": "Analyst",
        "email": "ada@lovelace.uk",
        "profiles": [{"network": "Code", "url": "https://github.com/ada"}],
    }
    said = copy.portfolio("check").err
    assert "resume.json:basics" not in said
    assert "resume.json:work: 'Example Forecasting' is a placeholder" in said


def test_what_its_owner_changed_stays(copy: Stage) -> None:
    copy.append("site_templates/home.html", "<!-- mine -->\n")
    copy.append("projects/new-hand/writeup.md", "\nMine.\n")
    copy.append("README.md", "mine\n")
    copy.edit("pyproject.toml", "timeout = 300", "timeout = 42")
    copy.write("tests/test_mine.py", "")
    copy.write("notes.txt", "mine")
    copy.write("projects/my-own/spec.toml", 'title = "T"\nsummary = "S"\n')
    copy.write("projects/my-own/script.py", "")
    commit(copy)

    ran = copy.portfolio("init", "--here", *WHO, *DROPS)

    assert ran.code == 0, ran.err
    left = files(copy)
    assert {name for name in left if name.startswith("site_templates/")} == {"site_templates/home.html"}
    assert {name.split("/")[1] for name in left if name.count("/") > 1 and name.startswith("projects/")} == {
        "my-own",
        "new-hand",
    }
    assert {"tests/test_mine.py", "notes.txt"} <= left
    assert (copy.root / "README.md").read_text(encoding="utf-8").endswith("mine\n")
    settings = (copy.root / "pyproject.toml").read_text(encoding="utf-8")
    assert settings.startswith("[tool.portfolio]\n")
    assert "timeout = 42" in settings
    assert "kept site_templates/home.html, which you changed" in ran.out


def test_new_results_are_no_reason_to_keep_an_example(copy: Stage) -> None:
    copy.append("projects/new-hand/results.json", "\n")
    commit(copy)

    copy.portfolio("init", "--here", *WHO, *DROPS)

    assert not (copy.projects / "new-hand").exists()


def test_the_tool_itself_is_not_upgraded_but_made_ones_own(copy: Stage) -> None:
    ran = copy.portfolio("upgrade")

    assert ran.code == 2
    assert "portfolio init --here" in ran.err


def test_an_untouched_template_says_that_it_shows_examples() -> None:
    author = yaml.safe_load((REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8"))["extra"]["portfolio"]

    assert author["example"] is True


def test_a_folder_without_a_template_becomes_a_new_portfolio(tmp_path: Path) -> None:
    ran = portfolio("init", "--here", *WHO, folder=tmp_path)

    assert ran.code == 0, ran.err
    assert (tmp_path / "projects" / "three-wines" / "script.py").is_file()
