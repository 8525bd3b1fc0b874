"""Many defects in one build: each is told by its own kind of failure, the others go on, and nothing survives."""

import json
from pathlib import Path

import pytest
from stage import MakeStage, Once, Ran, Stage

from portfolio.running.scrub import KEPT

FAILING = {
    "raises": "raised",
    "syntax-error": "raised",
    "exits-with-code": "raised",
    "asks-for-input": "raised",
    "logs-nan": "raised",
    "logs-twice": "raised",
    "swaps-arguments": "raised",
    "hangs": "timed_out",
    "ignores-sigterm": "timed_out",
    "exhausts-memory": "out_of_memory",
    "prints-too-much": "output_limit",
    "segfaults": "crashed",
    "exits-zero-without-result": "no_result",
    "fails-to-download": "download",
    "changes-its-inputs-meanwhile": "changed_inputs",
    "escapes-by-artifact": "artifact",
    "link-as-artifact": "artifact",
    "huge-png-header": "artifact",
}
GOING_ON = (
    "minimal",
    "succeeds",
    "knows-nothing-of-us",
    "uses-shared",
    "runs-in-parallel",
    "writes-into-inputs",
    "shadows-stdlib",
    "expects-failure",
    "prints-3-mb",
    "forks-a-daemon",
    "hostile-text",
    "code-false",
)
MESSAGES = {
    "raises": "ValueError: the reason is said here",
    "exits-with-code": "exit code 3",
    "asks-for-input": "no keyboard",
    "logs-nan": "not a finite number",
    "logs-twice": "logged before",
    "swaps-arguments": "the name comes first",
    "hangs": "[run] timeout",
    "exhausts-memory": "[run] memory",
    "prints-too-much": "output_limit",
    "segfaults": "SIGSEGV",
    "escapes-by-artifact": "is not allowed",
    "link-as-artifact": "not a regular file",
    "huge-png-header": "20000 x 10000 pixels",
}


@pytest.fixture(scope="module")
def zoo(once: Once, stage_in: MakeStage) -> Stage:
    """Return a workspace that holds every defect, built once."""

    def build(folder: Path) -> None:
        stage = stage_in(folder / "workspace", "_shared")
        for slug in (*FAILING, *GOING_ON):
            stage.add(slug.replace("-", "_"))
        stage.write("pyproject.toml", '[tool.portfolio]\noutput_limit = "8MiB"\n')
        variables = {"ORIGINALS": str(stage.projects / "changes-its-inputs-meanwhile")}
        ran = stage.portfolio("build", "--json", "--jobs", "4", variables=variables)
        said = {"code": ran.code, "out": ran.out, "err": ran.err, "survivors": stage.survivors()}
        (folder / "ran.json").write_text(json.dumps(said), encoding="utf-8")

    return Stage(once("zoo", build) / "workspace")


@pytest.fixture(scope="module")
def ran(zoo: Stage) -> Ran:
    """Return how the build of the zoo ended."""
    said = json.loads((zoo.root.parent / "ran.json").read_text(encoding="utf-8"))
    return Ran(code=said["code"], out=said["out"], err=said["err"])


@pytest.mark.parametrize(("slug", "kind"), FAILING.items())
def test_each_defect_has_its_own_kind_of_failure(ran: Ran, slug: str, kind: str) -> None:
    project = ran.projects[slug]

    assert (project["status"], project["failure"]["kind"]) == ("failed", kind), project["failure"]


@pytest.mark.parametrize(("slug", "words"), MESSAGES.items())
def test_a_failure_says_in_one_line_what_happened(ran: Ran, slug: str, words: str) -> None:
    message = ran.projects[slug]["failure"]["message"]

    assert words in message
    assert "\n" not in message


@pytest.mark.parametrize("slug", GOING_ON)
def test_the_others_go_on(ran: Ran, slug: str) -> None:
    project = ran.projects[slug]

    assert (project["status"], project["failure"]) == ("ran", None)


def test_a_failed_project_is_exit_code_1(ran: Ran) -> None:
    assert ran.code == 1
    assert ran.document["ok"] is False


def test_nothing_of_a_run_survives_it(zoo: Stage) -> None:
    said = json.loads((zoo.root.parent / "ran.json").read_text(encoding="utf-8"))

    assert said["survivors"] == []
    assert list((zoo.root / "build" / "scratch").iterdir()) == []


def test_a_daemon_that_left_its_session_is_ended(ran: Ran) -> None:
    daemon = ran.projects["forks-a-daemon"]["metrics"]["daemon"]

    assert b"forks-a-daemon" not in _environment_of(daemon)


def test_every_project_that_ran_has_a_page(zoo: Stage) -> None:
    pages = {path.parent.name for path in zoo.site.glob("projects/*/index.html")}

    assert pages == set(GOING_ON)


def test_progress_goes_to_standard_error_alone(ran: Ran) -> None:
    assert "run raises: never run" in ran.err
    assert "✗ raises: raised" in ran.err
    assert ran.out.startswith("{")


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


def test_a_refused_artifact_leaves_nothing_behind(zoo: Stage) -> None:
    for slug in ("escapes-by-artifact", "link-as-artifact", "huge-png-header"):
        stored = {path.name for path in (zoo.root / "build" / "records" / slug).rglob("*")}

        assert stored == {"failure.json"}


def test_no_traceback_of_a_script_holds_a_frame_or_a_path_of_ours(zoo: Stage) -> None:
    failure = json.loads((zoo.root / "build" / "records" / "raises" / "failure.json").read_text(encoding="utf-8"))

    assert failure["line"] == 9
    assert 'File "script.py", line 12, in <module>' in failure["detail"]
    assert str(zoo.root) not in failure["detail"]
    assert "worker.py" not in failure["detail"]


def _environment_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""
