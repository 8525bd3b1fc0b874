"""What a page offers to take along, leads to and cites: complete, the same every time, nothing that is kept back."""

import ast
import io
import json
import tomllib
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from portfolio.publishing.archive import zipped
from portfolio.rendering.trust import mark
from portfolio.values.entry import Provenance
from portfolio.values.record import Failure, FailureKind, Result
from portfolio.values.site import Author, Site

PROJECTS = sorted((Path(__file__).parents[2] / "projects").glob("*/script.py"))
ON_GITHUB = Provenance(
    repository="https://github.com/ada/work", source=f"https://github.com/ada/work/tree/{'a' * 40}/projects/one"
)


def made(page: Any) -> dict[str, str]:
    return {text.path.name: text.text for text in page.texts}


@pytest.mark.parametrize("script", PROJECTS, ids=lambda path: path.parent.name)
def test_a_notebook_is_the_script_cell_by_cell(bench: Any, script: Path) -> None:
    source = script.read_text(encoding="utf-8")
    bench.add(files={"script.py": source})

    book = json.loads(made(bench.page())["one.ipynb"])

    code = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code"]
    assert len(code) > 2
    assert ast.dump(ast.parse("\n".join(code))) == ast.dump(ast.parse(source))
    assert [ast.parse(cell) is not None for cell in code] == [True] * len(code)


def test_cell_markers_make_the_cells(bench: Any) -> None:
    bench.add(files={"script.py": "x = 1\n# %% [markdown]\n# Some *prose*.\n# %% Fit\ny = 2\n\nz = 3\n"})

    cells = json.loads(made(bench.page())["one.ipynb"])["cells"][1:]

    found = [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
    assert found == [
        ("code", "x = 1"),
        ("markdown", "Some *prose*."),
        ("markdown", "## Fit"),
        ("code", "y = 2\n\nz = 3"),
    ]


def test_an_archive_holds_what_is_published_and_says_how_to_get_the_rest(bench: Any) -> None:
    params = {"folds": 5, "grid": [0.1, 1.0], "name": 'a "quoted" \\ 日本 🐢', "nested": {"a b": True}}
    bench.add(
        files={"data/a.csv": "kept back", "data/b.csv": "x\n1\n", "helper.py": "y = 2\n"},
        data=[
            {"name": "A", "path": "data/a.csv", "source": "https://example.org/a"},
            {"name": "B", "path": "data", "publish": False},
            {"name": "C", "path": "data/b.csv", "publish": True, "licence": "CC0"},
        ],
        params=params,
    )

    archive = bench.page().archive
    opened = zipfile.ZipFile(io.BytesIO(zipped(archive)))

    assert sorted(opened.namelist()) == [
        "one/README.txt",
        "one/data/b.csv",
        "one/helper.py",
        "one/one.ipynb",
        "one/requirements.txt",
        "one/script.py",
        "one/spec.toml",
    ]
    assert tomllib.loads(opened.read("one/spec.toml").decode())["params"] == params
    assert f"data/a.csv: SHA-256 {'ab' * 32}" in opened.read("one/README.txt").decode()
    assert opened.read("one/requirements.txt") == b"numpy==2.4.6\n"
    assert zipped(archive) == zipped(archive)


@pytest.mark.parametrize(
    ("files", "needs"),
    [
        ({"script.py": "import numpy as np\nprint('portfolio')\n"}, False),
        ({"script.py": "import portfolio_tools\nportfolio = 1\n"}, False),
        ({"script.py": "from portfolio import log_metric\n"}, True),
        ({"script.py": "if True:\n    import os, portfolio\n"}, True),
        ({"script.py": "import helper\n", "helper.py": "from portfolio.evaluation import report\n"}, True),
        ({"script.py": "import ours\n", "../_shared/ours.py": "import portfolio\n"}, True),
        ({"script.py": "import os\n", "../_shared/ours.py": "import portfolio\n"}, False),
    ],
)
def test_a_reader_is_told_whether_the_code_needs_the_tool(bench: Any, files: dict[str, str], *, needs: bool) -> None:
    bench.add(files=files)

    page = bench.page()
    told = zipfile.ZipFile(io.BytesIO(zipped(page.archive))).read("one/README.txt").decode()

    assert ("# or, as a plain script, with portfolio installed\ncd projects/one" in page.text) == needs
    assert ("# or, without this tool\ncd projects/one" in page.text) == (not needs)
    assert ("The code imports portfolio" in told) == needs


def test_data_that_are_not_offered_are_told_by_their_digest(bench: Any) -> None:
    bench.add(files={"data/a.csv": "x"}, data=[{"name": "A", "path": "data/a.csv", "source": "Somebody"}])

    text = bench.page().text

    assert "ab" * 32 in text
    assert 'href="data/a.csv"' not in text


def test_code_false_makes_nothing_to_take_along(bench: Any, a_figure: Any, pixel: bytes) -> None:
    files = {"figures/a.png": pixel, "figures/a.csv": "x\n1\n"}
    figure = a_figure("a", dark=None, data="figures/a.csv")
    bench.add(
        code=False,
        result=Result(figures=(figure,)),
        recorded=files,
        data=[{"name": "A", "path": "data/a.csv"}],
        provenance=ON_GITHUB,
    )

    page = bench.page()

    assert (page.texts, page.archive) == ((), None)
    assert [asset.path.name for asset in page.assets] == ["a.png"]
    assert not any(told in page.text for told in ("github.com", "a.csv", "abab", ".ipynb"))


def test_the_numbers_of_a_figure_are_offered_with_it(bench: Any, a_figure: Any, pixel: bytes) -> None:
    figure = a_figure("a", dark=None, data="figures/a.csv")
    bench.add(result=Result(figures=(figure,)), recorded={"figures/a.png": pixel, "figures/a.csv": "x\n1\n"})

    page = bench.page()

    assert 'href="figures/a.csv" download' in page.text
    assert "projects/one/figures/a.csv" in [asset.path.as_posix() for asset in page.assets]


def test_lines_of_code_lead_to_the_commit(bench: Any) -> None:
    bench.add(provenance=ON_GITHUB)

    text = bench.page().text

    assert f'href="https://github.com/ada/work/blob/{"a" * 40}/projects/one/script.py#L1" tabindex="-1">1</a>' in text
    assert 'href="https://codespaces.new/ada/work"' in text
    assert "mybinder" not in text


def test_binder_and_colab_are_offered_where_they_can_run_it(bench: Any, tmp_path: Path) -> None:
    bench.add(files={"explore.ipynb": "{}"}, provenance=ON_GITHUB)
    (tmp_path / "requirements.txt").touch()

    text = bench.page().text

    assert f"https://mybinder.org/v2/gh/ada/work/{'a' * 40}?labpath=projects%2Fone%2Fexplore.ipynb" in text
    assert f"https://colab.research.google.com/github/ada/work/blob/{'a' * 40}/projects/one/explore.ipynb" in text


def test_asking_opens_an_issue_or_a_mail_with_the_page_named(bench: Any, find: Any) -> None:
    bench.add(title="50 % & more?", provenance=ON_GITHUB)
    bench.add("two")
    site = Site(name="A", url=None, description="", author=Author(links={"Mail": "mailto:ada@example.org"}))

    rendered = bench.render(site)

    one, two = (find(rendered, f"projects/{slug}/index.md").text for slug in ("one", "two"))
    assert "https://github.com/ada/work/issues/new?title=About%3A%2050%20%25%20%26%20more%3F&amp;body=" in one
    assert 'href="mailto:ada@example.org?subject=About%3A%20A%20title&amp;body=' in two


def test_a_citation_s_braces_are_balanced_whatever_the_title(bench: Any) -> None:
    bench.add(title="A } title { with \\ 100 % of #it_all & PCA")

    text = bench.page().text

    cited = text[text.index("@misc{") :].partition("</code>")[0].replace("\\{", "").replace("\\}", "")
    assert cited.count("{") == cited.count("}")
    assert "100 \\% of \\#it\\_all \\&amp; PCA" in cited


def test_projects_lead_to_those_they_share_topics_with_and_to_their_neighbours(bench: Any, find: Any) -> None:
    for day, (slug, topics) in enumerate({"a": ["x"], "b": ["y"], "c": ["x"], "d": []}.items(), start=1):
        bench.add(slug, title=f"Title {slug}", tags=topics, date=date(2026, 1, day))

    text = find(bench.render(), "projects/c/index.md").text

    around = text[text.index("<!--pf-around-->") :]
    assert around.index("Related projects") < around.index("Title a") < around.index("Newer")
    assert around.index("Title d") < around.index("Older") < around.index("Title b")


def test_a_page_that_is_kept_is_cut_loose_from_projects_that_may_be_gone(bench: Any) -> None:
    bench.add("one", tags=["x"])
    bench.add("two", tags=["x"])

    kept = mark(bench.page("two").text, Failure(kind=FailureKind.RAISED, message="x"))

    assert "../one/" in bench.page("two").text
    assert "../one/" not in kept
