"""`portfolio verify` runs again and says what moved, and what the key does not count."""

import sys
from collections.abc import Callable

from kernel import needs_tracer
from stage import Stage, tree

SCRIPT = "projects/minimal/script.py"


def test_runs_that_agree_are_fine_and_leave_nothing(workspace: Callable[..., Stage]) -> None:
    stage = workspace("succeeds")
    stage.run()
    before = {name: content for name, content in tree(stage.root).items() if "/cache/" not in name}

    ran = stage.portfolio("verify")

    assert (ran.code, ran.out.splitlines()[0]) == (0, "succeeds: 2 runs agree")
    assert {name: content for name, content in tree(stage.root).items() if "/cache/" not in name} == before


def test_a_number_that_moves_is_named(workspace: Callable[..., Stage]) -> None:
    stage = workspace("minimal")
    stage.write(
        SCRIPT, "import os\nfrom portfolio import log_metric\nlog_metric('odd', int.from_bytes(os.urandom(4), 'big'))\n"
    )

    ran = stage.portfolio("verify", "--json")

    assert ran.code == 1
    assert set(ran.projects["minimal"]["moved"]) == {"odd"}
    assert ran.projects["minimal"]["status"] == "moved"


def test_output_that_differs_is_told_and_is_no_failure(workspace: Callable[..., Stage]) -> None:
    stage = workspace("minimal")
    stage.write(SCRIPT, "import time\nprint(time.time_ns())\n")

    ran = stage.portfolio("verify", "--runs", "3")

    assert ran.code == 0
    assert "minimal: 3 runs agree" in ran.out
    assert "printed output" in ran.out


def test_a_failure_is_told(workspace: Callable[..., Stage]) -> None:
    ran = workspace("raises").portfolio("verify")

    assert ran.code == 1
    assert "raises: raised: " in ran.out


@needs_tracer
def test_what_a_started_program_reads_is_seen(workspace: Callable[..., Stage]) -> None:
    stage = workspace("minimal")
    stage.write("projects/_shared/rows.csv", "1\n")
    code = "open(''.join(['../_sha', 'red/ro', 'ws.csv'])).read()"
    stage.write(SCRIPT, f"import subprocess\nsubprocess.run([{sys.executable!r}, '-c', {code!r}], check=True)\n")

    ran = stage.portfolio("verify", "--json")

    assert ran.projects["minimal"]["unseen"] == ["../_shared/rows.csv"]
    assert ran.code == 1


@needs_tracer
def test_what_the_key_counts_is_not_named(workspace: Callable[..., Stage]) -> None:
    stage = workspace("_shared", "uses_shared", "succeeds")

    ran = stage.portfolio("verify", "--json")

    assert ran.code == 0
    assert [project["unseen"] for project in ran.projects.values()] == [[], []]
    assert all(project["traced"] for project in ran.projects.values())
