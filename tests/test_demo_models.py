"""Every model of the list says in the page what scikit-learn says: the page's own code, in Chromium, on other rows."""

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import demo_models
import numpy as np
import pandas as pd
import pytest
from browsing import chromium, is_missing, served
from demo_models import COLORS, Fitted
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page
from sklearn import ensemble, linear_model, naive_bayes, tree
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, OrdinalEncoder, RobustScaler, StandardScaler
from stage import REPOSITORY

from portfolio.demo.exported import exported
from portfolio.demo.rows import drawn_rows, frame_of
from portfolio.demo.schema import described

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(is_missing(), reason="no chromium here; continuous integration installs one"),
]
SCRIPTS = REPOSITORY / "site_templates" / "assets" / "demo"
N_ROWS = 1000
UNSEEN = "violet"
COMPARE = """async (file) => {
  const { predict } = await import("/predict.js");
  const { model, numeric, rows } = await (await fetch(file, { cache: "no-store" })).json();
  const cells = (row) => row.map((cell, i) => (cell === null && numeric[i] ? NaN : cell));
  return JSON.stringify(rows.map((row) => predict(model, cells(row))));
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the page's code and an empty page."""
    folder = tmp_path_factory.mktemp("demo")
    for script in SCRIPTS.glob("*.js"):
        (folder / script.name).write_bytes(script.read_bytes())
    (folder / "index.html").write_text("<!doctype html><title>Empty</title>")
    return folder


@pytest.fixture(scope="module")
def page(folder: Path) -> Iterator[Page]:
    """Return the empty page in Chromium."""
    with served(folder) as base, chromium() as browser:
        page = browser.new_page()
        page.goto(base)
        yield page


@pytest.mark.parametrize("made", [demo_models.estimators, demo_models.preparations], ids=["estimators", "preparations"])
def test_the_page_says_what_scikit_learn_says(page: Page, folder: Path, made: Any) -> None:
    found = [(fitted, _apart(page, folder, fitted, _rows(fitted.example))) for fitted in made()]

    assert {fitted.name: apart for fitted, apart in found if not apart <= fitted.tolerance} == {}


@pytest.mark.parametrize(
    "make",
    [
        lambda: ensemble.RandomForestRegressor(10, random_state=0),
        lambda: ensemble.GradientBoostingRegressor(random_state=0),
    ],
    ids=["forest", "boosting"],
)
def test_rows_beside_a_threshold_go_where_scikit_learn_sends_them(page: Page, folder: Path, make: Any) -> None:
    known, target = demo_models.plain("regression")
    model = make().fit(known, target)
    rows = []
    for each in np.ravel(model.estimators_):
        for feature, threshold in zip(each.tree_.feature, each.tree_.threshold, strict=True):
            for towards in (-np.inf, np.inf):
                row = np.median(known, axis=0)
                row[feature] = np.nextafter(threshold, towards)
                rows += [row.tolist()] if feature >= 0 else []

    apart = _apart(page, folder, Fitted(name="beside", model=model, example=known, tolerance=1e-12), rows)

    assert apart <= 1e-12


@settings(max_examples=20, deadline=None, derandomize=True, phases=[Phase.generate])
@given(st.data())
def test_any_pipeline_of_the_list_says_what_scikit_learn_says(page: Page, folder: Path, data: st.DataObject) -> None:
    frame = demo_models.mixed(120)
    task = data.draw(st.sampled_from(["binary", "many", "regression"]))
    model = demo_models.fit(_any_pipeline(data, task), frame, demo_models.mixed_target(frame, task))
    fitted = Fitted(name="drawn", model=model, example=frame, tolerance=1e-9)

    apart = _apart(page, folder, fitted, _rows(frame, 60))

    assert apart <= fitted.tolerance


def _rows(example: Any, n_rows: int = N_ROWS) -> list[list[Any]]:
    """Return drawn rows, some with a category that no training row had."""
    frame = pd.DataFrame(example)
    rows = drawn_rows(described(frame), frame, n_rows)
    for row in rows[::13]:
        row[:] = [UNSEEN if cell in COLORS else cell for cell in row]
    return rows


def _apart(page: Page, folder: Path, fitted: Fitted, rows: list[list[Any]]) -> float:
    """Return the largest difference between the page and scikit-learn, infinite where a label differs."""
    numeric = [column["type"] == "number" for column in described(pd.DataFrame(fitted.example))]
    (folder / "model.json").write_text(json.dumps({"model": exported(fitted.model), "numeric": numeric, "rows": rows}))
    said = json.loads(page.evaluate(COMPARE, "/model.json"))
    kept = [place for place, answer in enumerate(said) if not answer.get("tied")]
    assert len(kept) > 0.9 * len(said), "rows with one right answer"
    given_rows = frame_of([rows[place] for place in kept], fitted.example)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Found unknown categories")
        wanted = fitted.model.predict(given_rows)
        said = [said[place] for place in kept]
        if not hasattr(fitted.model, "classes_"):
            return _largest([answer["value"] for answer in said], wanted)
        if [fitted.model.classes_[answer["label"]] for answer in said] != list(wanted):
            return float("inf")
        if said[0]["probabilities"] is None:
            return 0.0
        return _largest([answer["probabilities"] for answer in said], fitted.model.predict_proba(given_rows))


def _largest(said: Any, wanted: Any) -> float:
    apart = np.abs(np.asarray(said, dtype=float) - wanted) / np.maximum(1, np.abs(wanted))
    return float("inf") if np.isnan(apart).any() else float(apart.max())


def _any_pipeline(data: st.DataObject, task: str) -> Any:
    """Return an unfitted pipeline drawn from the list."""
    strategy = data.draw(st.sampled_from(["mean", "median", "most_frequent"]))
    imputer = SimpleImputer(strategy=strategy, add_indicator=data.draw(st.booleans()))
    scalers = [StandardScaler(), MinMaxScaler(), RobustScaler(), PCA(2), StandardScaler(with_mean=False)]
    numbers = make_pipeline(imputer, *data.draw(st.lists(st.sampled_from(scalers), max_size=2)))
    one_hot = OneHotEncoder(handle_unknown="ignore", drop=data.draw(st.sampled_from([None, "first"])))
    ordinal = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2)
    texts = data.draw(st.sampled_from([one_hot, ordinal]))
    parts = [("numbers", numbers, ["age", "income", "visits"]), ("texts", texts, ["town", "color"])]
    columns = ColumnTransformer(data.draw(st.permutations(parts)), sparse_threshold=0)
    return make_pipeline(columns, data.draw(st.sampled_from(_last(task))))


def _last(task: str) -> list[Any]:
    if task == "regression":
        return [
            linear_model.Ridge(),
            tree.DecisionTreeRegressor(random_state=0),
            ensemble.HistGradientBoostingRegressor(max_iter=5, loss="poisson"),
            ensemble.RandomForestRegressor(5, random_state=0),
        ]
    return [
        linear_model.LogisticRegression(max_iter=200),
        naive_bayes.GaussianNB(),
        ensemble.ExtraTreesClassifier(5, random_state=0, max_leaf_nodes=9),
        ensemble.GradientBoostingClassifier(n_estimators=5, init="zero"),
    ]
