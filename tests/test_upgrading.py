"""An upgrade replaces what is as the tool wrote it, and nothing else; what its owner changed is told and left."""

import json
from pathlib import Path

import pytest
from stage import Stage, portfolio, tree

from portfolio import owned
from portfolio.packed import PIN, wheel
from portfolio.starters import workspace_text

WORKFLOW = owned.WORKFLOW
SCHEMA = "projects/spec.schema.json"
OLD_WHEEL = "vendor/finished_portfolio-0.0.9+abc-py3-none-any.whl"


@pytest.fixture
def older(tmp_path: Path) -> Stage:
    """Return a workspace as an older version of the tool left it: other texts, known by their digests."""
    portfolio("init", "work", "--name", "Ada", folder=tmp_path)
    stage = Stage(tmp_path / "work")
    manifest = json.loads((stage.root / owned.MANIFEST).read_text(encoding="utf-8"))
    (stage.root / wheel().path).unlink()
    del manifest["files"][wheel().path]
    texts = {WORKFLOW: "on: push # as it was\n", SCHEMA: "{}\n", PIN: f"./{OLD_WHEEL}\n", OLD_WHEEL: "old"}
    for path, text in texts.items():
        stage.write(path, text)
        manifest["files"][path] = owned.digest(path, text.encode())
    stage.write(owned.MANIFEST, json.dumps(manifest | {"tool": "0.0.9"}))
    return stage


def text(stage: Stage, name: str) -> str:
    return (stage.root / name).read_text(encoding="utf-8")


def test_what_is_as_it_was_written_is_replaced(older: Stage) -> None:
    said = older.portfolio("upgrade", "--check")
    before = tree(older.root)
    ran = older.portfolio("upgrade")

    assert (said.code, ran.code) == (1, 0)
    assert before[WORKFLOW] == b"on: push # as it was\n", "only said"
    assert [line.removeprefix("would: ") for line in said.out.splitlines()] == ran.out.splitlines()
    assert text(older, WORKFLOW) == workspace_text("publish.yml")
    assert text(older, SCHEMA) == owned.SCHEMA.read_text(encoding="utf-8")
    assert text(older, PIN) == wheel().pin
    assert [path.name for path in (older.root / "vendor").glob("*.whl")] == [wheel().name]
    assert older.portfolio("upgrade", "--check").code == 0


def test_an_edit_is_left_and_told_once_with_what_to_compare(older: Stage) -> None:
    older.write(WORKFLOW, "on: push # mine\n")

    first, second = older.portfolio("upgrade"), older.portfolio("upgrade", "--check")

    assert text(older, WORKFLOW) == "on: push # mine\n"
    assert f"leaves {WORKFLOW}, which you changed; compare: diff -u {WORKFLOW} build/upgrade/{WORKFLOW}" in first.out
    assert text(older, f"build/upgrade/{WORKFLOW}") == workspace_text("publish.yml")
    assert second.code == 0, "it was told of this version"


def test_what_its_owner_deleted_stays_away(older: Stage) -> None:
    (older.root / ".github" / "dependabot.yml").unlink()

    ran = older.portfolio("upgrade")

    assert ran.code == 0
    assert not (older.root / ".github" / "dependabot.yml").exists()


def test_a_new_file_of_the_tool_is_written_unless_there_is_one(older: Stage) -> None:
    manifest = json.loads(text(older, owned.MANIFEST))
    for path in (".github/dependabot.yml", SCHEMA):
        del manifest["files"][path]
    older.write(owned.MANIFEST, json.dumps(manifest))
    (older.root / ".github" / "dependabot.yml").unlink()
    older.write(SCHEMA, "mine")

    ran = older.portfolio("upgrade")

    assert "writes .github/dependabot.yml" in ran.out
    assert f"leaves {SCHEMA}" in ran.out
    assert text(older, SCHEMA) == "mine"


def test_actions_that_were_raised_meanwhile_are_no_edit_and_stay_raised(older: Stage) -> None:
    shipped = workspace_text("publish.yml")
    raised = shipped.replace(
        "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", f"actions/checkout@{'a' * 40} # v9.0.0"
    )
    raised = raised.replace(
        "actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0",
        f"actions/setup-python@{'b' * 40} # v6.9.0",
    )
    older.write(WORKFLOW, raised)

    ran = older.portfolio("upgrade")

    assert f"replaces {WORKFLOW}" in ran.out
    assert f"actions/checkout@{'a' * 40} # v9.0.0" in text(older, WORKFLOW)
    assert "actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0" in text(older, WORKFLOW)


def test_a_template_that_overrides_a_newer_one_is_told(older: Stage) -> None:
    older.write("site_templates/home.html", "mine")
    older.write("site_templates/own.html", "mine too")

    ran = older.portfolio("upgrade")

    assert "leaves site_templates/home.html" in ran.out
    assert "own.html" not in ran.out
    assert text(older, "site_templates/home.html") == "mine"


def test_packages_of_ones_own_are_kept_and_have_to_be_locked_anew(older: Stage) -> None:
    older.append("requirements.in", "xgboost>=3\n")
    before = text(older, "requirements.txt")

    ran = older.portfolio("upgrade")

    assert "wants requirements.txt anew: portfolio lock" in ran.out
    assert text(older, "requirements.txt") == before
    assert older.portfolio("lock", "--check").code == 1


def test_files_of_ones_own_are_never_touched(older: Stage) -> None:
    older.append("README.md", "mine\n")
    names = ("README.md", "mkdocs.yml", ".gitignore", "requirements.in", "projects/three-wines/script.py")
    before = {name: text(older, name) for name in names}

    older.portfolio("upgrade")

    assert {name: text(older, name) for name in names} == before


@pytest.mark.parametrize("content", ["", "{", '{"tool": 1}', '{"tool": "1", "files": {"../x": "0"}}'])
def test_a_manifest_that_cannot_be_believed_is_refused(older: Stage, content: str) -> None:
    older.write(owned.MANIFEST, content)
    before = tree(older.root)

    ran = older.portfolio("upgrade")

    assert ran.code == 2
    assert f"{owned.MANIFEST}: cannot be read" in ran.err
    assert tree(older.root) == before


def test_a_workspace_that_knows_of_no_upgrade_is_given_what_it_lacks(built: Stage) -> None:
    ran = built.portfolio("upgrade")

    assert ran.code == 0, ran.err
    assert f"writes {WORKFLOW}" in ran.out
    assert built.portfolio("upgrade", "--check").code == 0
