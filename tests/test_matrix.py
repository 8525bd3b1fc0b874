"""What a build would run is shared out, run apart, and shown by one job as if one machine had run it all."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from clusters import add_numbers
from hypothesis import given
from hypothesis import strategies as st
from one_run import of_any_run
from stage import REPOSITORY, SECONDS, MakeStage, Stage, environment, tree

from portfolio.splitting import Stale, split

WORKFLOW = REPOSITORY / "docs" / "matrix.yml"
PUBLISH = REPOSITORY / ".github" / "workflows" / "publish.yml"
EXPRESSIONS = {"${{ join(matrix.share.slugs, ' ') }}": "SLUGS"}


def jobs() -> dict[str, Any]:
    document = yaml.load(WORKFLOW.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - strings only
    found: dict[str, Any] = document["jobs"]
    return found


def steps(job: str, stage: Stage, given: Mapping[str, str]) -> str:
    """Execute a job's own commands as a runner would; return what it put out."""
    outputs = stage.root.parent / f"{stage.root.name}-outputs.txt"
    outputs.touch()
    program = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    for step in jobs()[job]["steps"]:
        if "run" not in step or step["name"] == "Install":
            continue
        own = {name: given[EXPRESSIONS[value]] for name, value in step.get("env", {}).items()}
        variables = environment({"CI": "true", "PATH": program, "GITHUB_OUTPUT": str(outputs), **own})
        ended = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=stage.root,
            env=variables,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert ended.returncode == 0, f"{step['name']}: {ended.stdout}{ended.stderr}"
    return outputs.read_text(encoding="utf-8")


@pytest.fixture
def checkout(stage_in: MakeStage, tmp_path: Path) -> Callable[[str], Stage]:
    """Return a function that makes one machine's own checkout of the same portfolio."""

    def make(name: str) -> Stage:
        stage = stage_in(tmp_path / name, "succeeds", "uses_shared", "raises", "_shared")
        stage.write("mkdocs.yml", "site_name: Ada Example\nsite_url: https://ada.example.org/\n")
        add_numbers(stage, 3)
        return stage

    return make


def test_a_matrix_makes_the_site_that_one_machine_would(checkout: Callable[[str], Stage]) -> None:
    plain, joined = checkout("plain"), checkout("joined")
    (shares,) = re.findall(r"^shares=(.*)$", steps("plan", checkout("plan"), {}), re.MULTILINE)

    for number, share in enumerate(json.loads(shares)):
        machine = checkout(f"machine-{number}")
        steps("run", machine, {"SLUGS": " ".join(share["slugs"])})
        shutil.copytree(machine.root / "runs", joined.root / "runs" / f"runs-{number}")
    told = steps("build", joined, {})
    ended = plain.portfolio("build", variables={"CI": "true"})

    assert len(json.loads(shares)) == 3
    assert (ended.code, told) == (1, "failed=true\n")
    assert without_provenance(tree(joined.site)) == without_provenance(tree(plain.site))


def without_provenance(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of a site less what tells of one run only."""
    return {name: of_any_run(content) for name, content in files.items()}


def test_a_plan_lists_what_would_run_with_its_reason_and_what_it_took(workspace: Callable[..., Stage]) -> None:
    stage = workspace("succeeds", "minimal")
    stage.portfolio("run")
    stage.edit("projects/succeeds/script.py", "91.25", "92.5")
    add_numbers(stage, 1)

    planned = stage.portfolio("plan", "--split", "4", "--json").document

    took = {row["slug"]: row.pop("seconds") for row in planned["projects"]}
    assert planned["projects"] == [
        {"slug": "n0000", "status": "stale", "reason": "never run"},
        {"slug": "succeeds", "status": "stale", "reason": "script.py changed"},
    ]
    assert took["n0000"] is None
    assert 0 < took["succeeds"] < SECONDS
    assert [share["slugs"] for share in planned["shares"]] == [["n0000"], ["succeeds"]]
    assert not (stage.root / "build" / "site").exists()


@given(st.lists(st.none() | st.floats(0, 1e4), max_size=40), st.integers(1, 12))
def test_a_share_is_longer_than_the_mean_by_one_project_at_most(durations: list[float | None], machines: int) -> None:
    stale = [Stale(slug=f"n{number:02d}", reason="new", seconds=took) for number, took in enumerate(durations)]

    shares = split(stale, machines)

    known = [took for took in durations if took is not None]
    longest = max([*known, 0.0 if known else 1.0])
    mean = sum(share.seconds for share in shares) / machines
    assert sorted(slug for share in shares for slug in share.slugs) == [project.slug for project in stale]
    assert all(share.slugs for share in shares)
    assert all(share.seconds <= mean + longest + 0.1 for share in shares)


def test_the_example_uses_the_actions_that_publish_uses() -> None:
    pinned = [set(re.findall(r"uses: (.*)", path.read_text(encoding="utf-8"))) for path in (WORKFLOW, PUBLISH)]

    assert pinned[0] <= pinned[1]
