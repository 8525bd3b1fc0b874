"""Every model of the list says in the page what scikit-learn says: the page's own code, in Chromium, on other rows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import demo_models
import numpy as np
import pytest
from browsing import needs_chromium
from demo_comparing import apart, compared, comparing, drawn
from demo_models import Fitted
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page
from sklearn import ensemble
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    RobustScaler,
    StandardScaler,
)

from portfolio.demo.estimators import ESTIMATORS
from portfolio.demo.transformers import TRANSFORMERS
from portfolio.demo.trees import TREES

pytestmark = [pytest.mark.browser, needs_chromium]
N_ROWS = 1000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder from which the page is served."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def page(folder: Path) -> Iterator[Page]:
    """Return an empty page in Chromium that can load the page's code."""
    with comparing(folder) as page:
        yield page


@pytest.mark.parametrize("made", [demo_models.estimators, demo_models.rare, demo_models.preparations])
def test_the_page_says_what_scikit_learn_says(page: Page, folder: Path, made: Any) -> None:
    found = list(compared(page, folder, made(), N_ROWS))

    assert {fitted.name: far for fitted, far in found if not far <= fitted.tolerance} == {}


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

    found = apart(page, folder, Fitted(name="beside", model=model, example=known, tolerance=1e-12), rows)

    assert found <= 1e-12


@settings(max_examples=20, deadline=None, derandomize=True, phases=[Phase.generate])
@given(st.data())
def test_any_pipeline_of_the_list_says_what_scikit_learn_says(page: Page, folder: Path, data: st.DataObject) -> None:
    frame = demo_models.mixed(120)
    task = data.draw(st.sampled_from(["binary", "many", "regression"]))
    model = demo_models.fit(_any_pipeline(data, task), frame, demo_models.mixed_target(frame, task))
    fitted = Fitted(name="drawn", model=model, example=frame, tolerance=1e-9)

    found = apart(page, folder, fitted, drawn(frame, 60))

    assert found <= fitted.tolerance


def test_every_name_on_the_list_is_compared() -> None:
    listed = {*ESTIMATORS, *TREES, *TRANSFORMERS} - {"FunctionTransformer"}  # what "passthrough" becomes

    compared = {name for model in demo_models.unfitted() for name in demo_models.names_in(model)}

    assert listed - compared == set()


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
    between = data.draw(st.sampled_from([[], [StandardScaler()], [StandardScaler(), PolynomialFeatures(2)]]))
    listed = demo_models.REGRESSORS if task == "regression" else demo_models.CLASSIFIERS
    name = data.draw(st.sampled_from(sorted(listed)))
    wants_scaled = listed[name][1] != demo_models.TREES
    return make_pipeline(columns, *(between or [StandardScaler()] * wants_scaled), listed[name][0]())
