"""The process between the build, or a zygote, and one script: it starts, watches and ends the script, and tells.

A fork of the zygote cannot be waited for by the build, whose child it is not. The keeper can, and it adopts whatever
the script leaves behind, so that nothing survives however it detached itself; a fresh interpreter is its own fork's
keeper. It counts what the run takes as a whole. Linux only.
"""

import ctypes
import json
import os
import select
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import count, takewhile
from typing import TYPE_CHECKING, NoReturn

from portfolio.log import RUN_FOLDER
from portfolio.running.bounds import Bounds, Watch
from portfolio.running.census import descendants, moves, shared_files

if TYPE_CHECKING:
    import socket  # 3 ms, which a fresh interpreter does not need

_PR_SET_DUMPABLE, _PR_SET_CHILD_SUBREAPER = 4, 36
_MESSAGE = 4096
_FIRST_LOOK, _SLOWEST_LOOK = 0.01, 0.05
_FREEZE_LOOK, _LONGEST_FREEZE = 0.002, 0.5
_LONGEST_END = 10.0
"""Seconds after which a run that forks faster than it is killed is left to the build's own sweep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a zygote is asked to fork for."""

    orders: str
    """The file of the worker's task."""
    folder: str
    run: str
    variables: Mapping[str, str]
    """What the libraries that this script imports set when they were imported."""


def fork_kept(
    order: Order, output: int, report: "socket.socket", channel: "socket.socket", is_current: Callable[[], bool]
) -> int:
    """Fork a keeper that forks the process of a script; return the keeper's number in that process, 0 in this one.

    Args:
        order: what to prepare for the script.
        output: the open file that takes what it prints.
        report: where the keeper tells `{"keeper"}` and at last `{"code", "cpu", "memory", "stopped"}`, and is told
            `{"bounds", "folders"}`: end it beyond those; and `{"grace"}`: end it by TERM, and so many seconds later by
            KILL. Where the other end is closed, it ends at once.
        channel: the zygote's own, closed in both.
        is_current: asked in the keeper, beside others; otherwise nothing is started, and it goes without a word.
    """
    try:
        if os.fork():
            return 0
    except OSError:
        return 0
    channel.close()
    keeper, shared = os.getpid(), frozenset(shared_files())
    script = _fork_script(is_current)
    if script:
        os.close(output)
        _keep(script, report.fileno(), shared)
    report.close()
    _prepare(order, output)
    return keeper


def _fork_script(is_current: Callable[[], bool]) -> int:
    """Fork; 0 in the new process. Where that fails there is nothing to keep, and the build runs the script itself."""
    if not is_current():
        os._exit(0)
    try:
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
        return os.fork()
    except OSError:
        os._exit(0)


def fork_below(report: int) -> int:
    """Make this process, a fresh interpreter, the keeper of a fork of itself; return its number in that fork."""
    keeper, shared = os.getpid(), frozenset(shared_files())
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
    script = os.fork()
    if script:
        _keep(script, report, shared)
    os.close(report)
    os.setsid()
    return keeper


def _keep(script: int, report: int, shared: frozenset[str]) -> NoReturn:
    """Watch the script to its end; `shared` names what lay in shared memory before it began."""
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0)  # nobody but root reads its memory or its variables
    try:
        ended = os.pidfd_open(script)
        os.write(report, json.dumps({"keeper": os.getpid()}).encode())
        stopped, watch = _wait(script, ended, report, shared)
        if watch:
            _freeze()  # what it makes in shared memory until it is killed would belong to nobody
            watch.claim()
        _signal(script, signal.SIGKILL)  # its group keeps its number until it is reaped
        if stopped:
            _kill_below()
        _, status, usage = os.wait4(script, 0)
        _end_orphans()
        if watch:
            watch.free()
        told = {"code": os.waitstatus_to_exitcode(status), "cpu": usage.ru_utime + usage.ru_stime, "stopped": stopped}
        os.write(report, json.dumps({**told, "memory": usage.ru_maxrss * 1024}).encode())
    finally:
        os._exit(0)


def _wait(script: int, ended: int, report: int, shared: frozenset[str]) -> tuple[str, Watch | None]:
    """Wait until the script has ended or has to; return the bound that the run is beyond, if it is, and who watched."""
    waiting = select.poll()
    waiting.register(ended, select.POLLIN)
    waiting.register(report, select.POLLIN)
    deadline, watch, pause = float("inf"), None, _FIRST_LOOK
    while (left := deadline - time.monotonic()) > 0:
        ready = {number for number, _ in waiting.poll(min(left, pause) * 1000)}
        if ended in ready:
            break
        if report in ready:
            message = os.read(report, _MESSAGE)
            if not message:
                break
            told = json.loads(message)
            if "grace" in told:
                for number in (signal.SIGTERM, signal.SIGCONT):  # who is stopped hears nothing else
                    _signal(script, number)
                deadline = time.monotonic() + float(told["grace"])
            else:
                watch = Watch(Bounds(**told["bounds"]), tuple(told["folders"]), shared)
        elif watch and (beyond := watch.exceeded()):
            return beyond, watch
        pause = min(pause * 2, _SLOWEST_LOOK)
    return "", watch


def _signal(script: int, number: signal.Signals) -> None:
    """Signal the script's group; the script alone where it is so young that it has none."""
    with suppress(PermissionError):
        try:
            os.killpg(script, number)
        except ProcessLookupError:
            with suppress(ProcessLookupError):
                os.kill(script, number)


def _end_orphans() -> None:
    """Kill what the script left behind, and what that does meanwhile."""
    deadline = time.monotonic() + _LONGEST_END
    with suppress(ChildProcessError):
        while time.monotonic() < deadline:
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)  # raises once there is nobody left
            _kill_below()
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _freeze() -> None:
    """Stop all there is below this process, and see that it stands; who does not within a moment is killed moving."""
    deadline = time.monotonic() + _LONGEST_FREEZE
    _signal_below(signal.SIGSTOP)
    while any(moves(pid) for pid in descendants(os.getpid())) and time.monotonic() < deadline:
        time.sleep(_FREEZE_LOOK)
        _signal_below(signal.SIGSTOP)  # also who was born meanwhile


def _kill_below() -> None:
    _signal_below(signal.SIGKILL)


def _signal_below(number: signal.Signals) -> None:
    """Signal all there is below this process, group by group: while a group is being signalled, none of it can fork."""
    own, pids = os.getpgid(0), descendants(os.getpid())
    groups = set()
    for pid in pids:
        with suppress(ProcessLookupError):
            groups.add(os.getpgid(pid))
    for group in groups - {own}:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def _prepare(order: Order, output: int) -> None:
    """Make this fork look like a fresh interpreter in a session of its own."""
    os.setsid()
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    os.chdir(order.folder)
    _show_run(order.run)
    os.environ[RUN_FOLDER] = order.run
    os.environ.update(order.variables)


def _show_run(run: str) -> None:
    """Write the run's folder over the zygote's placeholder, where /proc and so the supervisor's sweep see it."""
    label = f"{RUN_FOLDER}=".encode()
    variables = ctypes.POINTER(ctypes.c_void_p).in_dll(ctypes.CDLL(None), "environ")
    for address in takewhile(bool, (variables[index] for index in count())):
        if address and ctypes.string_at(address, len(label)) == label:
            room = len(ctypes.string_at(address)) - len(label)
            ctypes.memmove(address + len(label), os.fsencode(run).ljust(room, b"\0"), room)
