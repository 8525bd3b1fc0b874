"""The command line: one JSON document in every case, exit codes that mean something, help that works."""

import json
import os
import subprocess
from pathlib import Path

import click
import pytest
from stage import Ran, Stage, command, environment, portfolio

from portfolio.cli.main import portfolio as command_line

COMMANDS = ("init", "new", "serve", "build", "run", "list", "clean")
PROJECT = {"slug", "status", "reason", "seconds", "metrics", "figures", "tables", "artifacts", "failure"}


def test_a_build_that_went_well_is_told_as_one_document(built: Stage) -> None:
    document = built.portfolio("build", "--json").document

    succeeds = next(project for project in document["projects"] if project["slug"] == "succeeds")
    assert set(document) == {"ok", "site", "problems", "projects"}
    assert (document["ok"], document["site"], document["problems"]) == (True, "build/site", [])
    assert set(succeeds) == PROJECT
    assert succeeds["metrics"] == {"accuracy": 91.25, "mean_x": 30.0, "rows": 3, "seed_seen": 7}
    assert (succeeds["figures"], succeeds["tables"], succeeds["artifacts"]) == (0, 1, 1)
    assert succeeds["failure"] is None


def test_a_failure_is_told_as_one_document(built: Stage) -> None:
    built.add("raises")

    ran = built.portfolio("build", "--json")

    assert ran.code == 1
    assert (ran.document["ok"], ran.document["site"]) == (False, "build/site")
    assert ran.projects["raises"]["failure"] == {"kind": "raised", "message": "ValueError: the reason is said here"}


def test_spec_problems_are_told_as_one_document(built: Stage) -> None:
    built.add("unknown_key")

    ran = built.portfolio("build", "--json")

    assert ran.code == 2
    assert ran.document == {
        "ok": False,
        "site": None,
        "problems": [
            {
                "file": "projects/unknown-key/spec.toml",
                "key": "3",
                "message": "unknown key 'questoin'",
                "hint": "did you mean 'question'?",
            },
            {
                "file": "projects/unknown-key/spec.toml",
                "key": "7",
                "message": "'headline.goal' is 'maximise', not one of maximize, minimize",
                "hint": "did you mean 'maximize'?",
            },
        ],
        "projects": [],
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ["build", "--json", "nobody"],
        ["run", "--json", "nobody"],
        ["build", "--json", "--force", "--frozen"],
        ["build", "--json", "--jobs", "0"],
    ],
    ids=["no such project", "none to run", "options that exclude each other", "no such number"],
)
def test_bad_usage_is_told_as_one_document(built: Stage, arguments: list[str]) -> None:
    ran = built.portfolio(*arguments)

    assert ran.code == 2
    assert (ran.document["ok"], ran.document["projects"]) == (False, [])
    assert ran.document["problems"][0]["message"] != ""


def test_the_list_is_told_as_one_document(built: Stage) -> None:
    ran = built.portfolio("list", "--json")

    assert ran.code == 0
    assert ran.statuses == {"draft": "stale", "minimal": "fresh", "succeeds": "fresh"}


def test_a_site_that_cannot_be_built_is_told_as_one_document(built: Stage) -> None:
    built.write("mkdocs.yml", "plugins:\n  - no-such-plugin\n")

    ran = built.portfolio("build", "--json")

    assert ran.code == 3
    assert (ran.document["ok"], ran.document["site"], ran.document["projects"]) == (False, None, [])
    assert "no-such-plugin" in ran.document["problems"][0]["message"]


def test_a_folder_without_a_portfolio_is_told_as_one_document(tmp_path: Path) -> None:
    ran = portfolio("build", "--json", folder=tmp_path)

    assert ran.code == 2
    assert ran.document["problems"][0]["hint"] == "'portfolio init' makes one in this folder"


def test_the_list_of_projects_is_documented(built: Stage) -> None:
    document = json.loads((built.site / "projects.json").read_text(encoding="utf-8"))

    succeeds = next(project for project in document["projects"] if project["slug"] == "succeeds")
    assert succeeds == {
        "slug": "succeeds",
        "title": "Succeeds",
        "summary": "A tiny project that does what its folder is called.",
        "url": "projects/succeeds/",
        "tags": ["classification", "tiny"],
        "date": "2026-01-31",
        "trust": "recomputed",
        "headline": {"metric": "accuracy", "value": 91.25, "baseline": 50.0, "interval": [88.5, 94.0]},
    }


def test_a_workspace_without_a_project_builds(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.write("mkdocs.yml", "site_name: Mine\n")

    ran = stage.portfolio("build")

    assert ran.code == 0
    assert "portfolio new my-first" in ran.out
    assert (stage.site / "index.html").is_file()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["biuld"], "did you mean 'build'?"),
        (["build", "--forec"], "--force"),
        (["new"], "SLUG"),
        (["-C", "nowhere", "build"], "nowhere: no such folder"),
        (["build"], "'portfolio init' makes one"),
        (["run", "--record"], "portfolio run --record SLUG"),
    ],
)
def test_bad_usage_is_exit_code_2_and_says_what_to_type(tmp_path: Path, arguments: list[str], words: str) -> None:
    ran = portfolio(*arguments, folder=tmp_path)

    assert ran.code == 2
    assert words in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("name", command_line.list_commands(click.Context(command_line)))
def test_every_command_has_help(name: str) -> None:
    context = click.Context(command_line)

    found = command_line.get_command(context, name)

    assert found is not None
    assert found.help
    assert all(param.help for param in found.params if isinstance(param, click.Option))


def test_help_begins_with_what_is_needed_first(tmp_path: Path) -> None:
    ran = portfolio("--help", folder=tmp_path)

    listed = [line.split()[0] for line in ran.out.split("Commands:")[1].splitlines() if line.startswith("  ")]
    assert ran.code == 0
    assert [name for name in listed if name in COMMANDS] == [name for name in COMMANDS if name in listed]
    assert listed[0] == "init"


def test_help_of_a_command_explains_its_options(tmp_path: Path) -> None:
    ran = portfolio("build", "-h", folder=tmp_path)

    assert ran.code == 0
    assert "--frozen" in ran.out


def test_a_pipe_that_is_closed_is_no_traceback(built: Stage) -> None:
    read, write = os.pipe()
    os.close(read)

    ended = subprocess.run(
        command("list"), cwd=built.root, env=environment(), stdout=write, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(write)

    assert "Traceback" not in ended.stderr


def test_quiet_says_only_what_went_wrong(built: Stage) -> None:
    fine = built.portfolio("--quiet", "build")
    built.add("raises")

    broken = built.portfolio("--quiet", "run")

    assert (fine.out, fine.err) == ("", "")
    assert "raised: ValueError" in broken.err


def test_verbose_shows_the_traceback_of_a_script(built: Stage) -> None:
    built.add("raises")

    ran: Ran = built.portfolio("--verbose", "run")

    assert 'File "script.py", line 9, in deep' in ran.err


def test_a_name_of_a_file_commands_no_workflow(built: Stage) -> None:
    built.write("projects/minimal/script.py", "raise ValueError('x\\n::error::not from us')\n")

    ran = built.portfolio("run")

    assert not any(line.lstrip().startswith("::") for line in ran.err.splitlines())
