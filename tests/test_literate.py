"""A script in cells is one script; its page shows what each cell printed, was worth and drew, where it did."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from notebooks import SPEC, code, notebook, prose
from stage import MakeStage, Once, Stage, environment

from portfolio.digests import Digests
from portfolio.literate import Cell, as_python, cells, notebook_cells, script_cells
from portfolio.planning.sources import Sources, understand_notebook
from portfolio.rendering.notebooks import as_script
from portfolio.rendering.orders import Passage, Passages
from portfolio.rendering.passages import rendered_passages

SCRIPT = '''"""What the script is for."""
from __future__ import annotations

import matplotlib.pyplot as plt

import portfolio

# %% [markdown]
# # Words first
# And $x^2$.

# %% The values
print("printed first")
{"a": 1}

# %% tags=["hide-input"]
plt.plot([1, 2, 3])
plt.title("A line")
plt.show()
print("printed after the figure")
portfolio.log_metric("three", 3)

# %%
def later(x: NotThere):
    # %% no marker, for it stands in a function
    return x


text = """
# %% no marker either
"""
"shown last" if later(text) else None

# %%
"quiet".upper();

# %%
left_open, pair = plt.subplots(1, 2, tight_layout=True)
pair[0].plot([100_000, 300_000])
pair[0].set_title("Open");

# %%
"nothing is drawn here";

# %%
pair[1].plot([0.123456, 0.123457]);
'''


@pytest.fixture(scope="module")
def shown(once: Once, stage_in: MakeStage) -> Stage:
    """Return a workspace with a script in cells, and the notebook that it makes run as a project."""

    def build(folder: Path) -> None:
        stage = stage_in(folder / "workspace")
        stage.write("mkdocs.yml", "site_name: Ada Example\n")
        stage.write("projects/script/spec.toml", 'title = "A script"\nsummary = "In cells."\n')
        stage.write("projects/script/script.py", SCRIPT)
        ran = stage.portfolio("build")
        assert ran.code == 0, ran.err

    return Stage(once("literate", build) / "workspace")


def test_what_cells_of_a_script_show_stands_at_its_place(shown: Stage) -> None:
    page = shown.page("script")

    said = (
        ">Words first<",
        "<math",
        ">The values<",
        "printed first</pre>",
        "{&#39;a&#39;: 1}</pre>",
        'alt="A line"',
        "printed after the figure</pre>",
        "&#39;shown last&#39;</pre>",
    )
    places = [page.index(words) for words in said]
    assert places == sorted(places)
    assert "QUIET" not in page


def test_a_figure_left_open_is_shown_again_where_it_was_changed_and_nowhere_else(shown: Stage) -> None:
    record = next((shown.root / "build" / "records" / "script").glob("*-*/record.json"))
    cells = json.loads(record.read_text(encoding="utf-8"))["result"]["cells"]

    figures = [[output["text"] for output in cell if output["kind"] == "figure"] for cell in cells]

    assert figures == [[], [], ["figure_1"], [], [], ["figure_2"], [], ["figure_3"]]


def test_a_script_in_cells_runs_again_for_its_code_and_not_for_its_words(shown: Stage, tmp_path: Path) -> None:
    import shutil  # noqa: PLC0415

    shutil.copytree(shown.root, tmp_path / "workspace")
    stage = Stage(tmp_path / "workspace")
    stage.edit("projects/script/script.py", "# # Words first", "# # Other words")

    assert stage.portfolio("build", "--json").statuses == {"script": "fresh"}
    assert ">Other words<" in stage.page("script")
    stage.edit("projects/script/script.py", "printed first", "printed otherwise")
    assert {slug: outcome.status.value for slug, outcome in stage.run().items()} == {"script": "ran"}


def test_the_notebook_that_a_script_makes_runs_as_it_is(shown: Stage, tmp_path: Path, stage_in: MakeStage) -> None:
    stage = stage_in(tmp_path / "workspace")
    stage.write("projects/made/spec.toml", SPEC)
    made = (shown.site / "projects" / "script" / "script.ipynb").read_text(encoding="utf-8")
    stage.write("projects/made/analysis.ipynb", made)

    outcome = stage.run()["made"]

    assert outcome.failure is None
    assert outcome.stored is not None
    assert [metric.value for metric in outcome.stored.record.result.metrics] == [3]
    assert (
        len(outcome.stored.record.result.figures) == 2
    )  # what a later cell draws into a figure that is closed is not seen, as in Jupyter


def test_the_script_that_a_notebook_makes_runs_as_it_is(tmp_path: Path) -> None:
    book = notebook(
        prose("# Title\n\nText."),
        code("%matplotlib inline\nimport math"),
        code("for i in range(2):\n    !echo never\n    print(i)"),
        code("%%time\nprint('timed')"),
        code("%%bash\necho never"),
        code("listed = !ls\nlisted"),
        code("display(math.pi)"),
        code("1 / 0", "raises-exception"),
        code("await something()"),
        code("never()", "skip-execution"),
    )
    script = tmp_path / "made.py"
    script.write_text(as_script(notebook_cells(book.encode())), encoding="utf-8")

    ended = subprocess.run(
        [sys.executable, str(script)], env=environment(), capture_output=True, text=True, timeout=60, check=False
    )

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split() == ["0", "1", "timed", "3.141592653589793"]
    assert script_cells(script.read_bytes())[1].text == "# Title\n\nText."


def test_a_script_of_a_gallery_is_prose_in_its_docstring_and_below_each_marker() -> None:
    text = '"""\n=====\nTitle\n=====\n\nSee :func:`~a.b`.\n"""\nx = 1\n\n# %%\n# :math:`x^2`\n\ny = 2\n# of the code\n'

    found = script_cells(text.encode())

    assert [(cell.text, cell.number, cell.is_rest) for cell in found] == [
        ("=====\nTitle\n=====\n\nSee :func:`~a.b`.", 0, True),
        ("x = 1", 1, False),
        (":math:`x^2`", 0, True),
        ("y = 2\n# of the code", 2, False),
    ]
    passages = tuple(Passage(kind="rest", text=cell.text) for cell in found if cell.is_rest)
    answer = rendered_passages(Passages(passages=passages, prefix="c"))
    assert answer.parts[0].split() == ["<h2>Title</h2>", "<p>See", "<code>a.b</code>.</p>"]
    assert answer.meanings[0].text.startswith("<math")


def test_cells_of_a_script_are_numbered_by_what_they_do() -> None:
    found = cells(SCRIPT.encode(), "script.py")

    assert [cell.number for cell in found if cell.is_code] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert script_cells(b"x = 1\n") == ()
    assert script_cells(b"# %%\n# a remark\n# %%\nx = 1\n")[1] == Cell(is_code=True, text="x = 1", number=1, line=4)


@pytest.mark.parametrize(
    "changed",
    [
        notebook(prose("# Other"), code("x  =  1  # a remark", count=3), code("# nothing"), code("%time x")),
        notebook(code("x = 1", "hide-input"), code("%time x")),
    ],
)
def test_words_layout_and_tags_that_fold_are_no_other_notebook(changed: str) -> None:
    first = notebook(prose("# One"), code("x = 1"), code("%time x"))

    assert understand_notebook(changed.encode(), "1").meaning == understand_notebook(first.encode(), "0").meaning


@pytest.mark.parametrize(
    "cells_",
    [
        (code("x = 2"), code("%time x")),
        (code("x = 1"), code("%timeit x")),
        (code("x = 1"), code("%time x;")),
        (code("x = 1\n%time x"),),
        (code("x = 1", "raises-exception"), code("%time x")),
        (code("x = 1", "skip-execution"), code("%time x")),
    ],
)
def test_what_runs_otherwise_is_another_notebook(cells_: tuple[dict[str, object], ...]) -> None:
    first = notebook(code("x = 1"), code("%time x"))

    other = notebook(*cells_)

    assert understand_notebook(other.encode(), "1").meaning != understand_notebook(first.encode(), "0").meaning


def test_what_a_notebook_imports_and_reads_is_known_beside_its_magics(tmp_path: Path) -> None:
    path = tmp_path / "analysis.ipynb"
    path.write_text(notebook(code("%matplotlib inline\nimport pandas as pd\npd.read_csv('../_shared/rows.csv')")))

    source = Sources(Digests(tmp_path / "digests.json")).of(path)

    assert source.imports == ("pandas",)
    assert {"_shared", "rows.csv"} <= set(source.names)
    assert as_python("%%time\n!ls\nx = %who\ny?")[0] == "pass\nx = None\npass"
    assert json.loads(path.read_text())["nbformat"] == 4
