"""A portfolio begins with two commands, builds at once, and nothing that is there is ever replaced."""

import json
import os
import pty
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import BinaryIO

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from stage import REPOSITORY, SECONDS, Once, Ran, Stage, command, environment, portfolio, tree

from portfolio.identity import Identity, with_identity
from portfolio.packed import PIN
from portfolio.starters import TEMPLATES, workspace_text
from portfolio.starting import EXAMPLE

NAME = "Ada: “Example” \\ {role}"


@pytest.fixture
def started(tmp_path: Path) -> Stage:
    """Return a workspace made by `init`."""
    ran = portfolio("init", "mine", "--name", NAME, "--role", "Data scientist", folder=tmp_path)
    assert ran.code == 0, ran.err
    return Stage(tmp_path / "mine")


@pytest.fixture(scope="module")
def begun(once: Once, warm_cache: Path) -> tuple[Stage, Ran]:
    """Return a new portfolio with a project of each template, and how it was built, once."""

    def begin(folder: Path) -> None:
        portfolio("init", "mine", "--name", NAME, folder=folder)
        stage = Stage(folder / "mine")
        shutil.copytree(warm_cache, stage.root / "build" / "cache")
        made = [stage.portfolio("new", "my-first", "--title", 'It "works" \\ well')]
        made += [stage.portfolio("new", f"as-{name}", "--template", name) for name in list(TEMPLATES)[1:]]
        assert [new.code for new in made] == [0] * len(TEMPLATES)
        ran = stage.portfolio("build", "--json")
        (folder / "ran.json").write_text(json.dumps([ran.code, ran.out, ran.err]), encoding="utf-8")

    folder = once("begun", begin)
    code, out, err = json.loads((folder / "ran.json").read_text(encoding="utf-8"))
    return Stage(folder / "mine"), Ran(code=code, out=out, err=err)


def test_a_portfolio_started_from_nothing_builds_with_a_finished_project(begun: tuple[Stage, Ran]) -> None:
    stage, ran = begun

    (example,) = stage.portfolio("next", EXAMPLE, "--json").document["projects"]

    assert ran.code == 0, ran.err
    assert ran.statuses["my-first"] == ran.statuses[EXAMPLE] == "ran"
    assert ran.projects["my-first"]["figures"] == 4
    assert "It &#34;works&#34; \\ well" in stage.page("my-first")
    assert NAME in (stage.site / "index.html").read_text(encoding="utf-8")
    assert "example content" not in (stage.site / "index.html").read_text(encoding="utf-8")
    assert example == {"slug": EXAMPLE, "complete": True, "missing": []}


def test_on_a_terminal_what_is_not_given_is_asked_for(tmp_path: Path) -> None:
    own, other = pty.openpty()
    answers = b"Ada Lovelace\nAnalyst\n\nhttps://github.com/ada\nada@example.org\n"

    with os.fdopen(own, "r+b", buffering=0) as terminal:
        started = subprocess.Popen(
            command("init", "mine"), cwd=tmp_path, env=environment(), stdin=other, stdout=other, stderr=other
        )
        os.close(other)
        terminal.write(answers)
        told = b"".join(iter(lambda: _read(terminal), b""))

    assert started.wait(SECONDS) == 0, told.decode()
    author = yaml.safe_load((tmp_path / "mine" / "mkdocs.yml").read_text(encoding="utf-8"))["extra"]["portfolio"]
    assert (author["name"], author["role"]) == ("Ada Lovelace", "Analyst")
    assert author["links"] == {"Code": "https://github.com/ada", "Mail": "mailto:ada@example.org"}


def _read(terminal: BinaryIO) -> bytes:
    """Return what is told next; nothing once nobody is left at the other end."""
    try:
        return terminal.read(4096)
    except OSError:
        return b""


def test_every_template_builds_at_once_and_asks_the_questions_of_the_process(begun: tuple[Stage, Ran]) -> None:
    stage, ran = begun

    assert set(ran.statuses.values()) == {"ran"}, ran.out
    assert ran.projects["as-ladder"]["metrics"]["by_hand"] < 1e-6
    assert ran.projects["as-timeseries"]["metrics"]["mean_absolute_error"] > 0
    assert "Report(" not in stage.page("as-notebook"), "its last value is the verdict"
    for name in ("my-first", "as-regression", "as-timeseries", "as-ladder", "as-notebook"):
        spec = _text(stage, f"projects/{name}/spec.toml")
        assert spec.count("?") >= 3, "it asks"
        assert {"question", "decision", "limits", "follow_up", "data"} <= set(tomllib.loads(spec))


def test_a_forecast_of_the_template_beats_repeating_the_last_week(begun: tuple[Stage, Ran]) -> None:
    metrics = begun[1].projects["as-timeseries"]["metrics"]

    assert metrics["mean_absolute_error"] < metrics["last_week"]


def test_a_new_portfolio_holds_what_publishes_it_and_little_else(started: Stage) -> None:
    names = {name for name in tree(started.root) if not name.startswith("projects/")}

    assert {".github/workflows/publish.yml", "mkdocs.yml", "README.md", "requirements.txt", ".portfolio.json"} <= names
    assert len(names) <= 25
    assert re.search(
        r"^\./vendor/finished_portfolio-\S+\.whl --hash=sha256:[0-9a-f]{64}$", _text(started, PIN), re.MULTILINE
    )
    assert not re.search(r"^finished-portfolio\b", _text(started, "requirements.txt"), re.MULTILINE)
    assert started.portfolio("lock", "--check").code == 0
    assert started.portfolio("upgrade", "--check").code == 0


def test_a_portfolio_without_a_name_says_that_its_content_is_an_example(tmp_path: Path) -> None:
    portfolio("init", "mine", folder=tmp_path)

    assert yaml.safe_load((tmp_path / "mine" / "mkdocs.yml").read_text())["extra"]["portfolio"]["example"] is True


@settings(max_examples=25, deadline=None)
@given(
    name=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=60),
    role=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=60),
    label=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30),
)
@pytest.mark.parametrize("text", [workspace_text("mkdocs.yml"), (REPOSITORY / "mkdocs.yml").read_text()])
def test_whatever_an_author_is_called_stands_in_the_configuration(text: str, name: str, role: str, label: str) -> None:
    who = Identity(name=name, role=role, links={label: "https://example.com/x"})

    written = yaml.safe_load(with_identity(text, who))

    author = written["extra"]["portfolio"]
    assert (written["site_name"], author["name"], author["links"]) == (name, name, {label: "https://example.com/x"})
    assert author["role"] == role if role else author["role"]
    assert "example" not in author
    assert (written["theme"], written["nav"]) == (yaml.safe_load(text)["theme"], yaml.safe_load(text)["nav"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--link", "nowhere"], "--link nowhere: is no label with an address"),
        (["--link", "Code=ftp://x"], "--links.Code"),
        (["--name", "a\nb"], "--name"),
        (["--site-url", "example.org"], "--site-url: must be an address"),
        (["--drop-tool"], "holds no copy of the template"),
    ],
)
def test_what_cannot_be_said_of_an_author_is_refused_before_anything_is_written(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    ran = portfolio("init", "mine", *arguments, folder=tmp_path)

    assert ran.code == 2
    assert said in ran.err
    assert not (tmp_path / "mine").exists()


def test_a_project_may_begin_as_a_copy_of_another_without_its_results(started: Stage) -> None:
    started.write(f"projects/{EXAMPLE}/results.json", "{}")
    started.write(f"projects/{EXAMPLE}/data/rows.csv", "a\n1\n")
    started.write(f"projects/{EXAMPLE}/recorded/record.json", "{}")

    ran = started.portfolio("new", "again", "--from", EXAMPLE)

    assert ran.code == 0, ran.err
    assert sorted(tree(started.projects / "again")) == ["data/rows.csv", "script.py", "spec.toml", "writeup.md"]
    spec = tomllib.loads(_text(started, "projects/again/spec.toml"))
    assert spec["title"] == "Again: what did you find?"
    assert "date" not in spec


def test_a_project_may_begin_with_what_another_left_open(started: Stage) -> None:
    idea = tomllib.loads(_text(started, f"projects/{EXAMPLE}/spec.toml"))["follow_up"][0]

    ran = started.portfolio("new", "fewer", "--from-idea", EXAMPLE)

    assert ran.code == 0, ran.err
    spec = tomllib.loads(_text(started, "projects/fewer/spec.toml"))
    assert (spec["question"], spec["builds_on"]) == (idea, [EXAMPLE])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "nobody"], "nobody: no such project"),
        (["--from-idea", f"{EXAMPLE}:9"], f"there are: {EXAMPLE}:1"),
        (["--from", EXAMPLE, "--template", "ladder"], "exclude each other"),
    ],
)
def test_a_beginning_that_is_not_there_is_told(started: Stage, arguments: list[str], said: str) -> None:
    ran = started.portfolio("new", "next-one", *arguments)

    assert ran.code == 2
    assert said in ran.err
    assert not (started.projects / "next-one").exists()


def _text(stage: Stage, name: str) -> str:
    return (stage.root / name).read_text(encoding="utf-8")


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
    assert [path.name for path in started.projects.glob("*/")] == [EXAMPLE]


def test_a_file_is_no_folder_for_a_portfolio(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    ran = portfolio("init", "file", folder=tmp_path)

    assert ran.code == 2
    assert "is a file" in ran.err
