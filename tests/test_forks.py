"""A run forked from a zygote gives what a fresh interpreter gives."""

import json
import os
import select
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from forking import Runs
from kernel import needs_linux
from stage import SECONDS

from portfolio import files
from portfolio.log import RUN_FOLDER
from portfolio.running import census
from portfolio.running.forked import Forked
from portfolio.running.task import Limits
from portfolio.running.worker_result import RESULT
from portfolio.running.zygote import Zygotes

pytestmark = needs_linux

ALIKE = (
    *("asks_for_input", "draws_random_numbers", "draws_two_figures", "exits_with_code", "hangs", "ignores_sigterm"),
    *("exits_zero_without_result", "fails_to_download", "forks_a_daemon", "knows_nothing_of_us", "logs_nan"),
    *("prints_3_mb", "raises", "runs_in_parallel", "segfaults", "shadows_stdlib", "shows_its_surroundings", "succeeds"),
    *("swaps_arguments", "syntax_error", "uses_shared"),
)
SECRETIVE = {
    "random": "import random, sklearn.linear_model\nprint(random.random())\n",
    "random of its own seed": "import random\nrandom.seed(5)\nimport rich.style\nprint(random.random())\n",
    "variables": "import os, sklearn\nprint(sorted(os.environ))\n",
    "depth": """
import sys
def deeper(n=0):
    try:
        return deeper(n + 1)
    except RecursionError:
        return n
print(deeper())
""",
    "exit": """
import atexit, threading, time
atexit.register(print, "at exit")
threading.Thread(target=lambda: (time.sleep(0.2), print("thread"))).start()
class Last:
    def __del__(self):
        print("deleted")
last = Last()
""",
    "C": "import ctypes\nctypes.CDLL(None).printf(b'by C')\n",
    "surroundings": """
import os, sys
print(sys.argv, sys.path, sys.flags, os.getsid(0) == os.getpid(), sys.stdin.isatty(), os.umask(0), os.getcwd())
print(sorted(os.listdir("/proc/self/fd")), __builtins__, type(sys.stdout.buffer), sys.stdout.write_through)
""",
    "signals": "import signal\nprint([signal.getsignal(number) for number in signal.valid_signals()])\n",
    "child": "import subprocess, sys\nprint(subprocess.check_output([sys.executable, '-c', 'print(1)']))\n",
    "warnings": "import warnings\nwarnings.warn('old', DeprecationWarning)\nwarnings.warn('new')\nprint('warned')\n",
    "style": "import matplotlib.pyplot as plt\nprint(plt.rcParams)\n",
}


@pytest.mark.parametrize("project", ALIKE)
def test_a_fork_gives_what_a_fresh_interpreter_gives(runs: Runs, zygotes: Zygotes, project: str) -> None:
    seconds = 1.0 if project in ("hangs", "ignores_sigterm") else SECONDS
    fresh, forked = runs.of(project, seconds=seconds), runs.of(project, seconds=seconds)

    before, after = fresh.by(Zygotes()), forked.forked(zygotes)

    assert forked.left() == fresh.left()
    assert (after.code, after.stopped) == (before.code, before.stopped)


@pytest.mark.parametrize("script", SECRETIVE.values(), ids=SECRETIVE)
def test_a_script_cannot_tell_a_fork_from_a_fresh_interpreter(runs: Runs, zygotes: Zygotes, script: str) -> None:
    fresh, forked = runs.script(script), runs.script(script)

    fresh.by(Zygotes())
    forked.forked(zygotes)

    assert forked.left() == fresh.left()
    assert forked.output


@pytest.mark.parametrize(
    ("script", "other"),
    [
        ("import matplotlib\nprint(matplotlib.pyplot)\n", "other.py"),
        ("import urllib\nprint(urllib.request)\n", "other.py"),
        ("import joblib\nprint(joblib.__file__)\n", "joblib.py"),
        ("import sys\nsys.path.insert(0, 'src')\nimport socket\nprint(socket.__file__)\n", "src/socket.py"),
    ],
    ids=["a library's part", "a part of Python", "a name of a library", "a name of Python's"],
)
def test_a_script_that_modules_of_others_would_mislead_is_not_forked(
    runs: Runs, zygotes: Zygotes, script: str, other: str
) -> None:
    fresh, maybe = runs.script(script), runs.script(script)
    for run in (fresh, maybe):
        files.write_text(run.folder / other, "")

    fresh.by(Zygotes())
    maybe.by(zygotes)

    assert maybe.left() == fresh.left()


def test_what_is_forked_carries_its_run_where_others_look_for_it(runs: Runs, zygotes: Zygotes) -> None:
    run = runs.script("print(open('/proc/self/environ').read().split('\\0'))\n")

    run.forked(zygotes)

    assert f"'{RUN_FOLDER}=TOP/run'" in run.output


def test_a_fork_is_held_to_its_limit_of_memory(runs: Runs, zygotes: Zygotes) -> None:
    run = runs.of("exhausts_memory", memory=1 << 30)

    run.forked(zygotes)

    assert json.loads((run.place.run / RESULT).read_text())["failure"]["kind"] == "out_of_memory"


def test_a_warning_about_an_import_is_of_the_script_that_imports(runs: Runs, tmp_path: Path) -> None:
    files.write_text(tmp_path / "loud.py", "import warnings\nwarnings.warn('old', DeprecationWarning, stacklevel=2)\n")
    run = runs.script("import loud\n", {"PYTHONPATH": str(tmp_path)})

    run.by(Zygotes())

    assert b'"statement": 0' in run.left()["log.jsonl"]


def test_a_script_that_ended_before_its_bounds_arrived_ended_as_its_keeper_says(tmp_path: Path) -> None:
    ours, keepers = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    output = tmp_path / "output"
    output.touch()
    limits = Limits(seconds=60, memory=1 << 30, output=1 << 20)
    forked = Forked(report=ours, run=tmp_path / "run", output=output, limits=limits, cancel=Event())
    keepers.send(json.dumps({"keeper": os.getpid()}).encode())

    def end_unheard() -> None:
        select.select([keepers], [], [])
        keepers.send(json.dumps({"code": 0, "cpu": 0.5, "memory": 1, "stopped": ""}).encode())
        keepers.close()

    with ours, ThreadPoolExecutor(1) as pool:
        ended = pool.submit(end_unheard)
        watched = forked.watch()
        ended.result()

    assert watched is not None
    assert (watched.code, watched.cpu_seconds) == (0, 0.5)


OPENS_SHARED_MEMORY = """
import os, sys, time
from portfolio.running.keeper import fork_below
fork_below(int(sys.argv[1]))
kept = open(f"/dev/shm/hostile-early-{sys.argv[2]}", "wb", buffering=0)
kept.write(bytes(4 << 20))
time.sleep(60)
"""


def test_shared_memory_that_a_script_took_before_its_bounds_arrived_is_its_own() -> None:
    ours, keepers = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    taken = Path(census.SHARED_MEMORY, f"hostile-early-{os.getpid()}")
    words = [sys.executable, "-c", OPENS_SHARED_MEMORY, str(keepers.fileno()), str(os.getpid())]

    with ours, subprocess.Popen(words, pass_fds=[keepers.fileno()]):
        keepers.close()
        ours.settimeout(SECONDS)
        assert json.loads(ours.recv(4096))["keeper"]
        while not taken.exists() or taken.stat().st_size < 4 << 20:
            pass
        bounds = {"memory": 1 << 20, "processes": 9, "disk": 1 << 30}
        ours.send(json.dumps({"bounds": bounds, "folders": []}).encode())
        told = json.loads(ours.recv(4096))

    assert told["stopped"] == "memory"
    assert not taken.exists()
