"""Fitted estimators that are no trees as plain values, read by `site_templates/assets/demo/predict.js`."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from portfolio.demo.plain import Node, numbers
from portfolio.demo.refused import RefusedError

MOST_ROWS = 2000
"""Rows of training data a model of neighbours or support vectors may hold."""
_LINKS = {"identity", "logistic", "softmax", "relu", "tanh"}


def linear_regressor(fitted: Any) -> Node:
    """Export a linear regression, however it was fitted."""
    return {"kind": "linear", "weights": [_one_target(fitted)], "plus": numbers(fitted.intercept_), "link": "identity"}


def linear_classifier(fitted: Any) -> Node:
    """Export a linear classifier that gives labels only."""
    return _linear_classes(fitted, "label")


def logistic_regression(fitted: Any) -> Node:
    """Export logistic regression: two classes by the logistic function, more by softmax."""
    return _linear_classes(fitted, "logit" if len(fitted.classes_) == 2 else "softmax")  # noqa: PLR2004


def gaussian_nb(fitted: Any) -> Node:
    """Export Gaussian naive Bayes."""
    return {
        "kind": "gaussian",
        "mean": [numbers(row) for row in fitted.theta_],
        "variance": [numbers(row) for row in fitted.var_],
        "prior": numbers(np.log(fitted.class_prior_)),
    }


def neighbors(fitted: Any) -> Node:
    """Export k nearest neighbours; its training rows become part of the file."""
    rows, name = np.asarray(fitted._fit_X, dtype=float), type(fitted).__name__  # noqa: SLF001 - no public name
    _few(rows, name, "neighbours")
    power = {"euclidean": 2, "manhattan": 1, "l1": 1, "l2": 2}.get(str(fitted.effective_metric_))
    if str(fitted.effective_metric_) == "minkowski" and not fitted.effective_metric_params_.get("w"):
        power = fitted.effective_metric_params_.get("p", 2)
    if power is None or fitted.weights not in ("uniform", "distance"):
        raise RefusedError(f"{name} runs in the page with a Minkowski metric and weights 'uniform' or 'distance'")
    targets = np.asarray(fitted._y, dtype=float)  # noqa: SLF001 - no public name
    if targets.ndim != 1 and targets.shape[1] != 1:
        raise RefusedError(f"{name} with more than one target is not among them; fit one for each")
    return {
        "kind": "neighbors",
        "rows": [numbers(row) for row in rows],
        "targets": numbers(targets),
        "n": int(fitted.n_neighbors),
        "power": float(power),
        "by_distance": fitted.weights == "distance",
        "n_classes": len(fitted.classes_) if hasattr(fitted, "classes_") else None,
    }


def support_vectors(fitted: Any) -> Node:
    """Export SVC or SVR by its support vectors, which are rows of the training data.

    A classifier's label is decided by votes, so probabilities of `probability=True` need not agree with it, and are
    left out.
    """
    name = type(fitted).__name__
    if fitted.kernel not in {"linear", "rbf", "poly", "sigmoid"}:
        raise RefusedError(f"{name} with kernel {fitted.kernel!r} is not among them; take linear, rbf, poly or sigmoid")
    vectors = np.asarray(fitted.support_vectors_, dtype=float)
    _few(vectors, name, "support vectors")
    classify = hasattr(fitted, "classes_")
    return {
        "kind": "kernel",
        "kernel": fitted.kernel,
        "gamma": float(fitted._gamma),  # noqa: SLF001 - "scale" and "auto" worked out
        "coef0": float(fitted.coef0),
        "degree": int(fitted.degree),
        "vectors": [numbers(row) for row in vectors],
        "weights": [numbers(row) for row in fitted.dual_coef_],
        "plus": numbers(fitted.intercept_),
        "of_class": [int(n) for n in fitted.n_support_] if classify else None,
        "one_vs_one": classify and fitted.decision_function_shape == "ovo",
        "break_ties": classify and bool(fitted.break_ties),
    }


def neural_network(fitted: Any) -> Node:
    """Export a multi-layer perceptron."""
    if fitted.activation not in _LINKS or fitted.out_activation_ not in _LINKS:
        raise RefusedError(f"{type(fitted).__name__} with an output by {fitted.out_activation_!r} is not among them")
    classify = hasattr(fitted, "classes_")
    if (classify and fitted._label_binarizer.y_type_.startswith("multilabel")) or (  # noqa: SLF001 - no public name
        not classify and fitted.n_outputs_ != 1
    ):
        raise RefusedError(f"{type(fitted).__name__} with more than one target is not among them; fit one for each")
    return {
        "kind": "network",
        "layers": [[numbers(row) for row in np.asarray(layer).T] for layer in fitted.coefs_],
        "plus": [numbers(row) for row in fitted.intercepts_],
        "activation": fitted.activation,
        "link": fitted.out_activation_,
        "classify": classify,
    }


def _linear_classes(fitted: Any, link: str) -> Node:
    weights = np.atleast_2d(fitted.coef_)
    plus = np.broadcast_to(np.asarray(fitted.intercept_, dtype=float), (len(weights),))
    return {"kind": "linear", "weights": [numbers(row) for row in weights], "plus": numbers(plus), "link": link}


def _one_target(fitted: Any) -> list[float]:
    weights = np.asarray(fitted.coef_)
    if weights.ndim != 1:
        raise RefusedError(f"{type(fitted).__name__} with more than one target is not among them; give y one dimension")
    return numbers(weights)


def _few(rows: Any, name: str, kept: str) -> None:
    if len(rows) > MOST_ROWS:
        raise RefusedError(f"{name} holds {len(rows):,} {kept}, more than {MOST_ROWS:,}; fit it on fewer rows")


ESTIMATORS: Mapping[str, Callable[[Any], Node]] = {
    **dict.fromkeys(("LinearRegression", "Ridge", "RidgeCV", "Lasso", "LassoCV"), linear_regressor),
    **dict.fromkeys(("ElasticNet", "ElasticNetCV", "BayesianRidge", "HuberRegressor"), linear_regressor),
    **dict.fromkeys(("RidgeClassifier", "RidgeClassifierCV", "LinearSVC"), linear_classifier),
    **dict.fromkeys(("LogisticRegression", "LogisticRegressionCV"), logistic_regression),
    "GaussianNB": gaussian_nb,
    **dict.fromkeys(("KNeighborsClassifier", "KNeighborsRegressor"), neighbors),
    **dict.fromkeys(("SVC", "SVR"), support_vectors),
    **dict.fromkeys(("MLPClassifier", "MLPRegressor"), neural_network),
}
