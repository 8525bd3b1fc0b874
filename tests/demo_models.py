"""Fitted models of every kind that runs in the page, each on two data sets of one task or more."""

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn import datasets, ensemble, linear_model, naive_bayes, neighbors, neural_network, svm, tree
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA
from sklearn.exceptions import ConvergenceWarning
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

COLORS = ("amber", "blue", "green", "red")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A fitted model with its training rows; what it said of others has to be met within `tolerance`."""

    name: str
    model: Any
    example: Any
    tolerance: float


def mixed(n: int = 240) -> pd.DataFrame:
    """Return rows of numbers and texts, some of them missing."""
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "age": rng.integers(18, 90, n).astype(float),
            "income": rng.lognormal(10, 1, n),
            "visits": rng.poisson(3, n),
            "color": rng.choice(COLORS, n),
            "town": rng.choice(["Ayr", "Bath", "Cork"], n),
        }
    )
    frame.loc[rng.random(n) < 0.1, "income"] = np.nan
    frame.loc[rng.random(n) < 0.1, "color"] = np.nan
    return frame


def mixed_target(frame: pd.DataFrame, task: str) -> Any:
    """Return a target that depends on the rows."""
    rng = np.random.default_rng(6)
    score = (
        frame["age"] / 20
        + frame["color"].map(dict(zip(COLORS, range(4), strict=True))).fillna(2)
        + rng.normal(size=len(frame))
    )
    if task == "regression":
        return score.to_numpy()
    bins = [score.median()] if task == "binary" else list(score.quantile([0.33, 0.66]))
    return np.array(["low", "mid", "top"])[np.digitize(score, bins)]


def prepared(last: Any) -> Any:
    """Return a pipeline that takes the mixed rows, imputing, scaling and encoding."""
    numbers = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    texts = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore"))
    columns = ColumnTransformer(
        [("numbers", numbers, ["age", "income", "visits"]), ("texts", texts, ["color", "town"])]
    )
    return make_pipeline(columns, last)


def fit(model: Any, rows: Any, target: Any) -> Any:
    """Return the fitted model; whether its fit has converged is nothing to its export."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(rows, target)


def plain(task: str) -> tuple[Any, Any]:
    """Return a data set of numbers alone."""
    if task == "regression":
        rows, target = datasets.load_diabetes(return_X_y=True, scaled=False)
    elif task == "many":
        rows, target = datasets.load_wine(return_X_y=True)
    else:
        rows, target = datasets.load_breast_cancer(return_X_y=True)
    return rows[::2], target[::2]


Make = Callable[[], Any]
TREES = 1e-12
"""What models of trees may differ by; they compare rather than compute."""
_OTHERS = 1e-9
CLASSIFIERS: dict[str, tuple[Make, float]] = {
    "logistic": (lambda: linear_model.LogisticRegression(max_iter=5000), _OTHERS),
    "ridge": (linear_model.RidgeClassifier, _OTHERS),
    "linear svc": (lambda: svm.LinearSVC(random_state=0), _OTHERS),
    "tree": (lambda: tree.DecisionTreeClassifier(random_state=0, max_depth=6), TREES),
    "extra tree": (lambda: tree.ExtraTreeClassifier(random_state=0, max_depth=6), TREES),
    "forest": (lambda: ensemble.RandomForestClassifier(15, random_state=0), TREES),
    "extra trees": (lambda: ensemble.ExtraTreesClassifier(15, random_state=0), TREES),
    "boosting": (lambda: ensemble.GradientBoostingClassifier(n_estimators=15, random_state=0), TREES),
    "histogram": (lambda: ensemble.HistGradientBoostingClassifier(max_iter=10, random_state=0), TREES),
    "neighbors": (lambda: neighbors.KNeighborsClassifier(7), _OTHERS),
    "weighted neighbors": (lambda: neighbors.KNeighborsClassifier(5, weights="distance", p=1), _OTHERS),
    "naive bayes": (naive_bayes.GaussianNB, _OTHERS),
    "svc rbf": (svm.SVC, _OTHERS),
    "svc poly": (lambda: svm.SVC(kernel="poly", coef0=1.0, decision_function_shape="ovo"), _OTHERS),
    "svc linear": (lambda: svm.SVC(kernel="linear", break_ties=True), _OTHERS),
    "svc sigmoid": (lambda: svm.SVC(kernel="sigmoid"), _OTHERS),
    "network": (lambda: neural_network.MLPClassifier((12, 6), random_state=0, solver="lbfgs", max_iter=60), _OTHERS),
    "sigmoid calibrated": (lambda: CalibratedClassifierCV(svm.SVC(), cv=2, ensemble=False), _OTHERS),
    "isotonic calibrated": (
        lambda: CalibratedClassifierCV(ensemble.RandomForestClassifier(5, random_state=0), cv=2, method="isotonic"),
        _OTHERS,
    ),
    "soft voting": (lambda: ensemble.VotingClassifier(_voters(), voting="soft", weights=[1, 2, 3]), _OTHERS),
    "hard voting": (lambda: ensemble.VotingClassifier(_voters(), weights=[1, 2, 3]), _OTHERS),
}
REGRESSORS: dict[str, tuple[Make, float]] = {
    "linear": (linear_model.LinearRegression, _OTHERS),
    "ridge": (linear_model.RidgeCV, _OTHERS),
    "lasso": (lambda: linear_model.Lasso(0.1), _OTHERS),
    "elastic net": (lambda: linear_model.ElasticNet(0.1), _OTHERS),
    "bayesian ridge": (linear_model.BayesianRidge, _OTHERS),
    "huber": (lambda: linear_model.HuberRegressor(max_iter=2000), _OTHERS),
    "tree": (lambda: tree.DecisionTreeRegressor(random_state=0, min_samples_leaf=3), TREES),
    "extra tree": (lambda: tree.ExtraTreeRegressor(random_state=0), TREES),
    "forest": (lambda: ensemble.RandomForestRegressor(15, random_state=0), TREES),
    "extra trees": (lambda: ensemble.ExtraTreesRegressor(15, random_state=0), TREES),
    "boosting": (lambda: ensemble.GradientBoostingRegressor(n_estimators=15, loss="huber", random_state=0), TREES),
    "histogram": (lambda: ensemble.HistGradientBoostingRegressor(max_iter=10, random_state=0), TREES),
    "neighbors": (lambda: neighbors.KNeighborsRegressor(6, weights="distance"), _OTHERS),
    "svr": (lambda: svm.SVR(C=10), _OTHERS),
    "network": (
        lambda: neural_network.MLPRegressor(hidden_layer_sizes=(8,), random_state=0, solver="lbfgs", max_iter=60),
        _OTHERS,
    ),
    "voting": (lambda: ensemble.VotingRegressor(_regress_voters(), weights=[2, 1]), _OTHERS),
}
RARE_CLASSIFIERS: dict[str, Make] = {
    "cross-validated logistic": lambda: linear_model.LogisticRegressionCV(
        Cs=2, cv=2, max_iter=500, l1_ratios=(0,), scoring="accuracy", use_legacy_attributes=False
    ),
    "cross-validated ridge classifier": linear_model.RidgeClassifierCV,
}
RARE_REGRESSORS: dict[str, Make] = {
    "plain ridge": linear_model.Ridge,
    "cross-validated lasso": lambda: linear_model.LassoCV(cv=2, alphas=5),
    "cross-validated elastic net": lambda: linear_model.ElasticNetCV(cv=2, alphas=5),
}
PREPARATIONS: dict[str, Any] = {
    "min-max": MinMaxScaler(clip=True),
    "robust": RobustScaler(),
    "pca": make_pipeline(StandardScaler(), PCA(4, whiten=True)),
    "polynomial": make_pipeline(StandardScaler(), PolynomialFeatures(2)),
}


def estimators() -> Iterator[Fitted]:
    """Yield every estimator of the list on each task it has, on the mixed rows and on a data set of numbers."""
    for task in ("binary", "many", "regression"):
        frame, (rows, target) = mixed(), plain(task)
        for name, (make, tolerance) in (REGRESSORS if task == "regression" else CLASSIFIERS).items():
            fitted = fit(prepared(make()), frame, mixed_target(frame, task))
            yield Fitted(name=f"{name} on mixed {task}", model=fitted, example=frame, tolerance=tolerance)
            alone = make() if tolerance == TREES else make_pipeline(StandardScaler(), make())
            yield Fitted(name=f"{name} on {task}", model=fit(alone, rows, target), example=rows, tolerance=tolerance)


def rare() -> Iterator[Fitted]:
    """Yield the estimators that are exported as another of the list is, each on two data sets."""
    frame, (rows, target), (values, numbers) = mixed(), plain("many"), plain("regression")
    for name, make in RARE_CLASSIFIERS.items():
        yield _rare(f"{name} on mixed", prepared(make()), frame, mixed_target(frame, "binary"))
        yield _rare(name, make_pipeline(StandardScaler(), make()), rows, target)
    for name, make in RARE_REGRESSORS.items():
        yield _rare(f"{name} on mixed", prepared(make()), frame, mixed_target(frame, "regression"))
        yield _rare(name, make_pipeline(StandardScaler(), make()), values, numbers)


def unfitted() -> Iterator[Any]:
    """Yield the models of `estimators`, `rare` and `preparations`, not fitted."""
    yield from (prepared(make()) for make, _ in (*CLASSIFIERS.values(), *REGRESSORS.values()))
    yield from (make() for make in (*RARE_CLASSIFIERS.values(), *RARE_REGRESSORS.values()))
    yield from (*PREPARATIONS.values(), *_encoders().values())


def names_in(model: Any) -> set[str]:
    """Return the names of the classes of a model and of all in it."""
    inner = {id(part): part for part in model.get_params().values() if hasattr(part, "get_params")}
    return {type(model).__name__}.union(*(names_in(part) for part in inner.values()))


def _rare(name: str, model: Any, rows: Any, target: Any) -> Fitted:
    return Fitted(name=name, model=fit(model, rows, target), example=rows, tolerance=_OTHERS)


def preparations() -> Iterator[Fitted]:
    """Yield every transformer of the list that `prepared` does not use, before a model of numbers."""
    for task in ("many", "regression"):
        rows, target = plain(task)
        for name, steps in PREPARATIONS.items():
            last = linear_model.LogisticRegression(max_iter=5000) if task == "many" else linear_model.Ridge()
            fitted = make_pipeline(clone(steps), last).fit(rows, target)
            yield Fitted(name=f"{name} before {task}", model=fitted, example=rows, tolerance=_OTHERS)
    for frame in (mixed(), mixed(400)):
        for name, texts in _encoders().items():
            columns = ColumnTransformer([("texts", texts, [3, 4])], remainder="passthrough")
            boosted = make_pipeline(columns, ensemble.HistGradientBoostingClassifier(max_iter=8))
            fitted = boosted.fit(frame, mixed_target(frame, "binary"))
            title = f"{name} before trees on {len(frame)} rows"
            yield Fitted(name=title, model=fitted, example=frame, tolerance=TREES)


def _encoders() -> dict[str, Any]:
    return {
        "ordinal": OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2),
        "ordinal to nothing": OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan),
        "one-hot but the first": OneHotEncoder(drop="first", handle_unknown="ignore", sparse_output=False),
        "one-hot but one of two": OneHotEncoder(drop="if_binary", handle_unknown="ignore", sparse_output=False),
    }


def _voters() -> list[tuple[str, Any]]:
    return [
        ("logistic", linear_model.LogisticRegression(max_iter=5000)),
        ("tree", tree.DecisionTreeClassifier(max_depth=3, random_state=0)),
        ("bayes", naive_bayes.GaussianNB()),
    ]


def _regress_voters() -> list[tuple[str, Any]]:
    return [("ridge", linear_model.Ridge()), ("tree", tree.DecisionTreeRegressor(max_depth=3, random_state=0))]
