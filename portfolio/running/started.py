"""Start this process's Python a second time, with what is installed for it, which may run code when it starts.

Guards outlive that. What was read and found out before goes along in an open file that has no name.
"""

import json
import os
import sys
import tempfile
from typing import NoReturn

from portfolio.running.task import Task
from portfolio.values import codec

AGAIN = "again"
"""The argument by which the worker knows that it is the second time."""


def start_again(task: Task, notes: tuple[str, ...]) -> NoReturn:
    """Replace this process by the worker that carries out `task`, guarded but for `notes`."""
    with tempfile.TemporaryFile() as told:
        told.write(json.dumps({"task": codec.dumps(task), "notes": notes}).encode())
        told.flush()
        os.set_inheritable(told.fileno(), True)
        worker = [sys.executable, "-P", "-m", "portfolio.running.worker", AGAIN, str(told.fileno())]
        os.execv(sys.executable, worker)  # noqa: S606 - the same program


def told_before(descriptor: int) -> tuple[Task, tuple[str, ...]]:
    """Return what the open file of that number holds."""
    with os.fdopen(descriptor, "rb") as told:
        told.seek(0)
        found = json.load(told)
    return codec.loads(Task, found["task"]), tuple(found["notes"])
