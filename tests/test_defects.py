"""Many defects in one build: each is told by its own kind of failure, nothing survives, and the others go on."""

import json
from pathlib import Path

import pytest
from forking import edit_while_it_runs
from stage import MakeStage, Once, Ran, Stage

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
    "forges-a-result": "no_result",
    "fails-to-download": "download",
    "changes-its-inputs-meanwhile": "changed_inputs",
    "escapes-by-artifact": "artifact",
    "link-as-artifact": "artifact",
    "huge-png-header": "artifact",
}
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
    """Return a workspace that holds every defect and one project without, built once."""

    def build(folder: Path) -> None:
        stage = stage_in(folder / "workspace", "minimal")
        for slug in FAILING:
            stage.add(slug.replace("-", "_"))
        stage.write("pyproject.toml", '[tool.portfolio]\noutput_limit = "8MiB"\n')
        originals = stage.projects / "changes-its-inputs-meanwhile"
        variables = {"ORIGINALS": str(originals)}
        edit_while_it_runs(stage, originals.name, "projects/changes-its-inputs-meanwhile/data.csv")
        ran = stage.portfolio("build", "--json", "--jobs", "4", variables=variables)
        said = {"code": ran.code, "out": ran.out, "err": ran.err, "survivors": stage.survivors()}
        (folder / "ran.json").write_text(json.dumps(said), encoding="utf-8")

    return Stage(once("defects", build) / "workspace")


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


def test_the_others_go_on(ran: Ran, zoo: Stage) -> None:
    pages = [path.parent.name for path in zoo.site.glob("projects/*/index.html")]

    assert ran.projects["minimal"]["status"] == "ran"
    assert pages == ["minimal"]


def test_a_failed_project_is_exit_code_1(ran: Ran) -> None:
    assert ran.code == 1
    assert ran.document["ok"] is False


def test_nothing_of_a_run_survives_it(zoo: Stage) -> None:
    said = json.loads((zoo.root.parent / "ran.json").read_text(encoding="utf-8"))

    assert said["survivors"] == []
    assert list((zoo.root / "build" / "scratch").iterdir()) == []


def test_progress_goes_to_standard_error_alone(ran: Ran) -> None:
    assert "run raises: never run" in ran.err
    assert "✗ raises: raised" in ran.err
    assert ran.out.startswith("{")


def test_a_refused_artifact_leaves_nothing_behind(zoo: Stage) -> None:
    for slug in ("escapes-by-artifact", "link-as-artifact", "huge-png-header"):
        stored = {path.name for path in (zoo.root / "build" / "records" / slug).rglob("*")}

        assert stored == {"failure.json"}


def test_no_traceback_of_a_script_holds_a_frame_or_a_path_of_ours(zoo: Stage) -> None:
    failure = json.loads((zoo.root / "build" / "records" / "raises" / "failure.json").read_text(encoding="utf-8"))[
        "failure"
    ]

    assert failure["line"] == 9
    assert 'File "script.py", line 12, in <module>' in failure["detail"]
    assert str(zoo.root) not in failure["detail"]
    assert "worker.py" not in failure["detail"]
