"""What the workflows may do: triggers, permissions, pins, and who runs whose code."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from stage import REPOSITORY, SECONDS

FOLDER = REPOSITORY / ".github" / "workflows"
NAMES = ("publish.yml", "test.yml")
PINNED = re.compile(r"\s*(- )?uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
CHECKOUT = "actions/checkout@"


def read(name: str) -> dict[str, Any]:
    """Return a workflow; every scalar as it is written, so that `on` is no truth value."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - makes strings only
    return document


def jobs() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name in NAMES:
        for job, content in read(name)["jobs"].items():
            yield f"{name}:{job}", content


def used(job: Mapping[str, Any]) -> list[str]:
    return [step["uses"] for step in job["steps"] if "uses" in step]


def shell_texts(job: Mapping[str, Any]) -> list[str]:
    return [step["run"] for step in job["steps"] if "run" in step]


def may_write(job: Mapping[str, Any]) -> bool:
    return "write" in job["permissions"].values()


def has_the_code(job: Mapping[str, Any]) -> bool:
    """Whether the job has the repository, without which none of its code can run."""
    return any(action.startswith(CHECKOUT) for action in used(job))


def test_every_workflow_is_known_to_these_tests() -> None:
    found = sorted(path.name for path in FOLDER.iterdir())

    assert found == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_action_is_pinned_by_commit_and_says_its_version(name: str) -> None:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()

    actions = [line for line in lines if "uses:" in line]

    assert actions
    assert [line for line in actions if not PINNED.fullmatch(line)] == []


def test_an_action_has_the_same_commit_wherever_it_is_used() -> None:
    pins = {action for _, job in jobs() for action in used(job)}

    names = [pin.partition("@")[0] for pin in pins]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_permitted_but_what_a_job_asks_for(name: str) -> None:
    assert read(name)["permissions"] == {}


def test_each_job_has_exactly_the_rights_it_needs() -> None:
    rights = {name: job["permissions"] for name, job in jobs()}

    assert rights == {
        "test.yml:test": {"contents": "read"},
        "publish.yml:build": {"contents": "read", "pages": "read"},
        "publish.yml:deploy": {"pages": "write", "id-token": "write", "attestations": "write"},
        "publish.yml:verdict": {},
    }


def test_changes_are_tested_and_main_alone_is_published() -> None:
    triggers = {name: read(name)["on"] for name in NAMES}

    assert triggers == {
        "test.yml": {"push": "", "pull_request": ""},
        "publish.yml": {
            "push": {"branches": ["main"]},
            "pull_request": "",
            "schedule": [{"cron": "23 4 * * 1"}],
            "workflow_dispatch": {
                "inputs": {
                    "everything": {
                        "description": "Execute every project anew",
                        "type": "boolean",
                        "default": "false",
                    }
                }
            },
        },
    }


def test_the_tools_own_tests_do_not_run_in_a_portfolio_made_from_it() -> None:
    assert read("test.yml")["jobs"]["test"]["if"] == "github.event.repository.is_template"


def test_a_new_portfolio_is_published_by_the_same_workflow_less_the_checkout_of_the_tool() -> None:
    own, given = read("publish.yml"), _shipped("publish.yml")

    installs = [document["jobs"]["build"]["steps"].pop(3) for document in (own, given)]

    assert own == given
    assert installs[1]["run"] == "python -m pip install -q --require-hashes -r requirements.txt"
    assert installs[0]["run"].splitlines() == [
        installs[1]["run"],
        "python -m pip install -q --no-deps --no-build-isolation -e .",
    ]
    assert _shipped("dependabot.yml") == yaml.load(
        (REPOSITORY / ".github" / "dependabot.yml").read_text(encoding="utf-8"),
        Loader=yaml.BaseLoader,  # noqa: S506 - makes strings only
    )


def test_an_audit_of_workflows_finds_nothing() -> None:
    program = Path(sys.executable).with_name("zizmor")
    shipped = REPOSITORY / "portfolio" / "starters" / "workspace" / "publish.yml"
    audited = [REPOSITORY / ".github", shipped, REPOSITORY / "docs" / "matrix.yml"]

    ended = subprocess.run(
        [program, "--offline", "--pedantic", "--no-progress", *audited],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout
    assert "No findings" in ended.stdout


def _shipped(name: str) -> Any:
    text = (REPOSITORY / "portfolio" / "starters" / "workspace" / name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - makes strings only


def test_no_job_that_runs_code_of_the_repository_can_write_or_knows_a_secret() -> None:
    running = [(name, job) for name, job in jobs() if has_the_code(job)]

    assert [name for name, _ in running] == ["publish.yml:build", "test.yml:test"]
    assert [name for name, job in running if may_write(job) or "environment" in job] == []
    assert [name for name in NAMES if "secrets" in (FOLDER / name).read_text(encoding="utf-8")] == []


def test_no_job_that_can_deploy_has_or_runs_code_of_the_repository() -> None:
    deploying = [(name, job) for name, job in jobs() if may_write(job)]

    assert [name for name, _ in deploying] == ["publish.yml:deploy"]
    (_, job) = deploying[0]
    assert [action.partition("@")[0] for action in used(job)] == [
        "actions/download-artifact",
        "actions/attest-build-provenance",
        "actions/deploy-pages",
    ]
    words = {line.split()[0].partition("=")[0] for text in shell_texts(job) for line in text.splitlines()}
    assert words == {"where", "echo"}


def test_a_pull_request_writes_no_cache_and_hands_nothing_to_the_job_that_deploys() -> None:
    steps = read("publish.yml")["jobs"]["build"]["steps"]

    only = {
        step["uses"].partition("@")[0]: step.get("if", "")
        for step in steps
        if step.get("uses", "").startswith(("actions/cache", "actions/upload", "actions/configure"))
    }

    assert only == {
        "actions/cache/restore": "",
        "actions/configure-pages": "github.event_name != 'pull_request'",
        "actions/cache/save": "github.event_name != 'pull_request'",
        "actions/upload-pages-artifact": "github.event_name != 'pull_request'",
        "actions/upload-artifact": "github.event_name == 'pull_request'",
    }


def test_main_alone_is_deployed_also_when_a_branch_is_built_by_hand() -> None:
    deploy = read("publish.yml")["jobs"]["deploy"]

    assert deploy["if"] == "github.ref == 'refs/heads/main' && github.event_name != 'pull_request'"
    assert deploy["needs"] == "build"
    assert deploy["environment"]["name"] == "github-pages"


def test_a_checkout_leaves_no_credential_behind() -> None:
    checkouts = [step for _, job in jobs() for step in job["steps"] if step.get("uses", "").startswith(CHECKOUT)]

    assert len(checkouts) == 2
    assert all(step["with"]["persist-credentials"] == "false" for step in checkouts)


def test_the_site_is_built_from_the_whole_history() -> None:
    steps = read("publish.yml")["jobs"]["build"]["steps"]

    checkouts = [step for step in steps if step.get("uses", "").startswith(CHECKOUT)]

    assert [step["with"]["fetch-depth"] for step in checkouts] == ["0"]


def test_every_job_ends_in_time() -> None:
    minutes = {name: int(job.get("timeout-minutes", 360)) for name, job in jobs()}

    assert {name for name, most in minutes.items() if most > 60} == set()


@pytest.mark.parametrize("name", NAMES)
def test_no_workflow_gives_a_pull_request_the_rights_of_the_repository(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")

    assert "pull_request_target" not in text
    assert "workflow_run" not in text


def test_no_shell_text_is_put_together_from_an_expression() -> None:
    texts = [text for _, job in jobs() for text in shell_texts(job)]

    assert texts
    assert [text for text in texts if "${{" in text] == []


def test_the_setting_that_is_missing_is_named() -> None:
    steps = [step for _, job in jobs() for step in job["steps"] if "which setting" in step.get("name", "")]

    assert len(steps) == 2
    assert all("/settings/pages" in step["run"] and "GitHub Actions" in step["run"] for step in steps)


def test_the_run_is_red_after_publishing_when_a_project_failed() -> None:
    verdict = read("publish.yml")["jobs"]["verdict"]

    assert verdict["needs"] == ["build", "deploy"]
    assert "needs.build.outputs.failed == 'true'" in verdict["if"]
    assert shell_texts(verdict)[-1].rstrip().endswith("exit 1")


def test_new_releases_of_actions_are_proposed_after_a_while() -> None:
    text = (REPOSITORY / ".github" / "dependabot.yml").read_text(encoding="utf-8")

    updates = yaml.safe_load(text)["updates"]

    assert [update["package-ecosystem"] for update in updates] == ["github-actions"]
    assert all(update["cooldown"]["default-days"] >= 7 for update in updates)


def test_the_tests_of_every_change_are_those_anyone_can_run() -> None:
    runner = REPOSITORY / ".ci" / "run"

    assert shell_texts(read("test.yml")["jobs"]["test"]) == [".ci/run"]
    assert os.access(runner, os.X_OK)
