"""A build on a Dask cluster is a build: real scheduler, real workers, each in a folder of its own, and real faults."""

import json
import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from clusters import Dask, add_numbers, add_slow, dask_cluster, free_port, stored
from forking import wait_until
from stage import REPOSITORY, SECONDS, MakeStage, Ran, Stage, environment

WORKERS, PROJECTS, ROUNDS = 3, 12, 3


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    with dask_cluster(tmp_path_factory.mktemp("dask"), WORKERS) as started:
        yield started


def records(stage: Stage) -> dict[str, dict[str, Any]]:
    """Return all stored runs by the names of their folders, without what is another in every run."""
    found = {}
    for path in sorted((stage.root / "build" / "records").glob("*/*/record.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        del document["circumstances"]
        found[path.relative_to(stage.root / "build" / "records").parent.as_posix()] = document
    return found


def has_stored(stage: Stage, count: int) -> bool:
    return len(stored(stage)) >= count


def finish(process: "subprocess.Popen[str]") -> Ran:
    """Wait for a command that was started."""
    out, err = process.communicate(timeout=SECONDS)
    return Ran(code=process.returncode, out=out, err=err)


def test_a_killed_worker_costs_the_runs_it_had_and_nothing_else(
    dask: Dask, stage_in: MakeStage, tmp_path: Path
) -> None:
    alone = stage_in(tmp_path / "alone", "succeeds", "uses_shared", "raises", "_shared")
    slugs = add_numbers(alone, PROJECTS, seconds=0.2)
    assert alone.portfolio("run").code == 1
    expected = records(alone)
    chance = random.Random(7)  # noqa: S311 - nobody's secret

    for number in range(ROUNDS):
        stage = stage_in(tmp_path / str(number), "succeeds", "uses_shared", "raises", "_shared")
        add_numbers(stage, PROJECTS, seconds=0.2)
        running = stage.start("run", "--scheduler", dask.address)
        enough = chance.randrange(1, PROJECTS)
        wait_until(partial(has_stored, stage, enough))
        dask.kill(chance.choice(dask.workers))
        dask.join()
        ran = finish(running)

        assert ran.code == 1, ran.err  # `raises` does
        assert ran.err.count("✓ ") == PROJECTS + 2
        assert ran.err.count("run n") + ran.err.count("run succ") + ran.err.count("run uses") <= len(slugs) + 2 + 1
        assert records(stage) == expected
    wait_until(lambda: not dask.survivors())


def test_what_is_interrupted_goes_on_nowhere_and_is_continued(dask: Dask, stage_in: MakeStage, tmp_path: Path) -> None:
    stage = stage_in(tmp_path / "stage")
    add_numbers(stage, 4)
    add_slow(stage)
    running = stage.start("run", "--scheduler", dask.address)
    wait_until(lambda: len(stored(stage)) == 4 and bool(dask.survivors()))

    running.send_signal(signal.SIGINT)
    ended = finish(running)

    assert ended.code == 130
    assert "interrupted; nothing is left running" in ended.err
    assert not dask.survivors()
    stage.write("projects/slow/script.py", "print('quick now')\n")
    again = stage.portfolio("run", "--scheduler", dask.address, "--json")
    assert [slug for slug, status in again.statuses.items() if status == "ran"] == ["slow"]


def test_a_client_that_is_killed_leaves_nothing_running(dask: Dask, stage_in: MakeStage, tmp_path: Path) -> None:
    stage = stage_in(tmp_path / "stage")
    add_slow(stage)
    running = stage.start("run", "--scheduler", dask.address)
    wait_until(lambda: bool(dask.survivors()))

    running.kill()
    finish(running)

    wait_until(lambda: not dask.survivors())


def test_two_builds_on_one_cluster_do_not_disturb_each_other(dask: Dask, stage_in: MakeStage, tmp_path: Path) -> None:
    stages = [stage_in(tmp_path / name) for name in ("one", "two")]
    for stage in stages:
        add_numbers(stage, 4, seconds=0.1)

    ended = [finish(process) for process in [stage.start("run", "--scheduler", dask.address) for stage in stages]]

    assert [ran.code for ran in ended] == [0, 0]
    assert records(stages[0]) == records(stages[1])


def test_a_variable_of_the_author_reaches_no_worker(dask: Dask, stage_in: MakeStage, tmp_path: Path) -> None:
    stage = stage_in(tmp_path / "stage", "minimal")
    stage.write("projects/minimal/script.py", "import os\nprint(sorted(os.environ))\n")
    stage.write("projects/asks/spec.toml", 'title = "Asks"\nsummary = "It asks."\n[run]\nenv = ["A_SECRET"]\n')
    stage.write("projects/asks/script.py", "print(1)\n")

    ran = stage.portfolio(
        "run", "--scheduler", dask.address, "--json", variables={"A_SECRET": "swordfish", "LANGUAGE": "tlh"}
    )

    said = next(iter(records(stage).values()))["result"]["output"]
    assert "PORTFOLIO_RUN" in said
    assert "A_SECRET" not in said
    assert "'LANGUAGE'" not in said
    assert ran.projects["asks"]["failure"] == {
        "kind": "environment",
        "message": "A_SECRET, named by [run] env, is not set on the worker: set it where the workers start",
    }
    assert "swordfish" not in ran.out + ran.err


def test_a_scheduler_that_goes_away_is_said_and_what_had_finished_is_kept(stage_in: MakeStage, tmp_path: Path) -> None:
    stage = stage_in(tmp_path / "stage")
    slugs = add_numbers(stage, 3)
    add_slow(stage)
    stage.append("projects/slow/spec.toml", "[run]\nresources = {TPU = 1}\n")
    with dask_cluster(tmp_path / "dask", 0) as dask:
        dask.join(None, "--resources", "GPU=1")
        refused = stage.portfolio("run", "--scheduler", dask.address)
        stage.edit("projects/slow/spec.toml", "TPU", "GPU")
        running = stage.start("build", "--scheduler", dask.address)
        wait_until(lambda: stored(stage) == slugs and bool(dask.survivors()))
        assert dask.scheduler is not None
        dask.scheduler.kill()
        ended = finish(running)
        wait_until(lambda: not dask.survivors())

    assert refused.code == 2
    assert "projects/slow/spec.toml:run.resources: no worker offers TPU = 1" in refused.err
    assert ended.code == 3
    assert f"{dask.address}: the scheduler is gone; what had finished is stored" in ended.err
    assert set(stage.portfolio("run", *slugs, "--json").statuses.values()) == {"fresh"}


def test_a_cluster_that_stalls_is_said_and_nothing_runs_on(stage_in: MakeStage, tmp_path: Path) -> None:
    stage = stage_in(tmp_path / "stage")
    slugs = add_numbers(stage, 2)
    add_slow(stage)
    quick = {"DASK_DISTRIBUTED__CLIENT__HEARTBEAT": "400ms"}  # what stalls shows within seconds
    with dask_cluster(tmp_path / "dask", 1, quick) as dask:
        running = stage.start("run", "--scheduler", dask.address, variables=quick)
        wait_until(lambda: stored(stage) == slugs and bool(dask.survivors()))
        assert dask.scheduler is not None
        with stopped(dask.workers[0]):
            silent = line_with("not been heard", running)
        with stopped(dask.scheduler):
            ended = finish(running)
            wait_until(lambda: not dask.survivors())

    assert re.search(r"tcp://\S+: has not been heard of for \d+ s; the cluster gives it up within 300 s", silent)
    assert ended.code == 3
    assert f"{dask.address}: the scheduler has not answered for " in ended.err
    assert f"{dask.address}: the scheduler no longer answers; what had finished is stored" in ended.err


def line_with(words: str, process: "subprocess.Popen[str]") -> str:
    """Wait until a command says a line with these words; return it."""
    assert process.stderr is not None
    limit = Timer(SECONDS, process.kill)
    limit.start()
    try:
        return next((line for line in process.stderr if words in line), "")
    finally:
        limit.cancel()


@contextmanager
def stopped(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Let a process do nothing within the block, while its connections stay as they are."""
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


def test_a_run_that_takes_three_workers_with_it_has_failed(dask: Dask, stage_in: MakeStage, tmp_path: Path) -> None:
    stage = stage_in(tmp_path / "stage", "minimal")
    add_slow(stage)

    running = stage.start("run", "--scheduler", dask.address, "--json")
    for _ in range(3):
        wait_until(lambda: stored(stage) == ["minimal"] and bool(dask.busy()))
        dask.kill(dask.busy()[0])
        dask.join()
    ended = finish(running)

    assert ended.code == 1
    assert ended.statuses["minimal"] == "ran"
    assert ended.projects["slow"]["failure"] == {
        "kind": "worker_lost",
        "message": "3 workers were lost while it ran: does it take more memory than they have?",
    }
    wait_until(lambda: not dask.survivors())


def test_the_lines_of_the_page_lead_from_a_laptop_to_a_cluster(stage_in: MakeStage, tmp_path: Path) -> None:
    stage = stage_in(tmp_path / "stage", "succeeds")
    text = (REPOSITORY / "docs" / "cluster.md").read_text(encoding="utf-8")
    block = re.search(r"```console\n(.*?)```", text, re.DOTALL)
    assert block
    lines = [line.removeprefix("$ ") for line in block[1].splitlines()]
    port = str(free_port())
    listening = f"until (: < /dev/tcp/127.0.0.1/{port}) 2> /dev/null; do sleep 0.1; done"
    script = "\n".join(["trap 'kill $(jobs -p); wait' EXIT", *lines[1:-1], listening, lines[-1]]).replace("8786", port)

    ended = subprocess.run(
        ["bash", "-euc", script],
        cwd=stage.root,
        env=environment({"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )

    assert lines[0].startswith("pip install ")
    assert len(lines) <= 10
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count("1 project: 1 ran") == 2
    assert "2 workers, 2 runs at once" in ended.stderr
    assert ("dashboard: http" in ended.stderr) == bool(find_spec("bokeh"))  # without it Dask has no pages to show
    assert "91.25" in stage.page("succeeds")
    assert re.search(r"Recomputed on [-\d]+, on a \w+ \w+ worker of a Dask cluster\.", stage.page("succeeds"))
