"""The models a spot check tries when none are named, and the baseline that is always among them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from scipy import sparse
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

_MOST_CATEGORIES = 20


def dummy(*, classify: bool) -> Any:
    """Return the model that looks at no feature: the most frequent class, or the mean."""
    return DummyClassifier(strategy="prior") if classify else DummyRegressor()


def is_dummy(model: Any) -> bool:
    """Whether a model looks at no feature."""
    return isinstance(model, DummyClassifier | DummyRegressor)


def default_models(X: Any, *, classify: bool, random_state: int) -> Mapping[str, Pipeline]:
    """Return one model of each kind that is worth a first look: linear, neighbours, forest, boosting.

    Each learns its own preprocessing from the training rows of a fold: gaps in numbers get the median, numbers are
    scaled, other columns are coded by category with a gap as a category of its own.

    Raises:
        TypeError: `X` is neither a DataFrame nor an array of numbers, of two dimensions.
    """
    candidates = _classifiers(random_state) if classify else _regressors(random_state)
    return {name: make_pipeline(_prepared(X), model) for name, model in candidates.items()}


def _classifiers(random_state: int) -> Mapping[str, Any]:
    return {
        "logistic regression": LogisticRegression(max_iter=1000),
        "nearest neighbours": KNeighborsClassifier(),
        "random forest": RandomForestClassifier(50, random_state=random_state),
        "gradient boosting": HistGradientBoostingClassifier(max_iter=50, random_state=random_state),
    }


def _regressors(random_state: int) -> Mapping[str, Any]:
    return {
        "ridge": RidgeCV(alphas=(0.01, 0.1, 1.0, 10.0, 100.0)),
        "nearest neighbours": KNeighborsRegressor(),
        "random forest": RandomForestRegressor(50, random_state=random_state),
        "gradient boosting": HistGradientBoostingRegressor(max_iter=50, random_state=random_state),
    }


def _prepared(X: Any) -> Any:
    """Return the preprocessing of a table; times are left out, for they would need an author's thought."""
    numbers = make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler())
    if not isinstance(X, pd.DataFrame):
        kind = getattr(getattr(X, "dtype", None), "kind", "")
        if sparse.issparse(X) or getattr(X, "ndim", 0) != 2 or kind not in "iufb":  # noqa: PLR2004 - rows and columns
            raise TypeError("models: none given, and X is neither a DataFrame nor a plain array\nhint: name the models")
        return numbers
    categories = OneHotEncoder(
        handle_unknown="infrequent_if_exist", max_categories=_MOST_CATEGORIES, sparse_output=False
    )
    numeric = [name for name, column in X.items() if _is_number(column)]
    timed = [name for name, column in X.items() if pd.api.types.is_datetime64_any_dtype(column)]
    others = [name for name in X.columns if name not in {*numeric, *timed}]
    if not numeric and not others:
        raise TypeError("models: none given, and X has no column that they could use\nhint: name the models")
    return ColumnTransformer([("numbers", numbers, numeric), ("categories", categories, others)])


def _is_number(column: Any) -> bool:
    return bool(pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column))
