"""`portfolio diff` says what a change of recorded numbers means: a model is swapped in a real repository."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from stage import MakeStage, Ran, Stage, git

from portfolio.cli.main import main

Diff = Callable[..., Ran]
SPEC = (
    'title = "T"\nsummary = "S"\nkind = "{kind}"\n[headline]\nmetric = "skill"\nrope = 0.01\n[params]\nmodel = "old"\n'
)
SCRIPT = """
import portfolio
from portfolio import log_metric
from sklearn.datasets import load_iris
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import Ridge
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

is_new = portfolio.params["model"] == "new"
lda, dummy = LinearDiscriminantAnalysis(), DummyClassifier()
swaps = {
    "skill": (dummy, lda),
    "as_good": (Ridge(alpha=1), Ridge(alpha=1.01)),
    "spoilt": (lda, dummy),
    "unclear": (KNeighborsClassifier(5), DecisionTreeClassifier(random_state=0, max_depth=3)),
    "elsewhere": (lda, KNeighborsClassifier(5)),
}
X, y = load_iris(return_X_y=True)
for name, models in swaps.items():
    seed = int(is_new and name == "elsewhere")
    cv = RepeatedStratifiedKFold(n_splits=10, n_repeats=3, random_state=seed)
    scores = cross_val_score(models[is_new], X, y, cv=cv)
    log_metric(name, scores.mean(), goal="maximize", scores=scores, splits=f"10x3:{seed}")
log_metric("rows", len(X))
"""


@pytest.fixture(scope="module")
def swapped(stage_in: MakeStage, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Return a repository in which a project was committed and its models were swapped since."""
    stage = stage_in(tmp_path_factory.mktemp("diff") / "workspace")
    stage.write(".gitignore", "/build/\n")
    stage.write("projects/flowers/spec.toml", SPEC.format(kind="applied"))
    stage.write("projects/flowers/script.py", SCRIPT)
    stage.run()
    git(stage.root, "init", "--quiet", "--initial-branch=main")
    git(stage.root, "add", ".")
    git(stage.root, "commit", "--quiet", "--message", "old")
    git(stage.root, "tag", "first")
    stage.edit("projects/flowers/spec.toml", '"old"', '"new"')
    stage.run()
    return stage


@pytest.fixture(scope="module")
def shown(swapped: Stage) -> Ran:
    """Return what `portfolio diff --json` says of it."""
    return swapped.portfolio("diff", "--json")


@pytest.fixture
def diff(capsys: pytest.CaptureFixture[str]) -> Diff:
    """Return a function that runs the command within this process, which is quicker."""

    def run(stage: Stage, *arguments: str) -> Ran:
        code = main(["-C", str(stage.root), "diff", *arguments])
        said = capsys.readouterr()
        return Ran(code=code, out=said.out, err=said.err)

    return run


@pytest.mark.parametrize(
    ("metric", "verdict"),
    [
        ("skill", "better"),
        ("as_good", "same or better"),
        ("spoilt", "worse"),
        ("unclear", "inconclusive"),
        ("elsewhere", "not comparable"),
    ],
)
def test_a_swapped_model_is_judged(shown: Ran, metric: str, verdict: str) -> None:
    row = _rows(shown)[metric]

    assert row["verdict"] == verdict
    assert row["new"] != row["old"]
    assert (row["interval"] is None) == (verdict == "not comparable")


def test_what_did_not_change_is_not_shown(shown: Ran) -> None:
    assert "rows" not in _rows(shown)


def test_worse_and_nothing_else_gives_exit_code_1(shown: Ran, swapped: Stage, diff: Diff) -> None:
    document = json.loads((swapped.projects / "flowers/results.json").read_text(encoding="utf-8"))
    committed = json.loads(git(swapped.root, "show", "HEAD:projects/flowers/results.json"))
    kept = Stage(swapped.root.with_name("kept"))
    git(swapped.root.parent, "clone", "--quiet", str(swapped.root), "kept")
    document["metrics"]["spoilt"] = committed["metrics"]["spoilt"]
    kept.write("projects/flowers/results.json", json.dumps(document))

    without = diff(kept)

    assert (shown.code, shown.document["ok"]) == (1, False)
    assert shown.document["projects"][0]["worse"] == ["spoilt"]
    assert without.code == 0, without.out
    assert diff(kept, "--strict").code == 1


def test_what_moved_is_shown_to_people(swapped: Stage, diff: Diff) -> None:
    said = diff(swapped, "flowers").out

    line = next(line for line in said.splitlines() if "spoilt" in line)
    assert "worse, moved" in line
    assert "flowers against HEAD" in said
    assert said.splitlines()[-1] == "5 numbers changed, 1 did not; worse: flowers: spoilt"


def test_a_pull_request_gets_a_table(swapped: Stage, diff: Diff) -> None:
    said = diff(swapped, "--format", "markdown").out

    rows = [line for line in said.splitlines() if line.startswith("|")]
    assert rows[0] == "| metric | old | new | change | interval | verdict |"
    assert ({line.count("|") for line in rows}, len(rows)) == ({7}, 7)
    assert "| **worse, moved** |" in next(line for line in rows if "`spoilt`" in line)


def test_another_commit_is_compared_with(swapped: Stage, diff: Diff) -> None:
    git(swapped.root, "checkout", "--quiet", "-B", "work")
    git(swapped.root, "commit", "--quiet", "--all", "--message", "new")

    same, before = diff(swapped, "--json"), diff(swapped, "--against", "first", "--json")
    git(swapped.root, "reset", "--quiet", "--soft", "main")

    assert (same.code, _rows(same)) == (0, {})
    assert (before.code, set(_rows(before))) == (1, {"skill", "as_good", "spoilt", "unclear", "elsewhere"})


@pytest.mark.parametrize("revision", ["no-such", "--output=stolen", "HEAD:projects"])
def test_an_unknown_commit_is_a_question_that_cannot_be_answered(swapped: Stage, diff: Diff, revision: str) -> None:
    ran = diff(swapped, f"--against={revision}")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"git knows no revision '{revision}'\nhint: ")
    assert not (swapped.root / "stolen").exists()


def test_without_git_it_says_so(stage_in: MakeStage, tmp_path: Path, diff: Diff) -> None:
    stage = stage_in(tmp_path / "workspace", "minimal")

    ran = diff(stage)

    assert (ran.code, ran.out) == (0, "there is no git history here to compare with\n")


def test_before_the_first_commit_it_says_so(stage_in: MakeStage, tmp_path: Path, diff: Diff) -> None:
    stage = stage_in(tmp_path / "workspace", "minimal")
    git(stage.root, "init", "--quiet")

    ran = diff(stage, "--json")

    assert (ran.code, ran.document["note"]) == (0, "nothing is committed yet to compare with")


@pytest.mark.parametrize("recorded", ["", "<<<<<<< ours\n", '{"schema": 1, "metrics": {"a": {"value": "1"}, "b": 3}}'])
def test_numbers_that_cannot_be_read_count_as_absent(
    stage_in: MakeStage, tmp_path: Path, diff: Diff, recorded: str
) -> None:
    stage = stage_in(tmp_path / "workspace", "minimal")
    stage.write("projects/minimal/results.json", recorded)
    git(stage.root, "init", "--quiet")
    git(stage.root, "add", "projects")
    git(stage.root, "commit", "--quiet", "--message", "one")
    stage.write("projects/minimal/results.json", '{"schema": 1, "metrics": {"a": {"value": 1}}}')

    ran = diff(stage, "--json")

    assert ran.code == 0
    assert {row["why"] for row in _rows(ran).values()} <= {"is new"}


def _rows(ran: Ran) -> dict[str, dict[str, Any]]:
    return {row["metric"]: row for project in ran.document["projects"] for row in project["metrics"]}
