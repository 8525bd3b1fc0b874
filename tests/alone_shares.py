"""Work is shared out among the cores where that is safe, and comes to the same as work done here."""

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

import pytest
from stage import SECONDS

from portfolio.shares import FEWEST, shared_out

MANY = range(FEWEST + 1)
HERE = os.getpid()
HANGS = """
import os, sys, time
from portfolio.shares import FEWEST, shared_out

def told(number):
    if os.getpid() != here:
        print(os.getpid(), flush=True)
        time.sleep(600)

here = os.getpid()
shared_out(told, range(FEWEST))
time.sleep(600)
"""


@contextmanager
def another_thread() -> Iterator[None]:
    """Let this process have one thread more."""
    done = Event()
    thread = Thread(target=done.wait)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def squared(number: int) -> tuple[int, int]:
    return number * number, os.getpid()


def test_results_come_in_order_from_every_core() -> None:
    found = shared_out(squared, MANY)

    assert [square for square, _ in found] == [number * number for number in MANY]
    assert len({worker for _, worker in found}) == len(os.sched_getaffinity(0))


def test_few_things_and_a_process_with_threads_have_no_fork() -> None:
    with another_thread():
        threaded = shared_out(squared, MANY)

    assert {worker for _, worker in (*threaded, *shared_out(squared, MANY[1:][:-1]))} == {os.getpid()}
    assert shared_out(squared, []) == []


def _dies(number: int) -> int:
    if os.getpid() != HERE and number == MANY[-2]:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def _raises_in_forks(number: int) -> int:
    if os.getpid() != HERE:
        raise MemoryError
    return number


def _answers_strangely(number: int) -> object:
    return number if os.getpid() == HERE else (lambda: number)


@pytest.mark.parametrize("function", [_dies, _raises_in_forks, _answers_strangely])
def test_the_share_of_a_fork_that_is_lost_is_done_here(function: object) -> None:
    assert shared_out(function, MANY) == list(MANY)  # type: ignore[arg-type]


def test_where_no_fork_can_be_made_all_is_done_here() -> None:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, limits[1]))
    kept = []
    with suppress(OSError):
        while True:
            kept.append(os.open("/", os.O_RDONLY))
    os.close(kept.pop())  # one is left, and a pipe takes two
    try:
        found = shared_out(squared, MANY)
    finally:
        for each in kept:
            os.close(each)
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)

    assert found == [(number * number, os.getpid()) for number in MANY]


@pytest.mark.parametrize("wrong", [0, 1])
def test_what_is_wrong_with_a_thing_is_raised_here_and_no_fork_is_left(wrong: int) -> None:
    def checked(number: int) -> int:
        if number == wrong:
            raise KeyError(number)
        return number

    with pytest.raises(KeyError, match=str(wrong)):
        shared_out(checked, MANY)

    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="there is one core")
def test_a_fork_goes_with_who_made_it() -> None:
    with subprocess.Popen([sys.executable, "-c", HANGS], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        fork = Path("/proc", process.stdout.readline().strip())
        assert fork.is_dir()
        process.kill()
        process.wait()

        deadline = time.monotonic() + SECONDS
        while fork.is_dir() and time.monotonic() < deadline:
            time.sleep(0.01)

    assert not fork.is_dir()
