"""What guards there are is said before anybody relies on them; where all are required, nothing runs without."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest
from forking import Runs
from kernel import can_leave_the_network, needs_landlock, needs_linux
from stage import Stage, environment, git

from portfolio.diagnosis import diagnose, pages_address
from portfolio.running import landlock
from portfolio.running.task import Task
from portfolio.running.worker_result import RESULT
from portfolio.running.zygote import Zygotes
from portfolio.values import codec
from portfolio.workspace.root import Workspace

pytestmark = needs_linux

CUT_OFF = """
import encodings.idna, fcntl, os, socket, sys
from portfolio.running import network
if sys.argv[2] == "nobody" and os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
who = os.getuid(), os.getgid()
if not getattr(network, sys.argv[1])():
    raise SystemExit("not here")
for family, address in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try:
            with socket.socket(family, kind) as way:
                way.settimeout(2)
                way.connect((address, 9))
        except OSError:
            continue
        raise AssertionError(address)
assert who == (os.getuid(), os.getgid())
socket.socketpair()
print("cut off")
"""
WITHOUT_LANDLOCK = """
from portfolio.diagnosis import pages_address
from portfolio.running import landlock
landlock.version = lambda: 0
"""
"""As on an old kernel: for the probe's process, by way of `sitecustomize`."""


def test_each_guard_is_said_to_be_on_or_off(workspace: Callable[..., Stage]) -> None:
    ran = workspace("minimal").portfolio("doctor", "--json")

    guards = {guard["name"]: guard for guard in ran.document["guards"]}
    assert (ran.code, list(guards)) == (0, ["limits", "end", "tree", "write", "signals", "network"])
    assert guards["write"]["on"] == (landlock.version() >= landlock.TRUNCATES)
    assert set(ran.document["programs"]) == {"git", "strace"}


def test_what_decides_whether_it_builds_and_publishes_is_said_with_what_to_do(
    workspace: Callable[..., Stage],
) -> None:
    stage = workspace("minimal")
    git(stage.root, "init", "-q")
    git(stage.root, "remote", "add", "origin", "git@github.com:Ada/work.git")
    stage.write("mkdocs.yml", "site_name: Ada\nsite_url: https://ada.github.io/other/\n")
    stage.write("requirements.txt", "click==0.1 \\\n    --hash=sha256:00\nnobody-has-this==1 ; sys_platform == 'x'\n")
    stage.write("site_templates/figures.mplstyle", "font.sans-serif: Helvetica Neue, DejaVu Sans\n")

    checks = {check["name"]: check for check in stage.portfolio("doctor", "--json").document["checks"]}

    assert list(checks) == ["python", "libraries", "remote", "address", "fonts", "disk", "store"]
    assert {name for name, check in checks.items() if not check["ok"]} == {"libraries", "address", "fonts"}
    assert checks["libraries"]["what"].startswith("not as locked: click 8")
    assert "nobody-has-this" not in checks["libraries"]["what"]
    assert checks["remote"]["what"] == "https://github.com/Ada/work"
    assert checks["address"]["hint"] == "site_url: https://ada.github.io/work/ in mkdocs.yml"
    assert "Helvetica Neue" in checks["fonts"]["what"]
    assert all(check["hint"] for check in checks.values() if not check["ok"])


@pytest.mark.parametrize(
    ("typed", "what", "hint"),
    [
        ([], "no git repository", "git init && git remote add origin ADDRESS"),
        ([("init", "-q")], "no git remote", "git remote add origin ADDRESS"),
        (
            [("init", "-q"), ("remote", "add", "origin", "/srv/copy.git")],
            "origin is /srv/copy.git, which is no address on the web",
            "git remote set-url origin https://…",
        ),
        (
            [("init", "-q"), ("remote", "add", "origin", "https://ada:secret@a.b/~(c)")],
            "origin is https://a.b/~(c), which is no address on the web",
            "git remote set-url origin https://…",
        ),
        (
            [("init", "-q"), ("remote", "add", "a", "https://a.b/c"), ("remote", "add", "b", "https://b.b/c")],
            "2 git remotes, none of them called origin",
            "git remote rename a origin",
        ),
    ],
)
def test_a_remote_that_shows_no_source_is_named(
    workspace: Callable[..., Stage], typed: list[tuple[str, ...]], what: str, hint: str
) -> None:
    stage = workspace("minimal")
    for arguments in typed:
        git(stage.root, *arguments)

    found = next(check for check in diagnose(Workspace(stage.root)) if check.name == "remote")

    assert (found.ok, found.what, found.hint.partition(";")[0].partition(",")[0]) == (False, what, hint)


@pytest.mark.parametrize(
    ("repository", "address"),
    [
        ("https://github.com/Ada/work", "https://ada.github.io/work/"),
        ("https://github.com/Ada/ada.github.io", "https://ada.github.io/"),
        ("https://gitlab.com/ada/work", None),
        (None, None),
    ],
)
def test_the_address_of_pages_follows_from_the_remote(repository: str | None, address: str | None) -> None:
    assert pages_address(repository) == address


def test_a_doctor_says_what_keeps_a_workspace_from_being_built(workspace: Callable[..., Stage]) -> None:
    ran = workspace("unknown_key").portfolio("doctor")

    assert ran.code == 2
    assert "write" in ran.out
    assert "hint: did you mean" in ran.err


def test_nothing_runs_where_a_required_guard_is_off(workspace: Callable[..., Stage]) -> None:
    stage = workspace("minimal")
    stage.write("old/sitecustomize.py", WITHOUT_LANDLOCK)

    ran = stage.portfolio("build", "--require-sandbox", "--json", variables={"PYTHONPATH": str(stage.root / "old")})

    (problem,) = ran.document["problems"]
    assert ran.code == 2
    assert problem["message"].endswith("off here: write, signals")
    assert "portfolio doctor" in problem["hint"]
    assert not (stage.root / "build" / "records").exists()


@pytest.mark.parametrize("setting", ["", "require_sandbox = true\n"])
def test_a_missing_guard_is_said_aloud_and_refused_by_the_setting(
    workspace: Callable[..., Stage], setting: str
) -> None:
    stage = workspace("minimal", "succeeds")
    stage.write("pyproject.toml", f"[tool.portfolio]\n{setting}")
    stage.write("old/sitecustomize.py", WITHOUT_LANDLOCK)

    ran = stage.portfolio("run", variables={"PYTHONPATH": str(stage.root / "old")})

    assert ran.code == (2 if setting else 0)
    assert ("minimal, succeeds: files outside of a run are not protected from it" in ran.err) == (not setting)


@needs_landlock
def test_where_every_guard_is_on_requiring_them_changes_nothing(workspace: Callable[..., Stage]) -> None:
    ran = workspace("minimal").portfolio("run", "--require-sandbox", "--json")

    assert (ran.code, ran.statuses) == (0, {"minimal": "ran"})


def test_a_guard_that_fails_in_the_run_itself_keeps_a_required_sandbox_from_running(runs: Runs) -> None:
    run = runs.script("print('ran')\n", {"PYTHONPATH": str(runs.top / "old")})
    (runs.top / "old").mkdir()
    (runs.top / "old" / "sitecustomize.py").write_text(WITHOUT_LANDLOCK)
    task = codec.loads(Task, run.place.orders.read_bytes())
    run.place.orders.write_text(codec.dumps(replace(task, required=True)))

    run.by(Zygotes())

    told = json.loads((run.place.run / RESULT).read_text())
    assert told["failure"]["message"].startswith("not run, since a sandbox is required: files outside")
    assert run.output == ""


@pytest.mark.parametrize("user", ["same", "nobody"])
@pytest.mark.parametrize("means", ["leave_by_namespace", "leave_by_filter"])
def test_a_run_without_network_reaches_nobody(means: str, user: str) -> None:
    if not can_leave_the_network(means, as_nobody=user == "nobody"):
        pytest.skip(f"asked by its own tools, this machine lets no such user {means.replace('_', ' ')}")
    command = [sys.executable, "-P", "-c", CUT_OFF, means, user]

    ended = subprocess.run(command, env=environment(), cwd=os.sep, capture_output=True, text=True, check=False)

    assert ended.stdout == "cut off\n", ended.stderr
