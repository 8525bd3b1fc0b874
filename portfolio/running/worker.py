"""The process that runs one script: `python -P -m portfolio.running.worker ORDERS PARENT [FD]`, or a fork of a zygote.

With a number of an open file that leads to the build, it forks, and keeps the fork that runs the script.

The script sees what it would see under `python script.py`: its own `__main__`, its folder first on the import path,
its folder as working directory. Around it stand limits, seeds and the capture of figures, files and warnings.
"""

import builtins
import json
import os
import subprocess
import sys
import time
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from portfolio import files, literate, log
from portfolio.running import guards, hooks, notebook, observe, outputs
from portfolio.running.blame import describe
from portfolio.running.capture import FigureCapture
from portfolio.running.keeper import fork_below
from portfolio.running.leaving import leave
from portfolio.running.listing import Listing, PlacingLog
from portfolio.running.literate_script import run_cells
from portfolio.running.task import Task
from portfolio.running.worker_result import RESULT
from portfolio.values import codec


def main(orders: Path, parent: int) -> int:
    """Carry out the orders in a file, for as long as the process numbered `parent` lives; return the exit code."""
    task = codec.loads(Task, orders.read_bytes())
    orders.unlink()
    notes = guards.enter(task, parent)
    if notes and task.required:
        _write_result(Path(task.run), task.nonce, guards.refusal(notes), 0.0, notes)
        return 1
    folder, run = Path(task.project), Path(task.run)
    (run / log.INPUTS).write_text(json.dumps(_inputs(task)), encoding="utf-8")
    is_notebook = literate.is_notebook(task.script) and not task.command
    began = time.perf_counter()
    failure = _run_notebook(folder / task.script, task) if is_notebook else _run_captured(folder, task)
    _write_result(run, task.nonce, failure, time.perf_counter() - began, notes)
    return 0 if failure is None else 1


def _run_notebook(script: Path, task: Task) -> dict[str, Any] | None:
    """Run a notebook, or show what it was saved with; what stands around a script stands around its kernel."""
    writer = log.Log(Path(task.run), inputs={}, echo=False)
    try:
        found = literate.notebook_cells(script.read_bytes())
        if task.execute:
            return notebook.run_notebook(found, task, writer)
        notebook.show_saved(found, writer)
    except (OSError, literate.NotebookError) as error:
        return {"kind": "raised", "message": f"{task.script} {error}", "detail": "", "line": None}
    return None


def _run_captured(folder: Path, task: Task) -> dict[str, Any] | None:
    """Run a script or a command within the capture of figures, files and warnings; return how it failed, or None."""
    capture = FigureCapture()
    writer = PlacingLog(Path(task.run), inputs=_inputs(task), save=capture.save, echo=False)
    writer.tell = _nobody
    log.begin(writer)
    before = outputs.snapshot(folder)
    hooks.install(seed=task.seed, style=task.style, capture=capture, own=(task.project, *task.module_folders))
    observe.begin(folder, Path(task.run))
    script = folder / task.script
    failure = _run_command(task.command) if task.command else _run_script(script, task, writer, capture)
    return failure or _keep(capture, outputs.Written(folder, before))


def _run_script(script: Path, task: Task, writer: PlacingLog, capture: FigureCapture) -> dict[str, Any] | None:
    """Execute the script as `__main__`, a script in cells cell by cell; return how it failed, or None."""
    module = types.ModuleType("__main__")
    module.__file__ = str(script)
    module.__dict__["__builtins__"] = builtins
    sys.modules["__main__"] = module
    sys.argv = [str(script)]
    sys.path[:0] = [str(script.parent)]
    sys.path.extend(task.module_folders)
    try:
        with observe.unseen():
            source = script.read_bytes()
        if cells := literate.script_cells(source) if b"%%" in source else ():
            listing = Listing(writer)
            writer.tell = listing.named
            run_cells(source, str(script), cells, module.__dict__, listing, capture)
            writer.tell = _nobody
        else:
            code = compile(source, str(script), "exec", dont_inherit=True)
            exec(code, module.__dict__)  # noqa: S102 - running the author's script is the job
    except SystemExit as end:
        if end.code in (None, 0):
            return None
        return describe(end, script)
    except BaseException as error:  # noqa: BLE001 - whatever ends the script is recorded
        return describe(error, script)
    return None


def _inputs(task: Task) -> dict[str, Any]:
    return {"params": task.params, "seed": task.seed}


def _nobody(_kind: str, _name: str) -> None:
    """Tell nobody of what is logged outside of cells."""


def _run_command(command: tuple[str, ...]) -> dict[str, Any] | None:
    """Run another program in place of the script; it has the same file contract."""
    try:
        code = subprocess.call(command)
    except OSError as error:
        message = f"{command[0]!r} cannot be started: {os.strerror(error.errno or 0)}"
        return {"kind": "environment", "message": message, "detail": "", "line": None}
    if code == 0:
        return None
    return {"kind": "raised", "message": f"{command[0]} ended with exit code {code}", "detail": "", "line": None}


def _keep(capture: FigureCapture, written: outputs.Written) -> dict[str, Any] | None:
    """Capture what the script left: open figures, images, tables and `metrics.json`."""
    try:
        capture.keep_open()
        written.keep(besides=capture.saved)
    except (OSError, ValueError, MemoryError) as error:
        return describe(error, None)
    return None


def _write_result(
    run: Path, nonce: str, failure: Mapping[str, Any] | None, seconds: float, notes: tuple[str, ...]
) -> None:
    text = json.dumps({"nonce": nonce, "failure": failure, "seconds": seconds, "notes": notes})
    files.write_text(run / RESULT, text)


if __name__ == "__main__":
    leave(main(Path(sys.argv[1]), fork_below(int(sys.argv[3])) if sys.argv[3:] else int(sys.argv[2])))
