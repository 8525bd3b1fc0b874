"""What a script sees in a build: a copy of its folder, an environment by allow-list, and its seeds."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from stage import MakeStage, Stage

from portfolio.running.environment import run_environment
from portfolio.values.record import Record

PLANTED = {"SECRET_TOKEN": "not for scripts", "DECLARED_NAME": "for this script", "AWS_SECRET_ACCESS_KEY": "nor this"}


@pytest.fixture(scope="module")
def told(stage_in: MakeStage, tmp_path_factory: pytest.TempPathFactory) -> tuple[Stage, Record]:
    """Return a workspace whose one script told what it sees, and the record of that run."""
    stage = stage_in(tmp_path_factory.mktemp("surroundings") / "workspace", "shows_its_surroundings")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in PLANTED.items():
            patch.setenv(name, value)
        record = stage.run()["shows-its-surroundings"].record
    assert record is not None
    return stage, record


@pytest.fixture(scope="module")
def seen(told: tuple[Stage, Record]) -> dict[str, Any]:
    """Return what the script saw."""
    document: dict[str, Any] = json.loads(told[1].result.output)
    return document


def test_a_secret_of_the_parent_is_not_seen(seen: dict[str, Any]) -> None:
    assert {"SECRET_TOKEN", "AWS_SECRET_ACCESS_KEY"} & set(seen["variables"]) == set()


def test_a_declared_name_is_seen(seen: dict[str, Any]) -> None:
    assert seen["variables"]["DECLARED_NAME"] == "for this script"
    assert "DECLARED_BUT_UNSET" not in seen["variables"]


def test_figures_are_drawn_without_a_screen(seen: dict[str, Any]) -> None:
    assert seen["variables"]["MPLBACKEND"] == "Agg"
    assert "DISPLAY" not in seen["variables"]


@pytest.mark.parametrize("name", ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"])
def test_libraries_use_as_many_threads_as_the_spec_says(seen: dict[str, Any], name: str) -> None:
    assert seen["variables"][name] == "2"


@pytest.mark.parametrize("name", ["SCIKIT_LEARN_DATA", "HF_HOME", "MPLCONFIGDIR", "XDG_CACHE_HOME"])
def test_downloads_and_caches_outlive_the_run(seen: dict[str, Any], name: str) -> None:
    assert seen["variables"][name].startswith("build/cache/")


def test_the_working_directory_is_a_copy_of_the_projects_folder(seen: dict[str, Any]) -> None:
    assert seen["folder"] == "."
    assert seen["files"] == ["data/small.csv", "script.py", "spec.toml"]


def test_a_script_is_main_and_has_no_keyboard(seen: dict[str, Any]) -> None:
    assert (seen["name"], seen["argv"], seen["input"]) == ("__main__", ["script.py"], "")


def test_names_of_declared_variables_are_recorded_and_values_are_not(told: tuple[Stage, Record]) -> None:
    stage, record = told
    (stored,) = (stage.root / "build" / "records" / record.slug).glob("*/record.json")

    said = stored.read_text(encoding="utf-8").count("for this script")

    assert "variable DECLARED_NAME" in record.parts
    assert said == 1, "in what the script itself printed, and nowhere else"


def test_the_folder_of_a_run_is_gone_after_it(told: tuple[Stage, Record]) -> None:
    assert list((told[0].root / "build" / "scratch").iterdir()) == []


def test_an_environment_holds_only_what_is_allowed_declared_or_set_by_us(tmp_path: Path) -> None:
    parent = dict.fromkeys(("PATH", "LANG", "LC_ALL", "HTTPS_PROXY", "CUDA_VISIBLE_DEVICES"), "x")
    hidden = dict.fromkeys(("GITHUB_TOKEN", "MY_PATH", "PATHS", "SSH_AUTH_SOCK", "PORTFOLIO_SITE_URL"), "x")

    made = run_environment(parent | hidden, declared=(), threads=1, seed=0, cache=tmp_path, run=tmp_path)

    assert set(parent) <= set(made)
    assert set(hidden) & set(made) == set()


def test_the_same_seed_gives_the_same_numbers(workspace: Callable[..., Stage]) -> None:
    stage = workspace("draws_random_numbers")

    first, again = (_numbers(stage.run(force=True)) for _ in range(2))

    assert first == again


def test_another_seed_gives_other_numbers(workspace: Callable[..., Stage]) -> None:
    stage = workspace("draws_random_numbers")
    first = _numbers(stage.run())
    spec = stage.projects / "draws-random-numbers" / "spec.toml"
    spec.write_text(spec.read_text(encoding="utf-8").replace("seed = 1", "seed = 2"), encoding="utf-8")

    second = _numbers(stage.run())

    assert all(first[name] != second[name] for name in first)


def _numbers(outcomes: dict[str, Any]) -> dict[str, float]:
    record = outcomes["draws-random-numbers"].record
    return {metric.name: metric.value for metric in record.result.metrics}
