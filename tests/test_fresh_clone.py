"""What the workflow would publish: its own steps, in a fresh clone with a fresh environment, read in a browser."""

import json
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from browsing import needs_chromium
from newcomer import play, typed
from stage import Once, Stage, git
from walking import walk
from workflow_run import ADDRESS, JobRan, run_job


@pytest.fixture(scope="module")
def cloned(once: Once, template: Path) -> tuple[Path, JobRan]:
    """Return a clone of a portfolio made from the template, and how the workflow's job ended in it."""

    def publish(folder: Path) -> None:
        shutil.copytree(template, folder / "own")
        own = Stage(folder / "own")
        who = ("--name", "Ada Lovelace", "--link", "Code=https://github.com/ada")
        for arguments in (("init", "--here", *who, "--drop-tool", "--drop-examples"), ("new", "my-first")):
            assert own.portfolio(*arguments).code == 0
        git(own.root, "add", "-A")
        git(own.root, "commit", "-qm", "Mine")
        git(folder, "clone", "-q", "--bare", str(own.root), "bare.git")
        git(folder, "clone", "-q", str(folder / "bare.git"), "clone")
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
        clone = folder / "clone"
        workflow = clone / ".github" / "workflows" / "publish.yml"
        ran = run_job(clone, folder / "runner", workflow=workflow, programs=folder / "venv" / "bin")
        (folder / "ran.json").write_text(json.dumps(asdict(ran)), encoding="utf-8")

    folder = once("fresh-clone", publish)
    return folder / "clone", JobRan(**json.loads((folder / "ran.json").read_text(encoding="utf-8")))


def test_every_step_of_the_workflow_succeeds_in_a_fresh_clone(cloned: tuple[Path, JobRan]) -> None:
    _, ran = cloned

    assert ran.code == 0, ran.log
    assert [name.split()[0].rstrip(";") for name in ran.steps] == ["Install", "Build", "Say", "Check"]
    assert ran.outputs == "failed=false\n"
    assert "\n| my&#45;first | ran | never run |" in ran.summary


def test_the_tool_is_installed_from_the_repository_itself(cloned: tuple[Path, JobRan]) -> None:
    clone, _ = cloned
    (made,) = (clone.parent / "venv").glob("lib/*/site-packages/finished_portfolio-*.dist-info")

    installed = json.loads((made / "direct_url.json").read_text(encoding="utf-8"))

    assert installed["url"].startswith((clone / "vendor").as_uri())


def test_a_newcomer_with_the_readme_alone_gets_from_the_template_to_a_published_page(
    cloned: tuple[Path, JobRan], template: Path, tmp_path: Path
) -> None:
    lent = cloned[0].parent / "venv"
    git(tmp_path, "clone", "-q", "--bare", str(template), "copy.git")

    ended = play(tmp_path, tmp_path / "copy.git", lent)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert len(typed()) <= 12
    assert "It works" in (tmp_path / "my-work/build/site/projects/my-first/index.html").read_text(encoding="utf-8")
    pushed = git(tmp_path / "copy.git", "ls-tree", "-r", "--name-only", "main").splitlines()
    assert {"projects/my-first/results.json", ".github/workflows/publish.yml", "requirements.txt"} <= set(pushed)
    assert len([name for name in pushed if not name.startswith("projects/")]) <= 25


@pytest.mark.browser
@needs_chromium
def test_a_reader_meets_no_broken_link_or_asset(cloned: tuple[Path, JobRan], tmp_path: Path) -> None:
    site = cloned[0] / "build" / "site"

    seen, wrong = walk(site, tmp_path)

    assert wrong == []
    assert {"/mine/", "/mine/projects/my-first/", "/mine/tags/", "/mine/about/"} <= set(seen)
    assert f'<link rel="canonical" href="{ADDRESS}/' in (site / "index.html").read_text(encoding="utf-8")
