"""What stands around the cells of a notebook, within its kernel."""

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from portfolio import log
from portfolio.running import hooks, observe, outputs
from portfolio.running.blame import describe
from portfolio.running.capture import FigureCapture
from portfolio.running.listing import PlacingLog
from portfolio.running.task import Task
from portfolio.running.value import is_drawing

PLACED = "application/vnd.portfolio.placed+json"
"""What says that a figure or table of the log belongs at this place."""
ERROR = "application/vnd.portfolio.error+json"
"""What says how a cell failed, as for scripts."""
FINISH = "get_ipython().kernel.portfolio_finish()"
"""What is executed after the last cell."""
_LOSSES = (OSError, ValueError, MemoryError)


def cell_name(script: str, number: int) -> str:
    """Return what tracebacks call a cell."""
    return f"{script}, In [{number}]"


def prepare(shell: Any, kernel: Any, task: Task) -> None:
    """Make a kernel that was just initialised one of our runs."""
    folder, run = Path(task.project), Path(task.run)
    capture = FigureCapture()
    writer = PlacingLog(run, inputs={"params": task.params, "seed": task.seed}, save=capture.save, echo=False)
    writer.tell = lambda kind, name: _publish(shell, {PLACED: {"kind": kind, "name": name}})
    log.begin(writer)
    written = outputs.Written(folder, outputs.snapshot(folder))
    kernel.portfolio_finish = lambda: written.keep(besides=capture.saved)
    shell.compile.get_code_name = lambda _raw, _code, number: cell_name(task.script, number)
    shell.events.register("post_run_cell", _after_cell(shell, task.script, capture))
    _stay_plain(shell)
    _show_drawings_as_figures(shell, capture)
    sys.path[:0] = [task.project]
    sys.path.extend(task.module_folders)
    hooks.install(seed=task.seed, style=task.style, capture=capture, own=(task.project, *task.module_folders))
    observe.begin(folder, run)


def _after_cell(shell: Any, script: str, capture: FigureCapture) -> Callable[[Any], None]:
    """Return what happens when a cell has ended: open figures are its own, and an error is said as of a script."""

    def after(result: Any) -> None:
        error = result.error_before_exec or result.error_in_exec
        if error is None:
            try:
                capture.keep_open()
            except _LOSSES as lost:
                error = lost
        else:
            with suppress(*_LOSSES):
                capture.keep_open()
        if error is not None:
            name = cell_name(script, result.execution_count or 0)
            _publish(shell, {ERROR: _placed(describe(error, Path(name)), name)})

    return after


def _placed(described: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return how a cell failed with its place in words: a line of a cell is no line of the file."""
    place = f"{name}, line {described['line']}" if described["line"] else name
    return {**described, "message": f"{place.partition(', ')[2]}: {described['message']}", "line": None}


def _stay_plain(shell: Any) -> None:
    """Let what asks for windows or inline figures find that this is seen to."""
    from matplotlib_inline.config import InlineBackend  # noqa: PLC0415 - comes with IPython

    shell.configurables.append(InlineBackend.instance(parent=shell))
    shell.enable_matplotlib = lambda gui=None: (gui, "agg")
    shell.enable_gui = lambda gui=None: None  # noqa: ARG005 - IPython's signature


def _show_drawings_as_figures(shell: Any, capture: FigureCapture) -> None:
    """Show a figure that ends a cell as one, and none of matplotlib's objects by its name."""
    formatter = shell.display_formatter.ipython_display_formatter

    def drawn(value: Any) -> None:
        if not is_drawing(value):
            raise NotImplementedError
        if hasattr(value, "savefig"):
            capture.keep(value)

    for module, name in (("matplotlib.artist", "Artist"), ("numpy", "ndarray")):
        formatter.for_type_by_name(module, name, drawn)
    for kind in (list, tuple, dict):
        formatter.for_type(kind, drawn)


def _publish(shell: Any, bundle: Mapping[str, Any]) -> None:
    shell.display_pub.publish(data={**bundle, "text/plain": ""}, metadata={})
