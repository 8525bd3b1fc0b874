"""Scripts as people write them, many in one build: each runs as it would alone, and its page shows what it left."""

import json
from pathlib import Path

import pytest
from stage import MakeStage, Once, Ran, Stage, tree

from portfolio.running.scrub import KEPT

TRAITS = (
    "code-false",
    "expects-failure",
    "forks-a-daemon",
    "hostile-text",
    "knows-nothing-of-us",
    "prints-3-mb",
    "runs-in-parallel",
    "shadows-stdlib",
    "uses-shared",
    "writes-into-inputs",
)


@pytest.fixture(scope="module")
def zoo(once: Once, stage_in: MakeStage) -> Stage:
    """Return a workspace that holds a project of every trait, built once."""

    def build(folder: Path) -> None:
        stage = stage_in(folder / "workspace", "_shared")
        for slug in TRAITS:
            stage.add(slug.replace("-", "_"))
        ran = stage.portfolio("build", "--json")
        said = {"code": ran.code, "out": ran.out, "err": ran.err}
        (folder / "ran.json").write_text(json.dumps(said), encoding="utf-8")

    return Stage(once("traits", build) / "workspace")


@pytest.fixture(scope="module")
def ran(zoo: Stage) -> Ran:
    """Return how the build of the zoo ended."""
    said = json.loads((zoo.root.parent / "ran.json").read_text(encoding="utf-8"))
    return Ran(code=said["code"], out=said["out"], err=said["err"])


@pytest.mark.parametrize("slug", TRAITS)
def test_each_of_them_runs(ran: Ran, slug: str) -> None:
    project = ran.projects[slug]

    assert (project["status"], project["failure"]) == ("ran", None)


def test_a_build_in_which_all_went_well_is_exit_code_0(ran: Ran) -> None:
    assert ran.code == 0
    assert ran.document["ok"] is True


def test_every_project_has_a_page(zoo: Stage) -> None:
    pages = sorted(path.parent.name for path in zoo.site.glob("projects/*/index.html"))

    assert pages == sorted(TRAITS)


def test_a_daemon_that_left_its_session_is_ended(ran: Ran) -> None:
    daemon = ran.projects["forks-a-daemon"]["metrics"]["daemon"]

    assert b"forks-a-daemon" not in _environment_of(daemon)


def test_a_script_that_knows_nothing_of_us_is_captured_whole(ran: Ran) -> None:
    project = ran.projects["knows-nothing-of-us"]

    assert project["metrics"] == {"test_rmse": 0.5, "rows": 12}
    assert project["figures"] == 4
    assert project["tables"] == 1


def test_captured_figures_are_told_by_their_titles_in_order(zoo: Stage) -> None:
    figures = zoo.results("knows-nothing-of-us")["figures"]

    assert [figure["caption"] for figure in figures] == ["Shown first", "Shown second", "Saved to a file", "Left open"]
    assert figures[0]["alt"] == "Shown first: distance against time"
    assert figures[2]["name"] == "scatter_plot"


def test_output_and_warnings_of_a_script_stand_on_its_page(zoo: Stage) -> None:
    page = zoo.page("knows-nothing-of-us")

    assert "printed by the script" in page
    assert "a warning of the script" in page


def test_shared_code_and_data_lie_where_they_lay(ran: Ran) -> None:
    assert ran.projects["uses-shared"]["metrics"] == {"weight": 2.5, "lines": 3}


def test_a_script_may_use_joblib_and_spawned_processes(ran: Ran) -> None:
    assert ran.projects["runs-in-parallel"]["metrics"] == {"by_joblib": 14, "by_pool": 14}


def test_a_script_that_overwrites_its_inputs_changes_its_copy_only(zoo: Stage) -> None:
    folder = zoo.projects / "writes-into-inputs"

    assert (folder / "data.csv").read_text(encoding="utf-8") == "x\n1\n"
    assert "Overwrites its own data" in (folder / "script.py").read_text(encoding="utf-8")
    assert not (zoo.root / "from_a_script").exists()


def test_a_failure_that_was_announced_is_a_result(ran: Ran, zoo: Stage) -> None:
    assert ran.projects["expects-failure"]["metrics"] == {"tried": 3}
    assert "about to fail" in zoo.page("expects-failure")


def test_of_much_output_head_and_tail_are_kept(zoo: Stage) -> None:
    page = zoo.page("prints-3-mb")

    assert "the very first line" in page
    assert "the very last line" in page
    assert len(page) < 2 * KEPT


def test_a_project_without_code_publishes_its_figure_and_its_number(zoo: Stage) -> None:
    page = zoo.page("code-false")

    assert 'value="0.8125"' in page
    assert "A published line" in page


def test_a_project_without_code_publishes_no_byte_of_code_output_or_data(zoo: Stage) -> None:
    published = tree(zoo.site)

    told = [name for name, content in published.items() if b"HIDDEN-IN" in content]

    assert told == []
    assert "search/search_index.json" in published


def test_text_of_a_project_stands_in_the_page_as_text(zoo: Stage) -> None:
    page = zoo.page("hostile-text")

    assert "<script>window.owned" not in page
    assert "&lt;script&gt;window.owned" in page
    assert "<img src=x" not in page
    assert 'href="javascript:' not in page


def test_no_control_character_reaches_a_page_or_the_search(zoo: Stage) -> None:
    published = {name: content for name, content in tree(zoo.site).items() if name.endswith((".html", ".json"))}

    told = [name for name, content in published.items() if set(content) & {0, 7, 8, 27, 127}]

    assert told == []
    assert b"::error::not a workflow command" in published["projects/hostile-text/index.html"]


def _environment_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""
