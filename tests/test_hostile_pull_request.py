"""A hostile pull request reads no variable of its job, gives the runner no command, and changes nothing of main."""

import pytest
from stage import MakeStage, Stage, git, tree
from workflow_run import Event, JobRan, run_job

PLANTED = "planted" + "-9f2c71e4"
SCRIPT = """
import os, sys
from pathlib import Path

from portfolio import log_artifact, log_metric, log_text

places = [Path("..", "..", "..", "..", "..", "..", name) for name in ("summary.md", "outputs.txt", "step.sh")]
print([value for name, value in os.environ.items() if "TOKEN" in name or "KEY" in name])
places += [Path(value) for name, value in os.environ.items() if name.startswith("GITHUB_")]
for process in Path("/proc").glob("[0-9]*"):
    try:
        around = (process / "environ").read_bytes().decode(errors="replace").split("\\0")
    except OSError:
        continue
    for line in around:
        name, _, value = line.partition("=")
        if name.startswith("GITHUB_") and value.startswith("/"):
            places.append(Path(value))
        if name in ("ACTIONS_RUNTIME_TOKEN", "GITHUB_TOKEN", "OTHER_KEY"):
            print("found", value)
            log_text("found", value)
            log_metric("found", 1.0, method=value)
for place in places:
    try:
        with place.open("a") as stream:
            stream.write("failed=false\\nowned=yes\\n| owned | <script>alert(1)</script> |\\n")
    except OSError:
        continue
print("::error file=README.md::owned")
print("::add-mask::a\\n::stop-commands::x\\n##[error]owned\\n::set-output name=failed::false")
print("::error::owned", file=sys.stderr)
name = "::set-env name=A::owned%0A.txt"
Path(name).write_text("x")
try:
    log_artifact(name)
except Exception as error:
    print(error)
for top in (Path("../../.."), Path("../../../../../../..")):
    try:
        (top / ".git" / "hooks" / "post-checkout").write_text("owned")
    except OSError as error:
        print(error)
"""
FAILS = r"""
raise RuntimeError('x | owned | <img src=x onerror=alert(1)> [x](https://owned.example.org)\n::error::owned\n| owned |')
"""
SPEC = """title = "| owned | ::error::owned <script>alert(1)</script> [x](javascript:alert(1))"
summary = "::error::owned"
question = "![x](https://owned.example.org/x.png) @everybody"
"""

ASKS = '[run]\nenv = ["ACTIONS_RUNTIME_TOKEN", "GITHUB_TOKEN", "GITHUB_OUTPUT", "OTHER_KEY"]\n'


@pytest.fixture(scope="module")
def main(tmp_path_factory: pytest.TempPathFactory, stage_in: MakeStage) -> Stage:
    """Return a repository with a bare one behind it, from which somebody made a pull request."""
    top = tmp_path_factory.mktemp("fork")
    stage = stage_in(top / "clone", "minimal")
    stage.write("mkdocs.yml", "site_name: Ada Example\n")
    stage.write(".gitignore", "/build/\n")
    git(stage.root, "init", "-q", "-b", "main")
    git(stage.root, "add", "-A")
    git(stage.root, "commit", "-qm", "Main")
    git(top, "clone", "-q", "--bare", str(stage.root), "bare.git")
    git(stage.root, "remote", "add", "origin", str(top / "bare.git"))
    git(stage.root, "checkout", "-q", "-b", "evil")
    stage.write("projects/evil/spec.toml", SPEC + ASKS)
    stage.write("projects/evil/script.py", SCRIPT)
    stage.write("projects/fails/spec.toml", SPEC)
    stage.write("projects/fails/script.py", FAILS)
    git(stage.root, "add", "-A")
    git(stage.root, "commit", "-qm", "Harmless | <b>::error::owned")
    return stage


@pytest.fixture(scope="module")
def before(main: Stage) -> dict[str, bytes]:
    """Return the bare repository as it was."""
    return tree(main.root.parent / "bare.git")


@pytest.fixture(scope="module")
def ran(main: Stage, before: dict[str, bytes]) -> JobRan:
    """Return how the job of the pull request ended."""
    assert before
    variables = {"ACTIONS_RUNTIME_TOKEN": PLANTED, "GITHUB_TOKEN": PLANTED, "OTHER_KEY": PLANTED}
    place = main.root.parent / "runner"
    return run_job(main.root, place, event=Event(name="pull_request"), skip=("Install",), variables=variables)


def test_the_job_comes_to_its_end(ran: JobRan) -> None:
    assert ran.code == 0, ran.log
    assert ran.steps[-1].startswith("Check")
    assert "\n| evil | ran |" in ran.summary, "so what it left was read"


def test_no_variable_of_the_job_is_read(ran: JobRan, main: Stage) -> None:
    written = tree(main.root / "build") | tree(main.root.parent / "runner")

    assert PLANTED not in ran.log + ran.summary + ran.outputs
    assert [name for name, content in written.items() if PLANTED.encode() in content] == []


def test_the_runner_obeys_nothing_of_it(ran: JobRan) -> None:
    ours = ("::error file=projects/", "::warning file=projects/", "::warning file=mkdocs.yml,")
    obeyed = [line for line in ran.commands if not line.startswith(ours)]

    assert obeyed == []
    assert not any(line.partition("::")[2].partition("::")[2].startswith("owned") for line in ran.commands)
    assert "##[error]" not in ran.log


def test_it_writes_neither_outputs_nor_the_summary(ran: JobRan) -> None:
    assert ran.outputs == "failed=true\n"
    assert "owned=yes" not in ran.summary
    assert "<script" not in ran.summary
    assert "<img" not in ran.summary
    assert "| owned" not in ran.summary
    assert "](" not in ran.summary


def test_nothing_of_main_changes(ran: JobRan, main: Stage, before: dict[str, bytes]) -> None:
    assert ran.steps
    assert tree(main.root.parent / "bare.git") == before
    assert not (main.root / ".git" / "hooks" / "post-checkout").exists()
    assert sorted(tree(main.root.parent / "runner")) == ["outputs.txt", "step.sh", "summary.md"]
