"""A notebook, or a script in cells, as what it is: prose and code in their order; read, never run.

Code cells are numbered from 1 by what they do: one without a statement has no number, so that adding it changes no
other. A run says by these numbers what each cell showed, and a page puts both together.
"""

from portfolio.literate.cell import Cell, NotebookError
from portfolio.literate.notebook import MOST_BYTES, notebook_cells, without_outputs
from portfolio.literate.python import as_python
from portfolio.literate.reading import cells, cells_of, do_the_same
from portfolio.literate.script import script_cells

__all__ = [
    "MOST_BYTES",
    "Cell",
    "NotebookError",
    "as_python",
    "cells",
    "cells_of",
    "do_the_same",
    "notebook_cells",
    "script_cells",
    "without_outputs",
]
