"""A model offered as ONNX answers as was measured; where it cannot be had, nothing is said of it."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pandas as pd
import pytest
from demo_models import mixed, mixed_target
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from portfolio.demo.converted import N_ROWS
from portfolio.demo.model import save_model
from portfolio.demo.rows import drawn_rows

rng = np.random.default_rng(3)
ROWS = rng.normal(size=(200, 3)) * [1, 1000, 1e6]
TARGET = (ROWS[:, 0] + ROWS[:, 1] / 1000 > 0).astype(int)


def test_the_measured_difference_is_what_a_user_of_the_file_gets(tmp_path: Path) -> None:
    model = make_pipeline(StandardScaler(), RandomForestClassifier(20, random_state=0)).fit(ROWS, TARGET)
    said = _saved(model, ROWS, tmp_path)

    rows = np.array([*said["rows"], *drawn_rows(said["inputs"], pd.DataFrame(ROWS), N_ROWS)])
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # several would add up the trees in another order
    session = onnxruntime.InferenceSession(str(tmp_path / "m.onnx"), options)
    labels, shares = session.run(None, {"X": rows.astype(np.float32)})

    wanted = model.predict_proba(rows)
    assert said["onnx"]["largest_difference"] == pytest.approx(np.abs(shares - wanted).max(), abs=1e-12)
    assert said["onnx"]["labels_flipped"] == int((labels != model.predict(rows)).sum())
    assert said["onnx"]["rows"] == len(rows)


def test_a_pipeline_of_numbers_and_texts_takes_each_column_by_its_name(tmp_path: Path) -> None:
    frame = mixed()[["age", "income", "town"]]
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    parts = [("numbers", numbers, ["age", "income"]), ("texts", OneHotEncoder(), ["town"])]
    model = make_pipeline(ColumnTransformer(parts), LogisticRegression()).fit(frame, mixed_target(mixed(), "many"))

    said = _saved(model, frame, tmp_path)

    session = onnxruntime.InferenceSession(str(tmp_path / "m.onnx"))
    assert [each.name for each in session.get_inputs()] == ["age", "income", "town"]
    assert said["onnx"]["largest_difference"] < 1e-5
    assert said["onnx"]["labels_flipped"] == 0


def test_a_regression_has_no_labels_to_flip(tmp_path: Path) -> None:
    said = _saved(Ridge().fit(ROWS, ROWS[:, 0]), ROWS, tmp_path)

    assert said["onnx"]["labels_flipped"] is None
    assert 0 < said["onnx"]["largest_difference"] < 1e-3


def test_the_file_has_the_same_bytes_each_time(tmp_path: Path) -> None:
    model = LogisticRegression().fit(ROWS[:, :1], TARGET)
    found = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        _saved(model, ROWS[:, :1], tmp_path / name)
        found.append((tmp_path / name / "m.onnx").read_bytes())

    assert found[0] == found[1]


def test_a_model_that_does_not_convert_has_none(tmp_path: Path) -> None:
    model = make_pipeline(FunctionTransformer(np.abs), LogisticRegression()).fit(ROWS, TARGET)

    said = _saved(model, ROWS, tmp_path)

    assert said["onnx"] is None
    assert not (tmp_path / "m.onnx").exists()


def test_without_the_extra_there_is_none_and_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "skl2onnx", None)

    said = _saved(Ridge().fit(ROWS, TARGET), ROWS, tmp_path)

    assert said["onnx"] is None
    assert not (tmp_path / "m.onnx").exists()
    assert capsys.readouterr() == ("", "")


def _saved(model: Any, example: Any, folder: Path) -> dict[str, Any]:
    save_model(model, folder / "m", example=example, target_names=None, demo=True)
    found: dict[str, Any] = json.loads((folder / "m.json").read_text())
    return found
