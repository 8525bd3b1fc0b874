"""What a completed project states is computed, and `portfolio next` says the first thing missing and what to type."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from stage import MakeStage, Stage, a_record

from portfolio.cli.main import main
from portfolio.completeness import done, missing
from portfolio.starters import TEMPLATES, example_files, project_files
from portfolio.unwritten import undefined, unpresented
from portfolio.values.project import Project
from portfolio.values.record import Artifact, Metric, Record
from portfolio.values.spec import Spec

STATED: dict[str, Any] = {
    "title": "A finding",
    "summary": "What came of it.",
    "question": "Does it?",
    "decision": "Whoever decides.",
    "headline": {"metric": "error", "baseline": "usual", "goal": "minimize"},
    "data": [{"name": "Rows", "source": "Somewhere", "licence": "CC0 1.0", "period": "1998"}],
    "intended_use": "A procedure.",
    "limits": "Small.",
    "follow_up": "More.",
    "tags": ["one"],
    "done_when": {"metric": "error", "max": 0.2},
}
ERROR = Metric(name="error", value=0.1, interval=(0.05, 0.15))
USUAL = Metric(name="usual", value=0.4)


def test_a_complete_project_lacks_nothing() -> None:
    assert missing(_project(), _record()) == ()


@pytest.mark.parametrize(
    "key", ["question", "decision", "data", "headline", "intended_use", "limits", "follow_up", "tags", "done_when"]
)
def test_each_thing_a_completed_project_states_is_asked_for(key: str) -> None:
    project = _project(**{key: None})

    found = missing(project, _record())

    assert [it.key.split(".")[0] for it in found] == [key]
    assert found[0].file == "projects/one/spec.toml"
    assert found[0].hint


@pytest.mark.parametrize(
    ("stated", "key"),
    [
        ({"data": [{"name": "Rows", "licence": "CC0", "period": "1998"}]}, "data.source"),
        ({"data": [{"name": "Rows", "source": "S", "period": "1998"}]}, "data.licence"),
        ({"data": [{"name": "Rows", "source": "S", "licence": "CC0"}]}, "data.period"),
        ({"headline": {"metric": "error", "goal": "minimize"}}, "headline.baseline"),
        ({"headline": {"metric": "error", "baseline": 0.4}}, "headline.goal"),
        ({"headline": {"metric": "usual", "baseline": 0.4, "goal": "minimize"}}, "headline.metric"),
        ({"headline": {"metric": "gone", "baseline": 0.4, "goal": "minimize"}}, "headline.metric"),
        ({"done_when": {"metric": "gone", "min": 1.0}}, "done_when.metric"),
        ({"done_when": {"metric": "error", "max": 0.05}}, "done_when"),
        ({"done_when": {"metric": "error", "min": 0.2}}, "done_when"),
        ({"draft": True}, "draft"),
    ],
)
def test_half_a_statement_is_completed(stated: dict[str, Any], key: str) -> None:
    assert [it.key for it in missing(_project(**stated), _record())] == [key]


def test_synthetic_data_have_no_period() -> None:
    data = [{"name": "Rows", "source": "S", "licence": "CC0", "kind": "synthetic"}]

    assert missing(_project(data=data), _record()) == ()


def test_a_result_comes_before_what_is_said_of_it() -> None:
    found = missing(_project(question=None, limits=None), None)

    assert [it.key for it in found] == ["question", ""]
    assert (found[1].file, found[1].hint) == ("projects/one/script.py", "portfolio build one")


def test_a_one_off_analysis_states_its_caveats() -> None:
    (found,) = missing(_project(kind="one-off", limits=None), _record())

    assert (found.key, "caveats" in found.message) == ("limits", True)


def test_an_embedded_model_is_offered() -> None:
    record, project = _record(), _project(kind="embedded")
    names = ("model.skops", "model.demo.json")
    offered = tuple(Artifact(name=name, file=f"artifacts/{name}", size=1) for name in names)

    found = [missing(project, _with(record, artifacts=offered[:count])) for count in range(3)]

    assert [[it.key for it in lacks] for lacks in found] == [["kind"], ["kind"], []]
    assert "can be tried in its page" in found[1][0].message


def test_a_deep_project_has_an_accepted_result_that_can_be_compared() -> None:
    project, plain = _project(kind="deep"), _record()
    folds = _record(replace(ERROR, scores=(0.1, 0.1), splits="2x1:all"), USUAL)

    asked = [missing(project, plain), missing(project, folds), missing(project, folds, {"metrics": {}})]

    assert [len(lacks) for lacks in asked] == [2, 1, 0]
    assert asked[1][0].hint == "portfolio accept one"


def test_ways_from_scratch_are_compared() -> None:
    project = _project(kind="from-scratch")
    compared = Metric(name="by_hand", value=1e-15, method="largest absolute difference")

    found = [missing(project, _record()), missing(project, _record(ERROR, USUAL, compared))]

    assert [len(lacks) for lacks in found] == [1, 0]


@pytest.mark.parametrize(
    ("bound", "reached"), [({"min": 0.1}, True), ({"min": 0.11}, False), ({"max": 0.1}, True), ({"max": 0.09}, False)]
)
def test_done_is_what_the_bound_says(bound: dict[str, float], reached: bool) -> None:  # noqa: FBT001 - a case
    spec = _project(done_when={"metric": "error", **bound}).spec

    found = done(spec, _record().result)

    assert found is not None
    assert found.reached is reached


def test_a_new_project_is_led_to_its_end(
    stage_in: MakeStage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = stage_in(tmp_path / "workspace")
    main(["-C", str(stage.root), "new", "mine"])
    spec = "projects/mine/spec.toml"
    stage.write("projects/mine/script.py", "import portfolio\nportfolio.log_metric('accuracy', 1, interval=(0, 2))\n")
    capsys.readouterr()
    said = [_next(stage, capsys)]

    stage.edit(spec, "what did you find?", "more")
    said.append(_next(stage, capsys))
    stage.edit(spec, "What was asked of which data, and", "Asked and answered:")
    stage.edit(spec, 'licence = "CC BY 4.0"', 'licence = "CC BY 4.0"\nperiod = "1995"')
    said.append(_next(stage, capsys))
    stage.edit(spec, "Can a simple model", "Can a plain model")
    stage.edit(spec, "Whoever has to sort", "Who has to sort")
    said.append(_next(stage, capsys))
    stage.edit(spec, ", replace it by yours", "")
    said.append(_next(stage, capsys))
    stage.run()
    said.append(_next(stage, capsys))
    stage.edit(spec, "limits", 'intended_use = ["one"]\nlimits')
    stage.append(spec, '[done_when]\nmetric = "accuracy"\nmin = 0.9\n')
    said.append(_next(stage, capsys))
    stage.edit(spec, "One small data set", "One hospital's data")
    stage.edit(spec, "Repeat it on data", "Do it again on data")
    said.append(_next(stage, capsys))
    stage.edit("projects/mine/writeup.md", "Say it here.", "Nothing did.")
    said.append(_next(stage, capsys))
    stage.append("projects/mine/script.py", "portfolio.seed + 1\n")
    said.append(_next(stage, capsys))

    assert [text.partition(": ")[0] for text in said] == [
        f"{spec}:title",
        f"{spec}:summary",
        f"{spec}:question",
        f"{spec}:data.name",
        "projects/mine/script.py",
        f"{spec}:intended_use",
        f"{spec}:limits",
        "projects/mine/writeup.md:16",
        "mine",
        "projects/mine/script.py",
    ]
    assert said[8] == "mine: complete\nhint: portfolio build, then commit and push\n"
    assert "hint: portfolio build mine\n" in said[9]


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_starter_is_told_where_its_own_words_still_stand(template: str, tmp_path: Path) -> None:
    for name, content in project_files(template).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    spec = Spec.model_validate(tomllib.loads((tmp_path / "spec.toml").read_text(encoding="utf-8")))
    project = Project(slug="one", folder=tmp_path, spec=spec)

    before, after = list(undefined(project)), list(unpresented(project))

    assert [it.key for it in before] == ["summary", "question", "decision", "data.name"]
    found = [(it.file.rpartition("/")[2], it.key) for it in after]
    assert found[:2] == [("spec.toml", "limits"), ("spec.toml", "follow_up")]
    if spec.script.endswith(".ipynb"):
        assert found[2:] == [(spec.script, "")] * 4
        return
    lines = (tmp_path / "writeup.md").read_text(encoding="utf-8").splitlines()
    assert found[2:] == [("script.py", "1"), ("writeup.md", str(lines.index("Say it here.") + 1))]
    assert all(it.message and it.hint for it in (*before, *after))


def test_the_finished_example_holds_no_word_of_a_starter(tmp_path: Path) -> None:
    for name, content in example_files().items():
        (tmp_path / name).write_bytes(content)
    spec = Spec.model_validate(tomllib.loads((tmp_path / "spec.toml").read_text(encoding="utf-8")))
    project = Project(slug="one", folder=tmp_path, spec=spec)

    assert [*undefined(project), *unpresented(project)] == []


def test_words_around_a_starters_sentence_are_the_authors(tmp_path: Path) -> None:
    (tmp_path / "writeup.md").write_text("## Mine\n\nSay it here. Or there.\n\n{{ tables.x }}\n", encoding="utf-8")
    (tmp_path / "script.py").write_text("print(1)\n", encoding="utf-8")

    assert list(unpresented(replace(_project(), folder=tmp_path))) == []


def test_a_failure_comes_first(stage_in: MakeStage, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stage = stage_in(tmp_path / "workspace", "minimal", "raises")
    stage.run()

    said = _next(stage, capsys, "raises")

    assert said.startswith("projects/raises/script.py: failed: ")
    assert "hint: portfolio build raises\n" in said


def test_drafts_come_first_and_the_others_are_counted(
    stage_in: MakeStage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = stage_in(tmp_path / "workspace", "minimal", "draft", "succeeds")

    said = _next(stage, capsys)

    assert said.startswith("projects/draft/")
    assert said.endswith("; 2 more projects with something missing\n")


def test_check_begins_with_the_next_thing(
    stage_in: MakeStage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = stage_in(tmp_path / "workspace", "minimal", "draft")
    said = _next(stage, capsys).splitlines()

    main(["-C", str(stage.root), "check"])

    assert capsys.readouterr().err.splitlines()[:2] == [f"warning: {said[0]}", said[1]]


def test_nothing_yet_is_told(stage_in: MakeStage, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stage = stage_in(tmp_path / "workspace")

    assert _next(stage, capsys) == "no projects yet\nhint: portfolio new my-first starts one\n"


def _next(stage: Stage, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["-C", str(stage.root), "next", *arguments]) == 0
    return capsys.readouterr().out


def _project(**stated: Any) -> Project:
    kept = {key: value for key, value in {**STATED, **stated}.items() if value is not None}
    return Project(slug="one", folder=Path("projects/one"), spec=Spec.model_validate(kept))


def _record(*metrics: Metric) -> Record:
    return a_record(*(metrics or (ERROR, USUAL)))


def _with(record: Record, **result: Any) -> Record:
    return replace(record, result=replace(record.result, **result))
