"""Figures of runs on a cluster and of large sites: `python tests/cluster_figures.py NAME`.

A scheduler and workers are started on loopback, each in a folder of its own. Nothing here is a test; run it on a quiet
machine.
"""

# ruff: noqa: T201 - a command prints

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event

from clusters import Dask, add_numbers, dask_cluster, stored
from forking import descendants, wait_until
from stage import SECONDS, Stage

from portfolio import folders
from portfolio.cluster.bundles import unbundle
from portfolio.cluster.checking import Needs
from portfolio.cluster.dask import connected
from portfolio.cluster.order import unpack_ended
from portfolio.cluster.perform import Host, perform
from portfolio.distributing import Sending
from portfolio.planned import make_plan
from portfolio.planning.packages import installed
from portfolio.reading import Options, read
from portfolio.reporting import Silent
from portfolio.running.zygote import Zygotes
from portfolio.workspace.root import Workspace


def main() -> int:
    """Print the figures asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("figure", choices=["kills", "stalls", "overhead", "thousand", "parts", "scale"])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--projects", type=int, default=0, help="40 for faults, 200 for overhead, 1,000 for thousand")
    parser.add_argument("--workers", type=int, default=0, help="3 for faults, 1 for overhead, the cores for thousand")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # scheduler and workers end with this command
    top = Path(tempfile.mkdtemp(prefix="cluster-figures-"))
    try:
        if asked.figure in _LOSE:
            return _faults(top, asked.figure, asked.rounds, asked.projects or 40, asked.workers or 3)
        if asked.figure == "parts":
            return _parts(top)
        if asked.figure == "scale":
            return _scale(top)
        workers = asked.workers or (1 if asked.figure == "overhead" else os.cpu_count() or 1)
        return _beside_local(top, asked.projects or (200 if asked.figure == "overhead" else 1000), workers)
    finally:
        shutil.rmtree(top, ignore_errors=True)


def _kill(dask: Dask, worker: "subprocess.Popen[bytes]") -> Callable[[], object]:
    dask.kill(worker)
    return lambda: None


def _stop(dask: Dask, worker: "subprocess.Popen[bytes]") -> Callable[[], object]:
    """Stop a worker, whose connections stay; return what lets it go on, and waits until it has ended of itself."""
    dask.workers.remove(worker)
    worker.send_signal(signal.SIGSTOP)

    def go_on() -> None:
        worker.send_signal(signal.SIGCONT)
        worker.wait(SECONDS)
        wait_until(lambda: not dask.survivors())

    return go_on


_LOSE = {"kills": _kill, "stalls": _stop}


def _faults(top: Path, figure: str, rounds: int, projects: int, workers: int) -> int:
    """Lose a worker at a random moment of each round; compare what is stored with a local build's."""
    chance = random.Random(0)  # noqa: S311 - nobody's secret
    alone = _stage(top / "alone", projects, 0.2)
    alone.portfolio("run")
    expected, bad, repeated = _records(alone), 0, []
    with dask_cluster(top / "dask", workers, {"DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "5s"}) as dask:
        for number in range(rounds):
            stage = _stage(top / f"round-{number}", projects, 0.2)
            again, is_same = _round(stage, dask, chance.uniform(0, projects), expected, _LOSE[figure])
            repeated.append(again)
            bad += not is_same
            print(f"round {number + 1}: {again} run again, records {'equal' if is_same else 'DIFFER'}", flush=True)
            shutil.rmtree(stage.root)
    print(f"{figure}: {rounds} rounds of {projects} runs on {workers} workers, one lost in each: {bad} with other")
    print(f"records than a local build; run again {sum(repeated)} in all, at most {max(repeated)} in a round")
    return 1 if bad else 0


def _round(
    stage: Stage,
    dask: Dask,
    moment: float,
    expected: dict[str, object],
    lose: Callable[[Dask, "subprocess.Popen[bytes]"], Callable[[], object]],
) -> tuple[int, bool]:
    running = stage.start("run", "--scheduler", dask.address)
    enough = int(moment)
    wait_until(lambda: running.poll() is not None or len(stored(stage)) >= enough)
    time.sleep(moment % 1 * 0.2)
    go_on = lose(dask, dask.workers[int(moment * 1000) % len(dask.workers)])
    dask.join()
    _, said = running.communicate(timeout=SECONDS)
    go_on()
    began = sum(line.startswith("run n") for line in said.splitlines())
    once = sum(line.startswith("✓ n") for line in said.splitlines()) == len(expected)
    return began - len(expected), running.returncode == 0 and once and _records(stage) == expected


def _beside_local(top: Path, projects: int, workers: int) -> int:
    """Time tiny projects locally and on as many workers; fewer of them too, so that the start is not counted."""
    few = max(projects // 10, 10)
    times: dict[tuple[str, int], float] = {}
    with dask_cluster(top / "dask", workers) as dask:
        for count in (few, projects):
            for where in (("--jobs", str(workers)), ("--scheduler", dask.address)):
                stage = _stage(top / f"{where[0][2:]}-{count}", count, 0.0)
                began = time.monotonic()
                ran = stage.portfolio("-q", "run", *where)
                times[where[0], count] = time.monotonic() - began
                if ran.code:
                    print(ran.err, file=sys.stderr)
                    return 1
                shutil.rmtree(stage.root)
    print(f"{'':12}{few:>8} runs{projects:>8} runs   each beyond the first {few}")
    each = {}
    for name, option in (("local", "--jobs"), ("cluster", "--scheduler")):
        each[name] = (times[option, projects] - times[option, few]) / (projects - few)
        print(f"{name:12}{times[option, few]:>11.2f} s{times[option, projects]:>11.2f} s   {each[name] * 1000:.1f} ms")
    whole = times["--scheduler", projects] / times["--jobs", projects]
    more = (each["cluster"] - each["local"]) * 1000
    print(f"{workers} at once: {more:.1f} ms more each; {whole:.2f} times as long in all")
    return 0


def _parts(top: Path) -> int:
    """Time what a run on a cluster costs beside the run: the least of many times, as other work here only adds."""
    stage = _stage(top / "parts", 1, 0.0)
    workspace, options = Workspace(stage.root), Options()
    step = (plan := make_plan(workspace, read(workspace, options), options, Silent(), Zygotes())).steps[0]
    sent = next(Sending(plan.execution, plan.steps, {}).orders())
    cache = top / "host" / "cache"
    with Zygotes() as zygotes:
        host = Host(home=top / "host", packages=installed(cache), zygotes=zygotes)
        returned = perform(sent.order, sent.bundle, b"", host, Event())
    print(f"order {len(sent.order):,} bytes, bundle {len(sent.bundle):,}, result {len(returned):,}")

    def keep() -> None:
        with plan.execution.scratch(step.project) as place:
            plan.execution.keeping.keep(step, unpack_ended(returned, place.run))

    def unpacked() -> None:
        with plan.execution.scratch(step.project) as place:
            unbundle(sent.bundle, json.loads(sent.order)["bundle"], place.root)

    def passed() -> None:
        client.submit(len, sent.order + sent.bundle, pure=False).result()

    with dask_cluster(top / "dask", 1) as dask, connected(dask.address, 1) as cluster:
        client = cluster.client
        cluster.demand(Needs(distributions={}), {})
        for name, part in (
            ("bundle and order", lambda: next(Sending(plan.execution, plan.steps, {}).orders())),
            ("there and back by Dask", passed),
            ("unpack on the worker", unpacked),
            ("take, verify and store", keep),
        ):
            print(f"{name:24}{min(_seconds(part) for _ in range(40)) * 1000:6.1f} ms")
    return 0


def _seconds(part: Callable[[], object]) -> float:
    began = time.perf_counter()
    part()
    return time.perf_counter() - began


def _scale(top: Path) -> int:
    """Time a site of 10, 100 and 1,000 stored projects, and say what the largest process of it held."""
    print(f"{'projects':>8}{'plan':>10}{'first site':>12}{'one changed':>13}{'nothing':>10}{'memory':>10}")
    for count in (10, 100, 1000):
        stage = _stage(top / f"scale-{count}", count, 0.0)
        stage.portfolio("-q", "run")
        planned, _ = _timed(stage, "-q", "plan")
        first, held = _timed(stage, "-q", "build")
        stage.edit("projects/n0003/spec.toml", "Number 3", "Number three")
        changed, _ = _timed(stage, "-q", "build")
        nothing, _ = _timed(stage, "-q", "build")
        print(
            f"{count:>8}{planned:>8.2f} s{first:>10.2f} s{changed:>11.2f} s{nothing:>8.2f} s{held >> 20:>6} MiB",
            flush=True,
        )
        shutil.rmtree(stage.root)
    return 0


def _timed(stage: Stage, *arguments: str) -> tuple[float, int]:
    """Run a command; return its seconds and the bytes of the largest process of it."""
    process = stage.start(*arguments)
    began, held = time.monotonic(), 0
    while process.poll() is None:
        for pid in (process.pid, *descendants(process.pid)):
            with suppress(OSError, IndexError, ValueError):
                held = max(held, int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096)
        time.sleep(0.05)
    seconds = time.monotonic() - began
    process.communicate()
    return seconds, held


def _stage(root: Path, projects: int, seconds: float) -> Stage:
    stage = Stage(root)
    stage.projects.mkdir(parents=True)
    (root / "build" / "cache").mkdir(parents=True)
    (root / "build" / "cache" / folders.MARKER).touch()
    add_numbers(stage, projects, seconds)
    return stage


def _records(stage: Stage) -> dict[str, object]:
    found = {}
    for path in sorted((stage.root / "build" / "records").glob("*/*/record.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        del document["circumstances"]
        found[path.parent.parent.name] = document
    return found


if __name__ == "__main__":
    raise SystemExit(main())
