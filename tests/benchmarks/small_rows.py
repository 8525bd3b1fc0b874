"""Rows of the budget about the tool alone: nothing to do, help, a thousand stored projects, memory of workers."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from environments import OURS
from measuring import Cost, run
from own_projects import IDLE, SMALL
from rounds import Action, Bench, make_bench, measure
from rows import NotMeasuredError, Row

from projects import FIRST_SEED, slugs

FORBIDDEN = {"mkdocs", "jinja2", "git", "pydantic", "rich"}
"""Too dear to import only to say that there is nothing to do."""
NOTHING_TO_DO = {10: 0.10, 100: 0.12, 1000: 0.25}
TIMES = 5
_FEW, _MANY = 2, 6
_MAIN = "from portfolio.cli.main import main; raise SystemExit(main())"


def many_projects(counts: Sequence[int], work: Path) -> Iterator[Row]:
    """Build workspaces of `counts` small projects once, then measure builds that have no script to run."""
    for count in counts:
        bench = replace(make_bench(SMALL, OURS, work), folder=work / f"small-{count}")
        bench.folder.mkdir(exist_ok=True)
        built = measure(bench, Action.COLD, slugs(count), FIRST_SEED)
        if built.cost.code or built.stale:
            raise NotMeasuredError(f"{count} projects: the first build failed, see {bench.output}")
        costs = [_build(bench, count) for _ in range(TIMES)]
        allowed = next((most for size, most in NOTHING_TO_DO.items() if size >= count), max(NOTHING_TO_DO.values()))
        wall = median(cost.wall for cost in costs)
        first = f"first build {built.cost.wall:.1f} s, {built.cost.memory:.0f} MB"
        yield Row(what=f"nothing to do, {count} projects", budget=allowed, measured=wall, unit="s", note=first)
        if count == counts[0]:
            yield _imports(bench)
        if count == counts[-1]:
            yield from _all_stored(bench, count)


def _all_stored(bench: Bench, count: int) -> Iterator[Row]:
    for lost in (("site", "docs"), ("site",)):
        for name in lost:
            shutil.rmtree(bench.root / "build" / name)
        cost = _build(bench, count)
        what = f"{count} projects, all stored, without build/{' and build/'.join(lost)}"
        yield Row(what=what, budget=15, measured=cost.wall, unit="s")
        yield Row(what=f"{what}: memory", budget=500, measured=cost.memory, unit="MB")


def _build(bench: Bench, count: int) -> Cost:
    """Build where no script may run; return what it took."""
    built = measure(bench, Action.NOTHING, slugs(count), FIRST_SEED)
    if built.cost.code or built.runs:
        raise NotMeasuredError(f"a build with nothing to run ran {built.runs} scripts, exit code {built.cost.code}")
    return built.cost


def _imports(bench: Bench) -> Row:
    """Count the forbidden libraries that a build with nothing to do imports, by Python's own account."""
    command = [sys.executable, "-P", "-X", "importtime", "-c", _MAIN, "-q", "build"]
    ended = subprocess.run(
        command, cwd=bench.root, env=dict(bench.variables), capture_output=True, text=True, check=True
    )
    lines = re.findall(r"^import time:\s+(\d+) \|\s+\d+ \| +(\S+)$", ended.stderr, re.MULTILINE)
    spent: dict[str, int] = {}
    for microseconds, module in lines:
        top = module.partition(".")[0]
        spent[top] = spent.get(top, 0) + int(microseconds)
    foreign = sorted(spent.keys() - sys.stdlib_module_names, key=lambda top: -spent[top])
    note = f"{len(lines)} modules; " + ", ".join(f"{top} {spent[top] / 1000:.0f} ms" for top in foreign[:8])
    what = f"of {', '.join(sorted(FORBIDDEN))} imported with nothing to do"
    return Row(what=what, budget=0, measured=len(FORBIDDEN & spent.keys()), unit="libraries", note=note)


def quick_answers(work: Path) -> Iterator[Row]:
    """Measure what is asked for without a workspace."""
    bench = make_bench(SMALL, OURS, work)
    for option in ("--help", "--version"):
        costs = [
            run(("portfolio", option), folder=bench.folder, variables=bench.variables, log=bench.output)
            for _ in range(2 * TIMES)
        ]
        yield Row(what=f"`{option}`", budget=0.10, measured=median(cost.wall for cost in costs), unit="s")


def memory(work: Path) -> Iterator[Row]:
    """Measure what a worker adds and what is there without any, by builds with few and with many workers at once.

    The scripts import what projects import and hold nothing of their own.
    """
    bench = make_bench(IDLE, OURS, work)
    built = measure(bench, Action.COLD, slugs(_MANY), FIRST_SEED)
    if built.cost.code or built.stale:
        raise NotMeasuredError(f"the build with idle scripts failed, see {bench.output}")
    few, many = (_forced(bench, jobs) for jobs in (_FEW, _MANY))
    worker = (many.memory - few.memory) / (_MANY - _FEW)
    seen = f"{few.memory:.0f} MB with {_FEW} workers, {many.memory:.0f} MB with {_MANY}"
    yield Row(what="memory of a worker", budget=30, measured=worker, unit="MB", note=seen)
    rest = few.memory - _FEW * worker
    yield Row(what="memory beside the workers", budget=200, measured=rest, unit="MB")


def _forced(bench: Bench, jobs: int) -> Cost:
    command = ("portfolio", "build", "--force", "-j", str(jobs))
    return run(command, folder=bench.root, variables=bench.variables, log=bench.output)
