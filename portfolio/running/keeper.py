"""The process between a zygote and one script: it starts the script, waits, ends it and what is left of it, and tells.

A fork of the zygote cannot be waited for by the build, whose child it is not. The keeper can, and it adopts whatever
the script leaves behind, so that nothing survives however it detached itself. Linux only.
"""

import ctypes
import json
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import count, takewhile
from pathlib import Path
from typing import NoReturn

from portfolio.log import RUN_FOLDER

_PR_SET_CHILD_SUBREAPER = 36
_MESSAGE = 4096


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
    order: Order, output: int, report: socket.socket, channel: socket.socket, is_current: Callable[[], bool]
) -> int:
    """Fork a keeper that forks the process of a script; return the keeper's number in that process, 0 in this one.

    Args:
        order: what to prepare for the script.
        output: the open file that takes what it prints.
        report: where the keeper tells `{"keeper"}` and at last `{"code", "cpu", "memory"}`, and takes `{"grace"}`:
            end it by TERM, and so many seconds later by KILL. Where the other end is closed, it ends at once.
        channel: the zygote's own, closed in both.
        is_current: asked in the keeper, beside others; otherwise nothing is started, and it goes without a word.
    """
    try:
        if os.fork():
            return 0
    except OSError:
        return 0
    channel.close()
    keeper = os.getpid()
    script = _fork_script(is_current)
    if script:
        os.close(output)
        _keep(script, report)
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


def _keep(script: int, report: socket.socket) -> NoReturn:
    try:
        ended = os.pidfd_open(script)
        report.send(json.dumps({"keeper": os.getpid()}).encode())
        _wait(script, ended, report)
        _signal(script, signal.SIGKILL)  # its group keeps its number until it is reaped
        _, status, usage = os.wait4(script, 0)
        _end_orphans()
        told = {"code": os.waitstatus_to_exitcode(status), "cpu": usage.ru_utime + usage.ru_stime}
        report.send(json.dumps({**told, "memory": usage.ru_maxrss * 1024}).encode())
    finally:
        os._exit(0)


def _wait(script: int, ended: int, report: socket.socket) -> None:
    """Wait until the script has ended or has to."""
    waiting = select.poll()
    waiting.register(ended, select.POLLIN)
    waiting.register(report, select.POLLIN)
    deadline = float("inf")
    while (left := deadline - time.monotonic()) > 0:
        ready = {number for number, _ in waiting.poll(left * 1000 if left < float("inf") else None)}
        if ended in ready:
            return
        if report.fileno() in ready:
            message = report.recv(_MESSAGE)
            if not message:
                return
            _signal(script, signal.SIGTERM)
            deadline = time.monotonic() + float(json.loads(message)["grace"])


def _signal(script: int, number: signal.Signals) -> None:
    """Signal the script's group; the script alone where it is so young that it has none."""
    with suppress(PermissionError):
        try:
            os.killpg(script, number)
        except ProcessLookupError:
            with suppress(ProcessLookupError):
                os.kill(script, number)


def _end_orphans() -> None:
    """Kill what the script left behind; each one's own children are adopted in turn."""
    with suppress(ChildProcessError, PermissionError):
        while True:
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)  # raises once there is nobody left
            children = _children()
            if not children:
                return
            for pid in children:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def _children() -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1]
            if int(parent) == os.getpid():
                found.append(int(path.parent.name))
    return found


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
