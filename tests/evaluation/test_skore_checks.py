"""skore's own checks stand beside ours where it is installed; where it is not, nothing changes."""

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from portfolio.evaluation import report
from portfolio.evaluation.skore_checks import skore_checks
from portfolio.log import Log, begin, sink

needs_skore = pytest.mark.skipif(
    find_spec("skore") is None, reason="skore is not installed: pip install -e '.[checks]'"
)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    before = sink._current
    begin(Log(tmp_path, inputs={"seed": 3}, echo=False))
    yield tmp_path
    sink._current = before


def tables(folder: Path) -> dict[str, Any]:
    events = [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    return {event["name"]: event for event in events if event["event"] == "table"}


def split(X: Any, y: Any) -> tuple[Any, Any, Any, Any]:
    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
    return X_train, y_train, X_test, y_test


@needs_skore
def test_a_model_that_knows_its_rows_by_heart_is_found_by_skore_too() -> None:
    X, y = make_classification(400, n_features=20, n_informative=2, flip_y=0.4, random_state=0)
    X_train, y_train, X_test, y_test = split(X, y)
    tree = DecisionTreeClassifier(random_state=0)

    found = skore_checks(tree, X_train, y_train, X_test, y_test)

    assert found is not None
    assert found.table.loc["SKD001", "outcome"] == "issue"
    assert "overfitting" in str(found.table.loc["SKD001", "title"]).lower()
    assert set(found.table["outcome"]) <= {"issue", "tip", "passed", "not applicable"}
    assert "SKD010" not in found.table.index  # it goes by the clock
    assert found.caption.startswith("skore ")


@needs_skore
def test_what_skore_finds_is_logged_and_what_it_prints_is_not(log: Path, capfd: pytest.CaptureFixture[str]) -> None:
    X, y = load_breast_cancer(return_X_y=True, as_frame=True)
    few = list(X.columns[:4])

    found = report(make_pipeline(StandardScaler(), LogisticRegression()), *split(X[few], y))

    assert found.skore is not None
    assert tables(log)["skore_checks"]["caption"] == found.skore.caption
    assert capfd.readouterr().out == ""


@needs_skore
def test_what_skore_cannot_judge_is_left_out() -> None:
    assert skore_checks("no model", np.zeros((4, 2)), np.zeros(4), np.zeros((4, 2)), np.zeros(4)) is None


def test_without_the_extra_nothing_is_logged_and_nothing_said(tmp_path: Path) -> None:
    script = """
import sys
sys.modules["skore"] = None
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from portfolio.evaluation import report
X, y = load_iris(return_X_y=True)
found = report(LogisticRegression(max_iter=500), X[::2], y[::2], X[1::2], y[1::2])
assert found.skore is None
"""
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, ran.stderr
    assert "skore" not in ran.stdout + ran.stderr
