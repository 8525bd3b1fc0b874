"""Hostile specs, configurations and folder names: one line each with a hint, soon, and nothing is executed."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from stage import Stage, command, environment

from portfolio.errors import WorkspaceError
from portfolio.reading import Options, read
from portfolio.workspace.root import Workspace

sys.path.append(str(Path(__file__).parent / "hostile_specs"))

from odd_specs import Case, cases, good

CASES = {case.name: case for case in cases()}
BY_COMMAND = ["key_twice", "script_above", "a_fifo", "folder_with_a_newline", "mkdocs_a_bomb", "keys_to_the_brim"]


def test_there_are_many() -> None:
    assert len(CASES) >= 80


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_hostile_spec_is_refused_in_a_line_with_a_hint(case: Case, tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    case.make(good(root))
    began = time.process_time()

    with pytest.raises(WorkspaceError) as refused:
        read(Workspace(root), Options())

    assert time.process_time() - began < 0.5
    assert len(refused.value.problems) == case.problems
    assert case.says in refused.value.problems[0].message
    for problem in refused.value.problems:
        assert problem.hint
        said = f"{problem.file}:{problem.key}: {problem.message}"
        assert len(said) < 400
        assert "\n" not in said
    assert list(tmp_path.rglob("executed")) == []


@pytest.mark.parametrize("name", BY_COMMAND)
def test_a_build_refuses_it_by_exit_code_2_and_makes_nothing(name: str, tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    CASES[name].make(good(root))

    ran = Stage(root).portfolio("build", "--json")

    lines = ran.err.splitlines()
    assert ran.code == 2
    assert [line.startswith("hint: ") for line in lines] == [False, True] * CASES[name].problems
    assert len(ran.document["problems"]) == CASES[name].problems
    assert not any("\x1b" in line or line.startswith("::") for line in lines)
    assert list(tmp_path.rglob("executed")) == []
    assert not (root / "build" / "site").exists()


def test_a_refusal_waits_for_nothing_it_does_not_need(tmp_path: Path) -> None:
    CASES["title_a_number"].make(good(tmp_path / "workspace"))
    unneeded = ("yaml", "rich", "portfolio.log", "portfolio.literate", "portfolio.values.record")
    code = f"""
import sys
from portfolio.cli.main import main
assert main(["check"]) == 2
print([name for name in {unneeded!r} if name in sys.modules])
"""

    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "workspace", env=environment(), capture_output=True, check=False
    )

    assert ran.stdout.decode().strip() == "[]", ran.stderr.decode()


def test_no_plugin_of_pydantic_has_a_say_in_specs(tmp_path: Path) -> None:
    CASES["title_a_number"].make(good(tmp_path / "workspace"))
    plugin = tmp_path / "installed"
    (plugin / "meddler-1.dist-info").mkdir(parents=True)
    (plugin / "meddler-1.dist-info" / "METADATA").write_text("Name: meddler\nVersion: 1\n", encoding="utf-8")
    (plugin / "meddler-1.dist-info" / "entry_points.txt").write_text("[pydantic]\nx = meddler:it\n", encoding="utf-8")
    (plugin / "meddler.py").write_text(
        "from pathlib import Path\nPath(__file__).with_name('executed').touch()\n", "utf-8"
    )

    ran = subprocess.run(
        command("check"), cwd=tmp_path / "workspace", env={**environment(), "PYTHONPATH": str(plugin)}, check=False
    )

    assert ran.returncode == 2
    assert not (plugin / "executed").exists()
