"""Tests of what a process with threads does not do: pytest's workers have some, so they run in one that has none."""

import subprocess
import sys
from pathlib import Path

import pytest
from kernel import needs_linux
from stage import environment

pytestmark = needs_linux
TESTS = Path(__file__).parent


@pytest.mark.parametrize("file", sorted(path.relative_to(TESTS).as_posix() for path in TESTS.rglob("alone_*.py")))
def test_they_pass_in_a_process_of_their_own(file: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", f"--basetemp={tmp_path / 'base'}", file]

    ended = subprocess.run(command, cwd=TESTS, env=environment(), capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stdout
