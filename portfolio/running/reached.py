"""The cell a run had reached when it was ended, told as its errors are."""

from contextlib import suppress
from pathlib import Path

from portfolio import literate
from portfolio.log import EVENTS
from portfolio.running.events import BadRunError, events_of
from portfolio.values.scripts import is_notebook


def cell_reached(script: Path, run: Path) -> str:
    """Return which cell of `script` the run in folder `run` began last; nothing where it began none.

    A cell of a notebook is named by its number, one of a script by its line, as in tracebacks.
    """
    begun = _last_begun(run)
    if begun == "end":
        return "after its last cell"
    cell = next((cell for cell in literate.cells_of(script) if cell.number and str(cell.number) == begun), None)
    if cell is None:
        return ""
    return f"In [{cell.number}]" if is_notebook(script.name) else f"in its cell at line {cell.line}"


def _last_begun(run: Path) -> str:
    """Return the name of the last event of a cell, as far as the log can be read: its last line may be cut off."""
    begun = ""
    with suppress(BadRunError):
        for _, event in events_of(run / EVENTS):
            begun = str(event.get("name")) if event.get("event") == "cell" else begun
    return begun
