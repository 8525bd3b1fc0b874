"""Zygotes are started where they pay, forked where that is safe, and leave nothing behind."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread, Timer

import pytest
from forking import WHO, Run, Runs, descendants, is_alive, wait_until
from kernel import needs_linux
from stage import environment

from portfolio import files
from portfolio.running.preload import uses_of
from portfolio.running.supervisor import Interrupted
from portfolio.running.zygote import Zygotes

pytestmark = needs_linux

BUILD = """
import json, sys
from pathlib import Path
from threading import Event
from portfolio.running.forked import available
from portfolio.running.preload import uses_of
from portfolio.running.task import Limits, Place
from portfolio.running.zygote import Zygotes
place, folder, environment = Place(top=Path(sys.argv[1])), Path(sys.argv[2]), json.loads(sys.argv[3])
limits = Limits(seconds=600, memory=4 << 30, output=1 << 30)
with Zygotes(keep=True) as zygotes:
    zygotes.prepare([(environment, uses_of(folder))])
    (zygote,) = zygotes._zygotes.values()
    zygote.watch(place.orders, run=place.run, folder=folder, output=place.output, limits=limits, cancel=Event())
"""
HARMFUL = {
    "thread": "import threading, time\nthreading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n",
    "prints": "print('a word')\n",
    "warns": "import warnings\nwarnings.warn('old', DeprecationWarning, stacklevel=2)\n",
    "file": "import os\nkept = open(os.devnull)\n",
    "raises": "raise RuntimeError\n",
    "exits": "import os\nos._exit(0)\n",
}


@pytest.mark.parametrize("project", ["forks_a_daemon", "hangs", "ignores_sigterm"])
def test_nothing_survives_a_fork(runs: Runs, zygotes: Zygotes, project: str) -> None:
    run = runs.of(project, seconds=1.0)

    run.forked(zygotes)

    assert run.carriers() == []


def test_a_cancelled_fork_is_ended(runs: Runs, zygotes: Zygotes) -> None:
    run, cancel = runs.of("ignores_sigterm"), Event()
    Timer(0.5, cancel.set).start()

    with pytest.raises(Interrupted):
        run.forked(zygotes, cancel)

    assert run.carriers() == []


def test_a_fork_that_prints_without_end_is_ended(runs: Runs, zygotes: Zygotes) -> None:
    run = runs.of("prints_too_much", output=1 << 20)

    watched = run.forked(zygotes)

    assert watched.stopped == "output"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_run_whose_keeper_is_stopped_ends_with_it(runs: Runs, zygotes: Zygotes, number: int) -> None:
    detached = "import os, time\nprint(os.getppid())\nos.fork() or os.setsid()\nprint(os.getpid())\ntime.sleep(600)\n"
    run = runs.script(detached, seconds=2.0)
    Thread(target=_signal_keeper, args=(run, number)).start()

    watched = run.forked(zygotes)

    assert watched.code < 0
    assert run.carriers() == []
    wait_until(lambda: not any(is_alive(int(pid)) for pid in run.output.split()))


def _signal_keeper(run: Run, number: int) -> None:
    wait_until(lambda: len(run.output.split()) == 3)
    os.kill(int(run.output.split()[0]), number)


def test_a_killed_build_takes_its_forks_and_its_zygote_along(runs: Runs, tmp_path: Path) -> None:
    run = runs.script("import os, time\nos.fork() or os.setsid()\nprint('waiting', flush=True)\ntime.sleep(600)\n")
    files.write_text(tmp_path / "build.py", BUILD)
    arguments = [str(run.place.top), str(run.folder), json.dumps(run.environment)]
    build = subprocess.Popen([sys.executable, "-P", str(tmp_path / "build.py"), *arguments], env=environment())
    wait_until(lambda: run.place.output.is_file() and run.output.count("waiting") == 2)
    below = descendants(build.pid)

    build.kill()
    build.wait()

    assert len(below) == 4  # zygote, keeper, script and what it forked
    wait_until(lambda: not any(map(is_alive, below)))


@pytest.mark.parametrize("joblib", HARMFUL.values(), ids=HARMFUL)
def test_a_library_that_does_harm_when_imported_makes_all_interpreters_fresh(
    runs: Runs, tmp_path: Path, joblib: str
) -> None:
    files.write_text(tmp_path / "joblib.py", joblib)
    run = runs.script(WHO, {"PYTHONPATH": str(tmp_path)})
    files.write_text(run.folder / "other.py", "import joblib\n")

    with Zygotes(keep=True) as zygotes:
        zygotes.prepare([(run.environment, uses_of(run.folder))])
        watched = run.by(zygotes)

    assert watched.code == 0
    assert "portfolio.running.worker" in run.output


def test_a_library_that_changed_since_is_not_run_from_memory(runs: Runs, tmp_path: Path) -> None:
    library, variables = tmp_path / "joblib.py", {"PYTHONPATH": str(tmp_path)}
    files.write_text(library, "version = 1\n")
    first, second, third = (runs.script(f"import joblib\nprint(joblib.version)\n{WHO}", variables) for _ in range(3))

    with Zygotes(keep=True) as zygotes:
        zygotes.prepare([(first.environment, uses_of(first.folder))])
        first.by(zygotes)
        files.write_text(library, "version = 22\n")
        second.by(zygotes)
        zygotes.prepare([(third.environment, uses_of(third.folder))])
        third.by(zygotes)

    assert [run.output.split()[0] for run in (first, second, third)] == ["1", "22", "22"]
    assert ["zygote" in run.output for run in (first, second, third)] == [True, False, True]


def test_runs_share_a_zygote_only_if_they_share_their_environment(runs: Runs) -> None:
    script = f"import os\nprint(os.environ.get('DECLARED'))\n{WHO}"
    several = [runs.script(script, {"DECLARED": value}) for value in ("one", "two", "two", "one")]

    with Zygotes() as zygotes:
        zygotes.prepare([(run.environment, uses_of(run.folder)) for run in several])
        for run in several:
            run.by(zygotes)
        count = len(zygotes._zygotes)

    assert count == 2
    assert [run.output.split()[0] for run in several] == ["one", "two", "two", "one"]
    assert all("zygote" in run.output for run in several)


def test_a_zygote_that_lacks_a_library_is_replaced_by_one_that_has_all(runs: Runs) -> None:
    first, second = runs.script("import numpy\n"), runs.script(f"import joblib\n{WHO}")

    with Zygotes(keep=True) as zygotes:
        for run in (first, second):
            zygotes.prepare([(run.environment, uses_of(run.folder))])
            run.by(zygotes)
        (zygote,) = zygotes._zygotes.values()

    assert {"numpy", "joblib"} <= zygote.modules
    assert "zygote" in second.output


def test_a_single_run_is_worth_no_zygote_unless_it_is_kept(runs: Runs) -> None:
    run = runs.script(WHO)

    with Zygotes() as zygotes, Zygotes(keep=True) as kept:
        for each in (zygotes, kept):
            each.prepare([(run.environment, uses_of(run.folder))])

        assert [len(each._zygotes) for each in (zygotes, kept)] == [0, 1]


def test_runs_of_several_threads_get_fresh_interpreters(runs: Runs, tmp_path: Path) -> None:
    run = runs.script(WHO)

    with Zygotes(keep=True) as zygotes:
        zygotes.prepare([(runs.variables(tmp_path, threads=2), uses_of(run.folder))])

        assert not zygotes._zygotes


def test_a_module_path_relative_to_the_run_gets_fresh_interpreters(runs: Runs) -> None:
    run = runs.script(WHO, {"PYTHONPATH": "src"})

    with Zygotes(keep=True) as zygotes:
        zygotes.prepare([(run.environment, uses_of(run.folder))])

        assert not zygotes._zygotes


def test_little_memory_beside_what_the_zygote_holds_gets_a_fresh_interpreter(runs: Runs, zygotes: Zygotes) -> None:
    run = runs.script(WHO)
    run = replace(run, limits=replace(run.limits, memory=300 << 20))

    run.by(zygotes)

    assert "portfolio.running.worker" in run.output
