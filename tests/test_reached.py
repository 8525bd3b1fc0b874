"""A run that is ended says in which cell it was, as an error would."""

from pathlib import Path

import pytest
from notebooks import SPEC, code, notebook, prose
from stage import MakeStage

from portfolio import log
from portfolio.running.failing import failure_of
from portfolio.running.listing import Listing
from portfolio.running.reached import cell_reached
from portfolio.running.task import Watched
from portfolio.values.settings import Settings
from portfolio.values.spec import Run

SCRIPT = """import os

# %% First
print("begun")

# %% Last
os._exit(0)
"""
BOOK = notebook(code("x = 1"), prose("Words."), code("# a remark"), code("while True:\n    print('y' * 10_000)"))


def test_a_run_that_ends_or_is_ended_names_its_cell(workspace: MakeStage) -> None:
    stage = workspace()
    stage.write("pyproject.toml", '[tool.portfolio]\noutput_limit = "2MiB"\n')
    stage.write("projects/book/spec.toml", SPEC)
    stage.write("projects/book/analysis.ipynb", BOOK)
    stage.write("projects/hangs/spec.toml", f"{SPEC}[run]\ntimeout = 3\n")
    stage.write("projects/hangs/analysis.ipynb", notebook(code("while True:\n    pass")))
    stage.write("projects/cells/spec.toml", 'title = "C"\nsummary = "D"\n')
    stage.write("projects/cells/script.py", SCRIPT)

    outcomes = stage.run()

    failures = {slug: outcome.failure for slug, outcome in outcomes.items() if outcome.failure}
    assert failures["book"].message.startswith("In [2]: printed 2MiB or more: ")
    assert failures["hangs"].message.endswith("still running after 3 s: raise it by [run] timeout in spec.toml")
    assert "Traceback" not in failures["hangs"].detail
    cells = failures["cells"].message
    assert cells.startswith("in its cell at line 7: the process ended early without a result: ")


@pytest.mark.parametrize(
    ("begun", "more", "place"),
    [
        ((1, 2), "", "In [2]: "),
        ((1, 2, "end"), "", "after its last cell: "),
        ((1,), '{"event": "ce', "In [1]: "),
        ((), "", ""),
        ((1, 77), "", ""),
    ],
)
def test_a_time_limit_is_told_with_the_cell_that_was_under_way(
    tmp_path: Path, begun: tuple[int | str, ...], more: str, place: str
) -> None:
    script, run = tmp_path / "analysis.ipynb", tmp_path / "run"
    run.mkdir()
    script.write_text(BOOK, encoding="utf-8")
    listing = Listing(log.Log(run, inputs={}, echo=False))
    for each in begun:
        if isinstance(each, int):
            listing.begin(each)
        else:
            listing.end()
    with (run / log.EVENTS).open("a", encoding="utf-8") as stream:
        stream.write(more)
    watched = Watched(code=-15, stopped="time", seconds=9.0, cpu_seconds=1.0, peak_memory=1)

    failure = failure_of(Run(timeout=9), Settings(), watched, None, "", {}, lambda: cell_reached(script, run))

    assert failure is not None
    assert failure.message == f"{place}still running after 9 s: raise it by [run] timeout in spec.toml"
