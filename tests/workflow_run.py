"""Execute the `run:` steps of a workflow's job as a runner of GitHub Actions would, without GitHub.

Conditions and expressions are those the workflows use, each answered here by name; one that is not known is an error,
so that a workflow cannot change without these tests.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from stage import REPOSITORY, environment

OWN = REPOSITORY / ".github" / "workflows" / "publish.yml"
ADDRESS = "https://ada.github.io/work"
_SECONDS = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What started a run, and what the steps that are no `run:` did."""

    name: str = "push"
    everything: bool = False
    pages: bool = True
    """Whether Pages is switched to Actions."""

    def holds(self, condition: str) -> bool:
        """Whether a step with this condition is executed."""
        answers = {
            "": True,
            "github.event_name != 'pull_request'": self.name != "pull_request",
            "github.event_name == 'pull_request'": self.name == "pull_request",
            "steps.pages.outcome == 'failure'": self.name != "pull_request" and not self.pages,
        }
        return answers[condition]

    def value(self, expression: str) -> str:
        """Return what an expression in `env:` gives."""
        is_all = self.name == "schedule" or self.everything
        address = ADDRESS if self.pages and self.name != "pull_request" else ""
        answers = {
            "${{ github.event_name == 'schedule' || inputs.everything == true }}": str(is_all).lower(),
            "${{ steps.pages.outputs.base_url }}": address,
        }
        return answers[expression] if expression.startswith("${{") else expression


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRan:
    """How the steps of a job ended."""

    code: int
    """Of the step that failed, else 0."""
    log: str
    summary: str
    outputs: str
    steps: tuple[str, ...]
    """The steps that were executed."""

    @property
    def commands(self) -> list[str]:
        """Return the lines a runner obeys."""
        return [line for line in self.log.splitlines() if line.lstrip().startswith("::")]


def run_job(
    clone: Path,
    place: Path,
    *,
    workflow: Path = OWN,
    event: Event | None = None,
    programs: Path | None = None,
    skip: Sequence[str] = (),
    variables: Mapping[str, str] | None = None,
) -> JobRan:
    """Execute the `run:` steps of the job `build`, in order, until one fails.

    Args:
        clone: the checked-out repository.
        place: a folder for what the runner gives: summary, outputs, scripts.
        workflow: the file with the job.
        event: what started it; a push unless given.
        programs: the folder of `python` and `portfolio`; that of these tests unless given.
        skip: words in the names of steps that were done before, such as Install.
        variables: more of the parent's environment.
    """
    happened = event or Event()
    place.mkdir(parents=True, exist_ok=True)
    summary, outputs = place / "summary.md", place / "outputs.txt"
    for path in (summary, outputs):
        path.touch()
    given = {
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": happened.name,
        "GITHUB_OUTPUT": str(outputs),
        "GITHUB_REPOSITORY": "ada/work",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_STEP_SUMMARY": str(summary),
        "PIP_NO_COMPILE": "1",  # what is imported once is compiled then; half of the time goes into it
        "PATH": os.pathsep.join([str(programs or Path(sys.executable).parent), os.environ["PATH"]]),
    }
    log, done, code = [], [], 0
    for step in _steps(workflow):
        if "run" not in step or not happened.holds(step.get("if", "")) or any(word in step["name"] for word in skip):
            continue
        own = {name: happened.value(text) for name, text in step.get("env", {}).items()}
        ended = _run(step["run"], clone, place, environment({**given, **(variables or {}), **own}))
        log.append(f"{ended.stdout}{ended.stderr}")
        done.append(step["name"])
        code = ended.returncode
        if code:
            break
    return JobRan(
        code=code,
        log="\n".join(log),
        summary=summary.read_text(encoding="utf-8"),
        outputs=outputs.read_text(encoding="utf-8"),
        steps=tuple(done),
    )


def _steps(workflow: Path) -> list[dict[str, Any]]:
    document = yaml.load(workflow.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - strings only
    found: list[dict[str, Any]] = document["jobs"]["build"]["steps"]
    return found


def _run(text: str, clone: Path, place: Path, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    script = place / "step.sh"
    script.write_text(text, encoding="utf-8")
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=clone,
        env=dict(variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
