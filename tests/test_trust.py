"""The trust line tells commit, date and place of the run, never of a build that only rendered it."""

import platform
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from stage import MakeStage, Stage, git

from portfolio import provenance
from portfolio.entries import entry
from portfolio.reading import Options
from portfolio.rendering.trust import trust_line
from portfolio.running.whereabouts import place_of_run
from portfolio.surveying import survey
from portfolio.workspace.root import Workspace

ADDRESS = "https://github.com/ada/site/actions/runs/17"
ACTIONS = {
    "CI": "true",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "ada/site",
    "GITHUB_RUN_ID": "17",
}
SCRIPT = "projects/one/script.py"
THEN, HERE = "2020-01-02", f"on a {platform.system()} {platform.machine()} machine"


@pytest.fixture
def stage(stage_in: MakeStage, tmp_path: Path) -> Stage:
    """Return a repository with a project that was committed and ran, and with another commit since."""
    stage = stage_in(tmp_path / "workspace")
    stage.write(".gitignore", "/build/\n")
    stage.write("projects/one/spec.toml", 'title = "T"\nsummary = "S"\n[run]\nci = "recorded"\n')
    stage.write(SCRIPT, "import portfolio\nportfolio.log_metric('skill', 0.5)\n")
    git(stage.root, "init", "--quiet")
    _commit(stage)
    stage.run()
    return stage


def test_a_build_at_a_later_commit_tells_the_commit_of_the_run(stage: Stage) -> None:
    ran_at = _head(stage)
    stage.append(SCRIPT, "# a comment runs nothing\n")
    _commit(stage)

    assert _line(stage) == f"Recomputed at commit {ran_at} on {THEN}, {HERE}."
    assert ran_at != _head(stage)


def test_running_again_with_the_same_result_keeps_what_was_first_told(stage: Stage) -> None:
    ran_at = _head(stage)
    stage.append(SCRIPT, "2 + 2\n")
    _commit(stage)

    stage.run()

    assert ran_at in _line(stage)


def test_another_result_tells_its_own_commit(stage: Stage) -> None:
    stage.edit(SCRIPT, "0.5", "0.75")
    _commit(stage)
    stage.run()
    _commit(stage)

    assert _line(stage) == f"Recomputed at commit {_head(stage, 'HEAD~1')} on {THEN}, {HERE}."


def test_a_run_with_uncommitted_changes_says_so(stage: Stage) -> None:
    stage.edit(SCRIPT, "0.5", "0.75")
    stage.run()
    _commit(stage)

    assert f"at commit {_head(stage, 'HEAD~1')} with uncommitted changes on" in _line(stage)


def test_numbers_that_are_not_the_committed_ones_are_called_different(stage: Stage) -> None:
    _commit(stage)
    stage.edit("projects/one/results.json", "0.5", "0.25")
    _commit(stage)

    assert _line(stage).endswith(", and different from the committed results.")


def test_a_result_older_than_its_inputs_is_not_called_failed(stage: Stage) -> None:
    stage.edit(SCRIPT, "0.5", "0.75")

    said = _line(stage)

    assert said.startswith("The last good result, computed at commit ")
    assert said.endswith("; what it depends on has changed since.")


def test_a_failed_run_is_told(stage: Stage) -> None:
    stage.append(SCRIPT, "1 / 0\n")
    stage.run()

    assert _line(stage).endswith("; the newest run failed.")


def test_a_commit_of_code_that_is_not_published_is_not_told(stage: Stage) -> None:
    stage.edit("projects/one/spec.toml", "[run]", "code = false\n[run]")

    assert _line(stage) == f"Recomputed on {THEN}, {HERE}."


def test_a_recorded_run_is_called_recorded_at_its_own_commit(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    ran_at = _head(stage)
    assert stage.portfolio("run", "--record", "one").code == 0
    _commit(stage)
    monkeypatch.setenv("CI", "true")

    assert _line(stage) == f"Recorded at commit {ran_at} on {THEN}, {HERE}, not recomputed for this build."


def test_a_recorded_run_of_other_inputs_says_so(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.portfolio("run", "--record", "one")
    stage.edit(SCRIPT, "0.5", "0.75")
    monkeypatch.setenv("CI", "true")

    assert _line(stage).endswith(", not recomputed for this build; what it depends on has changed since.")


def test_a_run_in_continuous_integration_is_linked(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.edit(SCRIPT, "0.5", "0.75")
    stage.edit("projects/one/spec.toml", '[run]\nci = "recorded"\n', "")
    for name, value in ACTIONS.items():
        monkeypatch.setenv(name, value)
    stage.run()

    assert f'in <a href="{ADDRESS}" rel="noopener">continuous integration</a>.' in _line(stage)


@pytest.mark.parametrize(
    ("variables", "place"),
    [
        ({}, ""),
        ({"GITHUB_RUN_ID": "17"}, ""),
        ({"CI": "true"}, "CI"),
        (ACTIONS, ADDRESS),
        (ACTIONS | {"GITHUB_SERVER_URL": "javascript:alert(1)//"}, "CI"),
        (ACTIONS | {"GITHUB_SERVER_URL": "https://token@github.com"}, "CI"),
        (ACTIONS | {"GITHUB_RUN_ID": '17"onclick="x'}, "CI"),
    ],
)
def test_only_the_address_of_a_run_is_kept(variables: dict[str, str], place: str) -> None:
    assert place_of_run(variables) == place


def _line(stage: Stage) -> str:
    workspace = Workspace(stage.root)
    found, projects = survey(workspace, Options(frozen=True, drafts=True))
    seen = entry(projects[0], found.outcomes[0], provenance.history(workspace))
    assert seen.record is not None
    ran = replace(seen.record.circumstances, started=datetime.fromisoformat(f"{THEN}T12:00:00+00:00"))
    return str(trust_line(seen, ran))


def _commit(stage: Stage) -> None:
    git(stage.root, "add", ".")
    git(stage.root, "commit", "--quiet", "--allow-empty", "--message", "next")


def _head(stage: Stage, revision: str = "HEAD") -> str:
    return git(stage.root, "rev-parse", revision)[:7]
