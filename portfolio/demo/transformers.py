"""Fitted transformers as plain values: what the page's own script needs to repeat them on one row.

Each function returns the node that `site_templates/assets/demo/transform.js` reads under the same `kind`.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from portfolio.demo.plain import Node, numbers, value
from portfolio.demo.refused import RefusedError


def imputer(fitted: Any) -> Node:
    """Export `SimpleImputer`: what stands for a missing value, and which columns say that one was missing."""
    statistics = list(fitted.statistics_)
    if any(entry is None or entry != entry for entry in statistics):  # noqa: PLR0124 - true of NaN alone
        raise RefusedError("SimpleImputer saw a column without any value; leave that column out")
    indicator = fitted.indicator_
    flagged = [] if indicator is None else [int(column) for column in indicator.features_]
    return {
        "kind": "impute",
        "missing": value(fitted.missing_values),
        "values": [value(entry) for entry in statistics],
        "flagged": flagged,
    }


def standard_scaler(fitted: Any) -> Node:
    """Export `StandardScaler`."""
    return _scaled(fitted, fitted.mean_ if fitted.with_mean else None, fitted.scale_ if fitted.with_std else None)


def robust_scaler(fitted: Any) -> Node:
    """Export `RobustScaler`."""
    center = fitted.center_ if fitted.with_centering else None
    return _scaled(fitted, center, fitted.scale_ if fitted.with_scaling else None)


def min_max_scaler(fitted: Any) -> Node:
    """Export `MinMaxScaler`, which multiplies before it adds."""
    clip = [float(end) for end in fitted.feature_range] if fitted.clip else None
    return {"kind": "stretch", "by": numbers(fitted.scale_), "plus": numbers(fitted.min_), "clip": clip}


def one_hot_encoder(fitted: Any) -> Node:
    """Export `OneHotEncoder`, but for grouped rare categories."""
    _not_grouped(fitted)
    drop = fitted.drop_idx_
    return {
        "kind": "one_hot",
        "categories": [[value(entry) for entry in known] for known in fitted.categories_],
        "drop": [None] * len(fitted.categories_) if drop is None else [value(entry) for entry in drop],
        "unknown": "error" if fitted.handle_unknown == "error" else "zeros",
    }


def ordinal_encoder(fitted: Any) -> Node:
    """Export `OrdinalEncoder`, but for grouped rare categories."""
    _not_grouped(fitted)
    encoded = fitted.handle_unknown == "use_encoded_value"
    return {
        "kind": "ordinal",
        "categories": [[value(entry) for entry in known] for known in fitted.categories_],
        "unknown": "value" if encoded else "error",
        "unknown_value": value(fitted.unknown_value) if encoded else None,
        "missing_value": value(fitted.encoded_missing_value),
    }


def pca(fitted: Any) -> Node:
    """Export `PCA`, whitened or not; scikit-learn bounds what it divides by from below, so does this."""
    components = np.asarray(fitted.components_, dtype=float)
    scale = np.ones(len(components))
    if fitted.whiten:
        scale = np.sqrt(fitted.explained_variance_)
        scale = np.maximum(scale, np.finfo(scale.dtype).eps)
    return {
        "kind": "project",
        "mean": numbers(fitted.mean_),
        "onto": [numbers(row) for row in components],
        "divide": numbers(scale),
    }


def polynomial_features(fitted: Any) -> Node:
    """Export `PolynomialFeatures`: per feature made, which inputs are multiplied, each as often as its power."""
    powers = np.asarray(fitted.powers_)
    return {"kind": "multiply", "of": [np.repeat(np.arange(len(row)), row).tolist() for row in powers]}


def function_transformer(fitted: Any) -> Node:
    """Export the `FunctionTransformer` that `ColumnTransformer` puts for "passthrough"; one with a function is none."""
    if fitted.func is not None:
        raise RefusedError("FunctionTransformer is not among the transformers that run in the page")
    return {"kind": "steps", "steps": []}


def _scaled(fitted: Any, center: Any, scale: Any) -> Node:
    n = fitted.n_features_in_
    return {
        "kind": "scale",
        "minus": numbers(np.zeros(n) if center is None else center),
        "divide": numbers(np.ones(n) if scale is None else scale),
    }


def _not_grouped(fitted: Any) -> None:
    if getattr(fitted, "_infrequent_enabled", False):
        name = type(fitted).__name__
        raise RefusedError(f"{name} with min_frequency or max_categories is not among them; leave both at None")


TRANSFORMERS: Mapping[str, Callable[[Any], Node]] = {
    "SimpleImputer": imputer,
    "StandardScaler": standard_scaler,
    "RobustScaler": robust_scaler,
    "MinMaxScaler": min_max_scaler,
    "OneHotEncoder": one_hot_encoder,
    "OrdinalEncoder": ordinal_encoder,
    "FunctionTransformer": function_transformer,
    "PCA": pca,
    "PolynomialFeatures": polynomial_features,
}
