"""What commands say of projects, on a terminal and in a workflow's log: read, never obeyed."""

import ast
import json
import os
import pty
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from payloads.carriers import ALL, storable
from stage import Stage, command, environment

import portfolio.cli
from portfolio.terminal import one_line, plain, plain_json

CLI = Path(portfolio.cli.__file__).parent
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]")
OBEYED = re.compile(r"^\s*::|##\w*\[", re.MULTILINE)
OURS = re.compile(
    r"^::(?:error|warning) file=projects/(?:fails|fine|refused)/[a-z.]+(?:,line=\d+)?,title=([^:,\n]*)::(.*)$",
    re.MULTILINE,
)
"""Where a project has a problem in a run of Actions, as the tool itself tells the runner."""
HOSTILE = [text for text in ALL if storable(text)]


@given(st.text() | st.sampled_from(ALL) | st.lists(st.sampled_from(ALL)).map("".join))
def test_no_text_is_obeyed_once_it_is_plain(text: str) -> None:
    shown = plain(text)

    assert not UNSEEN.search(shown)
    assert not OBEYED.search(shown)
    assert plain(shown) == shown
    assert shown.encode() is not None


@given(st.text() | st.sampled_from(ALL))
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1


@given(st.recursive(st.text() | st.sampled_from(ALL), lambda inner: st.dictionaries(st.text(), inner), max_leaves=5))
def test_a_document_means_the_same_and_is_not_obeyed(value: object) -> None:
    document = json.dumps(value, ensure_ascii=False, indent=1)

    shown = plain_json(document)

    assert json.loads(shown) == value
    assert not UNSEEN.search(shown)
    assert not OBEYED.search(shown)


def test_commands_speak_through_one_function() -> None:
    spoken = [
        f"{path.name}:{node.lineno}"
        for path in sorted(CLI.glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"click.echo", "click.secho", "print"}
    ]

    assert [place.split(":")[0] for place in spoken] == ["document.py", "say.py", "say.py"]


@pytest.fixture
def hostile(workspace: Callable[..., Stage]) -> Stage:
    """Return a workspace in which whatever commands show is hostile."""
    stage = workspace()
    title = "::error::title ##[error]x"
    said = "\n".join(text.encode("utf-8", "replace").decode() for text in HOSTILE)
    stage.write(
        "projects/fails/spec.toml", f'title = "{title}"\nsummary = "x"\n[params]\n"::error::name" = "##[error]"\n'
    )
    stage.write("projects/fails/script.py", f"import sys\nprint({said!r})\nraise ValueError({said!r})\n")
    stage.write("projects/fine/spec.toml", f'title = "{title}"\nsummary = "x"\n')
    stage.write("projects/fine/script.py", "from portfolio import log_metric\nlog_metric('m', 1)\n")
    moved = {"schema": 1, "metrics": {"\x1b[2J::error::m": {"value": 1}}, "params": {}, "data": {}, "figures": []}
    stage.write("projects/fine/results.json", json.dumps(moved))
    stage.write(
        "projects/refused/spec.toml", '"::error::\\u001b[2J" = 1\ntitle = "x"\nsummary = "::error::\\u001b[2J"\n'
    )
    return stage


COMMANDS = [["-v", "build"], ["list"], ["explain"], ["build", "--json"]]


def test_no_command_lets_a_project_write_to_a_log_or_a_terminal(hostile: Stage) -> None:
    refused = _on_a_terminal(hostile, "list"), _in_a_workflow(hostile, "list")
    (hostile.projects / "refused" / "spec.toml").unlink()
    (hostile.projects / "refused").rmdir()

    logs = {" ".join(words): _in_a_workflow(hostile, *words) for words in COMMANDS}
    screens = {" ".join(words): _on_a_terminal(hostile, *words) for words in COMMANDS[:2]}

    for name, text in {**logs, "refused": refused[1]}.items():
        assert not UNSEEN.search(text), name
        assert not OBEYED.search(OURS.sub(r"\1 \2", text)), name
    for name, text in {**screens, "refused": refused[0]}.items():
        assert not OBEYED.search(_without_ours(text)), name
        assert not UNSEEN.search(_without_ours(text)), name
    assert "raised" in logs["-v build"]


def _in_a_workflow(stage: Stage, *arguments: str) -> str:
    ran = stage.portfolio(*arguments, variables={"GITHUB_ACTIONS": "true", "CI": "true"})
    return ran.out + "\n" + ran.err


def _on_a_terminal(stage: Stage, *arguments: str) -> str:
    """Run a command with a terminal for its output; return all that reached it."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command(*arguments),
        cwd=stage.root,
        env=environment({"TERM": "xterm", "COLUMNS": "200"}),
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    said = bytearray()
    try:
        while part := os.read(ours, 1 << 16):
            said += part
    except OSError:  # how Linux says that nobody writes any more
        pass
    finally:
        os.close(ours)
        process.wait(60)
    return said.decode("utf-8", errors="replace")


def _without_ours(screen: str) -> str:
    """Return what was shown without the colours, cursor movements and line ends that the live lines are made of."""
    return re.sub(r"\x1b\[(?:\?25[lh]|[0-9;]*m|1A|2K)|\r", "", screen)
