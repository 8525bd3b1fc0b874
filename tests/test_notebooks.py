"""A notebook is a script: it runs under the same limits, for the same reasons, and its page shows it cell by cell."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from notebooks import SPEC, WHOLE, code, notebook, printed, prose
from secret_samples import secrets
from stage import MakeStage, Once, Stage, a_record, environment

from portfolio.gate.gate import Gate
from portfolio.gate.results import secret_in
from portfolio.values import codec
from portfolio.values.record import Output, Result

_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC"


def _displayed(kind: str, data: str) -> dict[str, object]:
    bundle = {kind: data, "text/plain": "<an image>"}
    return {"output_type": "display_data", "metadata": {}, "data": bundle}


_SAVED = (
    prose("# Years ago"),
    code("import a_library_that_is_gone", saved=(printed("it ran then\n"),)),
    code("draw()", saved=(_displayed("image/png", _PNG),)),
    code(
        "sketch()", saved=(_displayed("image/svg+xml", '<svg width="9" height="9"><rect width="9" height="9"/></svg>'),)
    ),
    code("broken()", saved=(_displayed("image/png", "bm90IGFuIGltYWdl"),)),
)


@pytest.fixture(scope="module")
def shown(once: Once, stage_in: MakeStage) -> Stage:
    """Return a workspace with a notebook that was run and one that is shown as it was saved; nothing may change it."""

    def build(folder: Path) -> None:
        stage = stage_in(folder / "workspace")
        stage.write("mkdocs.yml", "site_name: Ada Example\n")
        stage.write("projects/run/spec.toml", f"{SPEC}\n[run]\nnetwork = false\n")
        stage.write("projects/run/analysis.ipynb", notebook(*WHOLE))
        stage.write("projects/saved/spec.toml", f"{SPEC}\n[run]\nexecute = false\n")
        stage.write("projects/saved/analysis.ipynb", notebook(*_SAVED))
        ran = stage.portfolio("build")
        assert ran.code == 0, ran.err

    return Stage(once("notebooks", build) / "workspace")


@pytest.fixture
def stage(shown: Stage, tmp_path: Path) -> Stage:
    """Return this test's own copy of it."""
    shutil.copytree(shown.root, tmp_path / "workspace")
    return Stage(tmp_path / "workspace")


def test_what_cells_show_stands_in_the_order_of_the_notebook(shown: Stage) -> None:
    page = shown.page("run")

    places = [
        page.index(words)
        for words in (
            ">First words<",
            "<math",
            "import</span>",
            "printed before</pre>",
            'alt="A line"',
            "printed after</pre>",
            "<td>Ulm</td>",
            "Words in between",
            'id="table-cities"',
            "the value&#39;</pre>",
            "<td>intercept</td>",
            "<b>bold</b>",
            "ValueError: this was meant</pre>",
            "code is folded</pre>",
        )
    ]
    assert places == sorted(places)


def test_what_a_notebook_logs_is_the_result_of_its_run(shown: Stage) -> None:
    assert shown.results("run")["metrics"]["people"]["value"] == 263_519
    assert '<data value="263519">' in shown.page("run")


def test_a_figure_of_a_notebook_is_drawn_for_light_and_for_dark_pages(shown: Stage) -> None:
    page = shown.page("run")

    assert re.search(r'src="figures/[^"]+#only-light"', page)
    assert re.search(r'src="figures/[^"]+#only-dark"', page)


def test_nothing_a_library_made_acts_on_the_page(shown: Stage) -> None:
    page = shown.page("run")

    assert "evil()</" not in page.split("<b>bold</b>")[0][-300:]
    assert "<script>evil" not in page


def test_a_link_of_prose_leads_somewhere_or_is_none(shown: Stage) -> None:
    page = shown.page("run")

    said = page.split("Words in between: ")[1].split("</p>")[0]
    assert re.sub(r' (?:rel|class)="[^"]*"', "", said) == (
        '<a href="#c-1-first-words">above</a>, <a>another</a>, <a href="analysis.ipynb">this</a>, <a>none</a>.'
    )


def test_tags_fold_and_remove_what_a_cell_shows(shown: Stage) -> None:
    page = shown.page("run")

    assert re.search(r"<summary>Code</summary>.{0,400}code is folded", page, re.DOTALL)
    assert re.search(r"<summary>Output</summary>.{0,400}output is folded</pre>", page, re.DOTALL)
    assert "nobody sees this" not in page
    assert page.count("without its code") == 1


def test_a_notebook_can_be_shown_as_it_was_saved_and_says_so(shown: Stage) -> None:
    page = shown.page("saved")

    assert "nothing of it was recomputed" in page
    places = [page.index(words) for words in (">Years ago<", "it ran then</pre>", "cell_2_image", "cell_3_image")]
    assert places == sorted(places)
    assert "An image that cannot be shown." in page
    listed = json.loads((shown.site / "projects.json").read_text(encoding="utf-8"))["projects"]
    assert {each["slug"]: each["trust"] for each in listed} == {"run": "recomputed", "saved": "recorded"}


def test_saved_outputs_and_counts_change_nothing(stage: Stage) -> None:
    before = stage.page("run")
    saved = [{**cell, "outputs": [printed("old\n")], "execution_count": 7} for cell in WHOLE if "outputs" in cell]
    cells = [saved.pop(0) if "outputs" in cell else cell for cell in WHOLE]
    stage.write("projects/run/analysis.ipynb", notebook(*cells))

    ran = stage.portfolio("build", "--json")

    assert ran.statuses["run"] == "fresh"
    assert stage.page("run") == before


def test_prose_is_shown_anew_without_a_run(stage: Stage) -> None:
    cells = [prose("Other words."), *WHOLE[1:], prose("Last words."), code("# a remark")]
    stage.write("projects/run/analysis.ipynb", notebook(*cells))

    ran = stage.portfolio("build", "--json")

    assert ran.statuses["run"] == "fresh"
    page = stage.page("run")
    assert page.index("Other words.") < page.index("printed before</pre>") < page.index("Last words.")


def test_code_that_does_something_else_runs_and_an_error_is_told_at_its_cell(stage: Stage) -> None:
    before = stage.page("run")
    stage.write(
        "projects/run/analysis.ipynb",
        notebook(*WHOLE[:2], code("def inverse(x):\n    return 1 / x"), code("inverse(0)")),
    )

    ran = stage.portfolio("build")

    said = "projects/run/analysis.ipynb: raised: In [3], line 1: ZeroDivisionError: division by zero"
    assert ran.code == 1
    assert said in ran.err
    assert 'File "analysis.ipynb, In [2]", line 2, in inverse' in ran.err
    after = stage.page("run")
    assert "This page shows the last good result." in after
    assert _cells_of(after) == _cells_of(before)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not a notebook: it is no JSON"),
        (notebook(language="R"), "is a notebook in r, and only those in Python are run"),
        (notebook(nbformat=3), "is a notebook of format 3: open and save it in Jupyter once"),
    ],
)
def test_a_notebook_that_cannot_be_run_is_a_problem_before_anything_runs(
    text: str, said: str, stage_in: MakeStage, tmp_path: Path
) -> None:
    stage = stage_in(tmp_path / "workspace")
    stage.write("projects/bad/spec.toml", SPEC)
    stage.write("projects/bad/analysis.ipynb", text)

    ran = stage.portfolio("build", "--json")

    assert ran.code == 2
    assert [problem["message"] for problem in ran.document["problems"]] == [said]


def test_a_notebook_is_offered_without_what_it_was_saved_with_and_as_a_script_that_runs(stage: Stage) -> None:
    folder = stage.site / "projects" / "saved"
    offered = json.loads((folder / "analysis.ipynb").read_text(encoding="utf-8"))
    script = stage.site / "projects" / "run" / "run.py"

    ended = _python([str(script)], stage)

    assert [cell.get("outputs") for cell in offered["cells"]] == [None, [], [], [], []]
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split("people =")[0].split() == ["printed", "before", "printed", "after"]


def test_a_record_from_before_there_were_cells_is_read() -> None:
    old = codec.encode(Result(output="hello"))
    del old["cells"]

    assert codec.decode(Result, old) == Result(output="hello")
    with pytest.raises(codec.CodecError):
        codec.decode(Result, {name: value for name, value in old.items() if name != "output"})


def test_a_secret_that_a_cell_shows_keeps_its_run_back(tmp_path: Path) -> None:
    shown_ = ((Output(kind="plain", text=f"token = {secrets()['GitHub, classic']!r}"),),)
    record = replace(a_record(), result=Result(cells=shown_))

    failure = secret_in(record, tmp_path, Gate.of({}))

    assert failure is not None
    assert failure.message.startswith("cell 1:1: what looks like a secret")


def _cells_of(page: str) -> str:
    return page.split('id="cells"')[1].split("<section", maxsplit=1)[0]


def _python(arguments: Sequence[str], stage: Stage) -> subprocess.CompletedProcess[str]:
    variables = {"MPLBACKEND": "agg", "MPLCONFIGDIR": str(stage.root / "build" / "cache" / "matplotlib")}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=stage.root,
        env=environment(variables),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
