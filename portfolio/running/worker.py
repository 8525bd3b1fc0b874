"""The process that runs one script: `python -P -m portfolio.running.worker ORDERS PARENT [FD]`, or a fork of a zygote.

With a number of an open file that leads to the build, it forks, and keeps the fork that runs the script. In a project's
own environment it begins without what is installed there (`-S`), whose start-up code runs once the guards are on.

The script sees what it would see under `python script.py`: its own `__main__`, its folder first on the import path,
its folder as working directory. Around it stand limits, seeds and the capture of figures, files and warnings.
"""

import builtins
import json
import os
import signal
import subprocess
import sys
import time
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from portfolio import files, literate, log
from portfolio.running import guards, hooks, left, notebook, observe, outputs
from portfolio.running.blame import describe
from portfolio.running.capture import FigureCapture
from portfolio.running.keeper import fork_below
from portfolio.running.leaving import leave
from portfolio.running.left_metrics import LeftError
from portfolio.running.listing import Listing, PlacingLog
from portfolio.running.literate_script import run_cells
from portfolio.running.started import AGAIN, start_again, told_before
from portfolio.running.task import Task
from portfolio.running.worker_result import RESULT
from portfolio.values import codec
from portfolio.values.scripts import is_notebook


def main(orders: Path, parent: int) -> int:
    """Carry out the orders in a file, for as long as the process numbered `parent` lives; return the exit code."""
    task = codec.loads(Task, orders.read_bytes())
    orders.unlink()
    notes = guards.enter(task, parent)
    if notes and task.required:
        _write_result(Path(task.run), task.nonce, guards.refusal(notes), 0.0, notes)
        return 1
    if sys.flags.no_site:
        start_again(task, notes)
    return carry_out(task, notes)


def carry_out(task: Task, notes: tuple[str, ...]) -> int:
    """Run what `task` says, guarded by now but for what `notes` say; return the exit code."""
    folder, run = Path(task.project), Path(task.run)
    (run / log.INPUTS).write_text(json.dumps(_inputs(task)), encoding="utf-8")
    in_cells = is_notebook(task.script) and not task.command
    failure, seconds = _run_notebook(folder / task.script, task) if in_cells else _run_captured(folder, task)
    _write_result(run, task.nonce, failure, seconds, notes)
    return 0 if failure is None else 1


def _run_notebook(script: Path, task: Task) -> tuple[dict[str, Any] | None, float]:
    """Run a notebook, or show what it was saved with; what stands around a script stands around its kernel."""
    writer, began, failure = log.Log(Path(task.run), inputs={}, echo=False), time.perf_counter(), None
    try:
        found = literate.notebook_cells(script.read_bytes())
        if task.execute:
            failure = notebook.run_notebook(found, task, writer)
        else:
            notebook.show_saved(found, writer)
    except (OSError, literate.NotebookError) as error:
        failure = {"kind": "raised", "message": f"{task.script} {error}", "detail": "", "line": None}
    return failure, time.perf_counter() - began


def _run_captured(folder: Path, task: Task) -> tuple[dict[str, Any] | None, float]:
    """Run a script or a command, its figures, files and warnings captured; return how it failed, and its seconds."""
    capture = FigureCapture()
    writer = PlacingLog(Path(task.run), inputs=_inputs(task), save=capture.save, echo=False)
    writer.tell = _nobody
    log.begin(writer)
    before = outputs.snapshot(folder)
    hooks.install(seed=task.seed, style=task.style, capture=capture, own=(task.project, *task.module_folders))
    observe.begin(folder, Path(task.run))
    began, script = time.perf_counter(), folder / task.script
    failure = _run_command(task.command, Path(task.run)) if task.command else _run_script(script, task, writer, capture)
    seconds = time.perf_counter() - began
    return failure or _keep(capture, outputs.Written(folder, before)), seconds


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


def _run_command(command: tuple[str, ...], run: Path) -> dict[str, Any] | None:
    """Run another program in place of the script; what it leaves in `run` is taken from there."""
    left.prepare(run)
    kind = "environment"
    try:
        code = subprocess.call(command)
        kind, message = "raised", f"{command[0]!r} ended with exit code {code}"
        if code < 0:
            kind, message = "crashed", f"{command[0]!r} was ended by signal {-code}: {signal.strsignal(-code)}"
        if code == 0:
            kind = "artifact"
            with observe.unseen():
                left.take(run)
            return None
    except FileNotFoundError:
        message = f"{command[0]!r} is not there: install it, or correct [run] command in spec.toml"
    except PermissionError:
        message = f"{command[0]!r} must not be executed: chmod +x {command[0]}, or name the program that reads it"
    except OSError as error:
        message = f"{command[0]!r} cannot be started: {os.strerror(error.errno or 0)}"
    except LeftError as error:
        message = f"$PORTFOLIO_RUN/{error}"
    return {"kind": kind, "message": message, "detail": "", "line": None}


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
    if sys.argv[1] == AGAIN:
        leave(carry_out(*told_before(int(sys.argv[2]))))
    leave(main(Path(sys.argv[1]), fork_below(int(sys.argv[3])) if sys.argv[3:] else int(sys.argv[2])))
