"""What a model leaves in its run: a file to try it, or the reason why not; rows that are drawn, never copied."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from demo_models import mixed
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.naive_bayes import BernoulliNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder
from sklearn.svm import SVC

from portfolio.demo import document
from portfolio.demo.model import save_model

rng = np.random.default_rng(3)
ROWS = rng.normal(size=(80, 3))
TARGET = (ROWS[:, 0] > 0).astype(int)


class Own(LogisticRegression):  # type: ignore[misc]
    """A class derived from one of the list, which may do anything."""


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (BernoulliNB().fit(ROWS, TARGET), "BernoulliNB is not among the models"),
        (Own().fit(ROWS, TARGET), "Own is not among the models"),
        (GridSearchCV(LogisticRegression(), {"C": [1, 2]}).fit(ROWS, TARGET), "log its best_estimator_ instead"),
        (make_pipeline(FunctionTransformer(np.abs), LogisticRegression()).fit(ROWS, TARGET), "FunctionTransformer"),
        (LinearRegression().fit(ROWS, ROWS[:, :2]), "more than one target"),
        (SVC(kernel="precomputed").fit(ROWS[:3] @ ROWS[:3].T, [0, 1, 1]), "take linear, rbf, poly or sigmoid"),
        (PCA().fit(ROWS), "PCA has no predict"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_on_the_list_is_kept_without_a_demo(tmp_path: Path, model: Any, reason: str) -> None:
    saved = save_model(model, tmp_path / "m", example=ROWS, target_names=None, demo=True)

    assert reason in str(saved.refused)
    assert {path.name for path in saved.paths} - {"m.onnx"} == {"m.skops", "m.json"}
    assert reason in json.loads((tmp_path / "m.json").read_text())["no_demo"]


def test_a_demo_too_large_is_refused_with_what_to_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "MOST_BYTES", 2000)
    model = RandomForestRegressor(5, random_state=0).fit(ROWS, ROWS[:, 0])

    saved = save_model(model, tmp_path / "m", example=ROWS, target_names=None, demo=True)

    assert "take fewer trees, or a larger min_samples_leaf" in str(saved.refused)


def test_an_author_who_wants_no_demo_gets_none_and_no_reason(tmp_path: Path) -> None:
    saved = save_model(
        LogisticRegression().fit(ROWS, TARGET), tmp_path / "m", example=ROWS, target_names=None, demo=False
    )

    assert {path.name for path in saved.paths} == {"m.skops", "m.json", "m.onnx"}
    assert saved.refused is None


def test_columns_that_are_no_numbers_or_texts_are_refused(tmp_path: Path) -> None:
    days = pd.DataFrame({"day": pd.date_range("2024-01-01", periods=80)})
    model = make_pipeline(OneHotEncoder(), LogisticRegression()).fit(days, TARGET)

    saved = save_model(model, tmp_path / "m", example=days, target_names=None, demo=True)

    assert "column 'day' holds Timestamp" in str(saved.refused)


def test_the_rows_lie_within_the_training_ranges_and_none_is_of_the_data(tmp_path: Path) -> None:
    frame = mixed()
    model = LogisticRegression().fit(frame[["age", "visits"]], frame["town"])
    known = {tuple(row) for row in frame[["age", "visits"]].to_numpy(dtype=float).tolist()}

    save_model(model, tmp_path / "m", example=frame[["age", "visits"]], target_names=None, demo=True)

    found = json.loads((tmp_path / "m.demo.json").read_text())
    drawn = np.array(found["rows"])
    assert drawn.shape == (32, 2)
    assert not known & {tuple(row) for row in found["rows"]}
    assert (drawn >= frame[["age", "visits"]].min().to_numpy()).all()
    assert (drawn <= frame[["age", "visits"]].max().to_numpy()).all()
    again = model.predict_proba(pd.DataFrame(drawn, columns=["age", "visits"]))
    assert np.allclose(again, found["expected"]["probabilities"], rtol=0, atol=1e-15)
