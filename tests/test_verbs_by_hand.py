"""A script is an ordinary script: started by hand it prints and saves what a build would keep."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from stage import Stage, environment, tree


def test_a_script_started_by_hand_saves_under_build_manual(workspace: Callable[..., Stage]) -> None:
    stage = workspace("succeeds")

    _by_hand(stage.projects / "succeeds")

    saved = tree(stage.root / "build" / "manual" / "succeeds")
    assert set(saved) == {"log.jsonl", "tables/rows.csv", "artifacts/model.bin"}
    assert not (stage.projects / "succeeds" / "results.json").exists()


def test_a_script_started_by_hand_prints_what_it_logs(workspace: Callable[..., Stage]) -> None:
    stage = workspace("succeeds")

    printed = _by_hand(stage.projects / "succeeds")

    assert "mean_x = 30" in printed
    assert "accuracy = 91.25 [88.5, 94] %" in printed
    assert "verdict: It is fine." in printed


def test_a_script_started_by_hand_sees_params_and_seed_of_its_spec(workspace: Callable[..., Stage]) -> None:
    stage = workspace("succeeds")

    _by_hand(stage.projects / "succeeds")

    assert _metrics(stage.root / "build" / "manual" / "succeeds") == {
        "mean_x": 30.0,
        "accuracy": 91.25,
        "rows": 3,
        "seed_seen": 7,
    }


def test_a_second_start_by_hand_replaces_the_first(workspace: Callable[..., Stage]) -> None:
    stage = workspace("succeeds")

    _by_hand(stage.projects / "succeeds")
    once = (stage.root / "build/manual/succeeds/log.jsonl").read_text(encoding="utf-8").count("\n")
    _by_hand(stage.projects / "succeeds")

    assert (stage.root / "build/manual/succeeds/log.jsonl").read_text(encoding="utf-8").count("\n") == once


def test_without_a_workspace_a_script_saves_beside_itself(tmp_path: Path) -> None:
    script = tmp_path / "alone.py"
    script.write_text("import portfolio\nportfolio.log_metric('loss', 0.5)\n", encoding="utf-8")

    _by_hand(tmp_path, "alone.py")

    assert _metrics(tmp_path / "portfolio-output") == {"loss": 0.5}


def test_a_figure_logged_by_hand_is_a_png(workspace: Callable[..., Stage]) -> None:
    stage = workspace("draws_two_figures")

    _by_hand(stage.projects / "draws-two-figures")

    figures = tree(stage.root / "build" / "manual" / "draws-two-figures" / "figures")
    assert set(figures) == {"rising.png", "matrix.png"}
    assert all(image.startswith(b"\x89PNG") for image in figures.values())


def _by_hand(folder: Path, script: str = "script.py") -> str:
    variables = environment({"MPLBACKEND": "Agg", "MPLCONFIGDIR": str(folder.parent.parent / "build/cache/matplotlib")})
    ended = subprocess.run(
        [sys.executable, script], cwd=folder, env=variables, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def _metrics(folder: Path) -> dict[str, float]:
    events = [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    return {event["name"]: event["value"] for event in events if event["event"] == "metric"}
