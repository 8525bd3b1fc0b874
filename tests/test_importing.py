"""Work done elsewhere becomes a recorded project: kept whole, said so, harmless, and its source untouched."""

import csv
import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from elsewhere import live_folder, mlflow_run, notebook
from others import needs_others
from stage import MakeStage, Stage, tree

from portfolio.importing.html_tables import first_table
from portfolio.recorded import find_recorded
from portfolio.values.project import Project
from portfolio.values.record import Record
from portfolio.values.spec import Spec

_RECORDED = "Recorded elsewhere on"


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return what DVCLive and MLflow wrote."""
    live, run = (tmp_path_factory.mktemp(name) for name in ("live", "run"))
    return {"live": live_folder(live), "run": mlflow_run(run)}


@pytest.fixture(scope="module")
def imported(
    others: dict[str, Path], stage_in: MakeStage, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Stage, dict[str, str]]:
    """Return a built workspace with all three kinds, and what each import said."""
    top = tmp_path_factory.mktemp("imported")
    stage, book = stage_in(top / "workspace"), notebook(top / "sold-items.ipynb")
    said = {}
    for slug, path in {**others, "book": book}.items():
        before = tree(path) if path.is_dir() else {"": path.read_bytes()}
        ran = stage.portfolio("import", str(path), "--slug", slug, "--write")
        assert ran.code == 0, ran.err
        assert (tree(path) if path.is_dir() else {"": path.read_bytes()}) == before
        said[slug] = ran.out
    built = stage.portfolio("build", "--json")
    assert built.statuses == dict.fromkeys(sorted(said), "recorded"), built.out
    return stage, said


@needs_others
def test_a_page_says_that_it_was_recorded_elsewhere_and_never_recomputed(
    imported: tuple[Stage, dict[str, str]],
) -> None:
    stage, _ = imported

    for slug, origin in {"live": "a folder of DVCLive", "run": "a run of MLflow", "book": "a notebook saved"}.items():
        page = stage.page(slug)
        assert re.search(rf"{_RECORDED} \d{{4}}-\d\d-\d\d, and imported from {origin}", page)
        assert "recomputed" not in page.lower()
        assert "script.py" not in page


@needs_others
def test_what_was_imported_is_no_reason_to_run(imported: tuple[Stage, dict[str, str]]) -> None:
    stage, _ = imported

    again = stage.portfolio("build", "--json", variables={"CI": "true"})
    explained = stage.portfolio("explain")
    verified = stage.portfolio("verify", "--json")

    assert set(again.statuses.values()) == {"recorded"}
    assert "would run" not in explained.out
    assert verified.document["projects"] == []


@needs_others
def test_metrics_of_dvclive_keep_their_histories(imported: tuple[Stage, dict[str, str]]) -> None:
    stage, said = imported
    record = _record(stage, "live")

    values = {metric.name: (metric.value, metric.method) for metric in record.result.metrics}
    history = list(csv.DictReader((stage.projects / "live/recorded/tables/history.csv").read_text().splitlines()))

    assert values == {
        "train_loss": (0.2, "logged as train/loss, the last of 5 values"),
        "acc": (0.8, "the last of 5 values"),
        "final": (3.5, None),
    }
    assert [row["value"] for row in history if row["metric"] == "acc"] == ["0.0", "0.2", "0.4", "0.6", "0.8"]
    assert "broken" in said["live"]
    assert record.result.params == {"lr": 0.01, "model.depth": 3, "model.name": "small", "layers": [8, 4]}


@needs_others
def test_images_and_plots_of_dvclive_are_figures_and_tables(imported: tuple[Stage, dict[str, str]]) -> None:
    record = _record(imported[0], "live")

    figures = {figure.name: figure for figure in record.result.figures}
    (confused,) = (table for table in record.result.tables if table.name == "confused")

    assert set(figures) == {"samples_first", "roc", "acc_by_step", "train_loss_by_step"}
    assert (figures["samples_first"].width, figures["roc"].dark is not None) == (40, True)
    assert (imported[0].projects / "live/recorded" / confused.file).read_text() == (
        "actual,predicted 0,predicted 1\n0,2,0\n1,1,1\n"
    )


@needs_others
def test_a_run_of_mlflow_keeps_metrics_params_tags_and_artifacts(imported: tuple[Stage, dict[str, str]]) -> None:
    stage, said = imported
    record, page = _record(stage, "run"), stage.page("run")

    assert {metric.name: metric.value for metric in record.result.metrics} == {"f1": 0.75, "train_loss": 0.2}
    assert record.result.params == {"lr": 0.01, "depth": 3, "customer": "007"}
    assert {"plots_curve", "train_loss_by_step"} <= {figure.name for figure in record.result.figures}
    assert {"sold", "scores", "history", "tags_of_the_run"} == {table.name for table in record.result.tables}
    assert {artifact.name for artifact in record.result.artifacts} == {"notes.txt", "model-requirements.txt"}
    assert record.circumstances.packages == {"scikit-learn": "1.5.0"}
    assert 'tags = ["team: growth"]' in (stage.projects / "run" / "spec.toml").read_text()
    assert "<strong>boosted</strong>, {{ 6 * 7 }}" in page
    assert "left out: artifacts/page.html: a web page, whose scripts nobody here knows" in said["run"]
    assert "mlflow.user" not in page


@needs_others
def test_a_notebook_becomes_prose_code_and_outputs_in_their_order(imported: tuple[Stage, dict[str, str]]) -> None:
    stage, said = imported
    page, record = stage.page("book"), _record(stage, "book")
    words = unescape(re.sub(r"<[^>]+>", "", page))
    wanted = ("Prose with", "rate = 0.5", "plot()", "red ```", "A widget", "by zero")

    places = [words.find(text) for text in wanted]

    assert places == sorted(places)
    assert -1 not in places
    assert '<h1 id="top">What was sold' in page
    assert "{{ 6 * 7 }}" in page
    assert "hidden_code" not in page
    assert record.result.params == {"rate": 0.5, "name": "small"}
    assert record.circumstances.python == "3.9.1"
    assert [table.name for table in record.result.tables] == ["table", "table_2"]
    assert [figure.dark is None for figure in record.result.figures] == [True, True, True, False]
    assert "left out: picture https://elsewhere.example/x.png: is not beside the notebook" in said["book"]


@needs_others
def test_nothing_foreign_runs_on_a_page(imported: tuple[Stage, dict[str, str]]) -> None:
    stage, _ = imported
    site = stage.site / "projects"

    files = [path for path in site.rglob("*") if path.is_file() and path.suffix != ".ipynb"]
    shown = [path.read_text(encoding="utf-8", errors="replace") for path in files]

    assert not [text for text in shown if re.search(r"<script[^>]*>\s*(alert|Plotly)", text)]
    assert not list(site.rglob("page.html"))
    assert "'=1+1" in (site / "run" / "tables" / "scores.csv").read_text()
    assert "'=cmd()" in (site / "book" / "tables" / "table.csv").read_text()
    assert '"outputs": []' in (site / "book" / "artifacts" / "sold-items.ipynb").read_text()


@needs_others
def test_without_write_nothing_is_written(others: dict[str, Path], workspace: Callable[..., Stage]) -> None:
    stage = workspace()
    before = tree(stage.root)

    ran = stage.portfolio("import", str(others["run"].parent.parent), "--slug", "tried")

    assert (ran.code, tree(stage.root)) == (0, before)
    assert ran.out.splitlines()[:2] == [
        ran.out.splitlines()[0],
        "would write projects/tried: 2 metrics, 1 history, 2 figures, 4 tables, 2 files, 3 params, 1 tag",
    ]
    assert ran.out.startswith("Churn: boosted: a run of MLflow, of ")
    assert ran.out.rstrip().endswith("--slug tried --write")


@needs_others
def test_importing_again_replaces_the_record_alone(
    imported: tuple[Stage, dict[str, str]], others: dict[str, Path], workspace: Callable[..., Stage], tmp_path: Path
) -> None:
    stage, live = workspace(), tmp_path / "dvclive"
    shutil.copytree(others["live"], live)
    shutil.copytree(imported[0].projects / "live", stage.projects / "live")
    stage.edit("projects/live/spec.toml", "Imported from", "My own words, imported from")
    (live / "metrics.json").write_text('{"acc": 0.9, "final": 3.5, "train": {"loss": 0.2}}')

    ran = stage.portfolio("import", str(live), "--slug", "live", "--write")

    assert ran.code == 0, ran.err
    assert "acc moved: 0.8 → 0.9" in ran.out
    assert "My own words" in (stage.projects / "live" / "spec.toml").read_text()
    assert stage.results("live")["metrics"]["acc"]["value"] == 0.9


@needs_others
def test_of_several_runs_one_must_be_chosen(
    others: dict[str, Path], workspace: Callable[..., Stage], tmp_path: Path
) -> None:
    store = tmp_path / "mlruns"
    shutil.copytree(others["run"].parent.parent, store)
    (run,) = store.glob("*/*/tags")
    shutil.copytree(run.parent, run.parent.parent / "another")

    ran = workspace().portfolio("import", str(store))

    assert ran.code == 2
    assert f"{store}: holds 2 runs" in ran.err
    assert f"hint: choose one: portfolio import {run.parent.parent}/" in ran.err


def test_a_project_that_was_not_imported_is_not_replaced(workspace: Callable[..., Stage], tmp_path: Path) -> None:
    stage, book = workspace("succeeds"), notebook(tmp_path / "a.ipynb")
    before = tree(stage.projects)

    ran = stage.portfolio("import", str(book), "--slug", "succeeds", "--write")

    assert (ran.code, tree(stage.projects)) == (2, before)
    assert "projects/succeeds: is there already and was not imported" in ran.err


def test_what_looks_like_a_secret_is_not_imported(workspace: Callable[..., Stage], tmp_path: Path) -> None:
    stage, book = workspace(), notebook(tmp_path / "a.ipynb")
    key = "ghp_" + "x7Kq2mZ9" * 4 + "aB3d"
    book.write_text(book.read_text().replace("rate = 0.5", f"token = '{key}'"))

    ran = stage.portfolio("import", str(book), "--slug", "a", "--write")

    assert ran.code == 2
    assert "looks like a secret" in ran.err
    assert key not in ran.err + ran.out
    assert not (stage.projects / "a").exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.ipynb", "{}", "is no notebook of version 4"),
        ("a.ipynb", "[" * 100_000, "is not JSON"),
        ("a.ipynb", '{"nbformat": 4, "cells": {}}', "is no notebook of version 4"),
        ("a.txt", "x", "is not a folder of DVCLive"),
        ("dvclive/plots/metrics/../../metrics.json", "[1", "is not JSON"),
    ],
)
def test_what_is_broken_is_refused_in_one_line(
    name: str, content: str, words: str, workspace: Callable[..., Stage], tmp_path: Path
) -> None:
    path = tmp_path / name
    (tmp_path / "dvclive" / "plots" / "metrics").mkdir(parents=True)
    path.write_text(content)

    ran = workspace().portfolio("import", str(path if path.suffix in (".ipynb", ".txt") else tmp_path))

    assert ran.code == 2, ran.err
    assert words in ran.err
    assert "Traceback" not in ran.err


def test_a_broken_record_of_an_import_fails_its_project_alone(workspace: Callable[..., Stage], tmp_path: Path) -> None:
    stage, book = workspace(), notebook(tmp_path / "a.ipynb")
    stage.portfolio("import", str(book), "--slug", "a", "--write")
    stage.append("projects/a/recorded/record.json", " ")

    outcome = stage.run()["a"]

    assert outcome.failure is not None
    assert outcome.failure.message == "has no whole recorded run: import it again"


def test_a_frame_with_a_named_index_has_one_header() -> None:
    head = "<thead><tr><th></th><th>a</th></tr><tr><th>day</th><th></th></tr></thead>"
    html = f"<table>{head}<tr><th>1</th><td>x,y</td></tr></table>"

    assert first_table(html) == 'day,a\n1,"x,y"\n'
    assert first_table("<table></table>") == ""
    assert first_table("<p>no table</p>") == ""


def _record(stage: Stage, slug: str) -> Record:
    project = Project(slug=slug, folder=stage.projects / slug, spec=Spec(title="-", summary="-"), runs=False)
    found = find_recorded(project)
    assert found is not None
    return found.record
