"""An earlier and a later result stand side by side where they surely are of the same data, and nowhere else."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from stage import MakeStage, git

from portfolio.values.entry import Earlier
from portfolio.values.record import Goal, Metric, Result

OLD = tuple(np.random.default_rng(0).normal(0.8, 0.03, 30).round(4).tolist())
NOISE = np.random.default_rng(1).normal(0, 1, 30)


def metric(shift: float = 0.0, spread: float = 0.0, **other: Any) -> Metric:
    scores = [old + shift + spread * (noise - NOISE.mean()) for old, noise in zip(OLD, NOISE, strict=True)]
    values = {"name": "skill", "value": float(np.mean(scores)), "goal": Goal.MAXIMIZE, "splits": "10x3:a"}
    return Metric(**{**values, "scores": tuple(scores), **other})


def earlier(found: Metric) -> Earlier:
    return Earlier(commit="abcdef0123" * 4, day=date(2026, 5, 3), metric=found)


@pytest.mark.parametrize(
    ("shift", "spread", "said"),
    [
        (0.05, 0.02, "Fold by fold the later one is better. The mean change is 0.050, between 0.039 and 0.061 "),
        (-0.001, 0.002, "Fold by fold the later one is as good or better"),
        (-0.05, 0.02, "Fold by fold the later one is worse."),
        (0.02, 0.1, "Fold by fold they cannot be told apart."),
    ],
)
def test_what_may_be_said_is_what_the_folds_say(bench: Any, shift: float, spread: float, said: str) -> None:
    bench.add(result=Result(metrics=(metric(shift, spread),)), earlier=earlier(metric()))

    text = bench.page().text

    assert said in text
    assert "Committed on 3 May 2026, abcdef0" in text
    assert f'value="{metric().value!r}"' in text
    assert f'value="{metric(shift, spread).value!r}"' in text


def test_other_splits_are_shown_and_not_compared(bench: Any) -> None:
    bench.add(result=Result(metrics=(metric(0.1),)), earlier=earlier(metric(splits="10x3:b")))

    text = bench.page().text

    assert "They cannot be compared fold by fold: other splits." in text
    assert "the later one is" not in text


def test_no_commit_is_named_where_the_code_is_not_published(bench: Any) -> None:
    bench.add(result=Result(metrics=(metric(0.1),)), earlier=earlier(metric()), code=False)

    text = bench.page().text

    assert "Committed on 3 May 2026" in text
    assert "abcdef0" not in text


def test_a_project_stands_beside_the_one_it_builds_on(bench: Any) -> None:
    bench.add("first", title="The first try", result=Result(metrics=(metric(),)))
    bench.add("second", result=Result(metrics=(metric(0.05, 0.02),)), builds_on=["first"])

    text = bench.page("second").text

    assert '<th scope="row"><a href="../first/">The first try</a></th>' in text
    assert "the later one is better" in text


@pytest.mark.parametrize(
    ("other", "data"),
    [
        ({"name": "speed"}, None),
        ({"unit": "%"}, None),
        ({"goal": Goal.MINIMIZE}, None),
        ({}, {"data/a.csv": "cd" * 32}),
        ({}, {}),
    ],
    ids=["another metric", "another unit", "the opposite goal", "other data", "data unknown"],
)
def test_what_is_not_surely_alike_is_not_set_side_by_side(
    bench: Any, other: dict[str, Any], data: dict[str, str] | None
) -> None:
    bench.add("first", title="The first try", result=Result(metrics=(metric(**other),)), data_digests=data)
    own: dict[str, str] | None = {} if data == {} else None
    bench.add("second", result=Result(metrics=(metric(0.05),)), builds_on=["first"], data_digests=own)

    assert "On the same data" not in bench.page("second").text


SCRIPT = """
from pathlib import Path
from random import Random
from portfolio import log_metric, params
draw, size = Random(1), len(Path("data.csv").read_text())
scores = [params["skill"] + draw.gauss(0, 0.01) for fold in range(30)]
log_metric("skill", sum(scores) / 30, goal="maximize", scores=scores, splits=f"10x3:{size}")
"""


def test_a_page_shows_what_was_committed_before_until_the_data_change(stage_in: MakeStage, tmp_path: Path) -> None:
    stage = stage_in(tmp_path / "workspace", "minimal")
    stage.write(".gitignore", "/build/\n")
    stage.write("projects/minimal/script.py", SCRIPT)
    stage.write("projects/minimal/data.csv", "1\n")
    spec = (stage.projects / "minimal/spec.toml").read_text(encoding="utf-8")
    git(stage.root, "init", "--quiet")
    shown = []
    for skill, data in ((0.5, "1\n"), (0.75, "1\n"), (0.8, "2\n")):
        stage.write("projects/minimal/spec.toml", f"{spec}\n[params]\nskill = {skill}\n")
        stage.write("projects/minimal/data.csv", data)
        assert stage.portfolio("build").code == 0
        shown.append(stage.page("minimal"))
        git(stage.root, "add", ".")
        git(stage.root, "commit", "--quiet", "--message", str(skill))

    assert ["On the same data" in page for page in shown] == [False, True, False]
    assert "Fold by fold the later one is better." in shown[1]
    assert stage.portfolio("build").code == 0
