"""Fitted trees and their ensembles as plain values.

scikit-learn's trees compare a 32-bit feature with a 64-bit threshold, its histogram boosting both in 64 bits; the page
does the same, for a 32-bit threshold would send rows to the other side.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from portfolio.demo.plain import Node, numbers
from portfolio.demo.refused import RefusedError

_LEAF = -1


def decision_tree(fitted: Any) -> Node:
    """Export a single tree."""
    return {"kind": "forest", "trees": [_tree(fitted)], "classify": hasattr(fitted, "classes_")}


def forest(fitted: Any) -> Node:
    """Export a random forest or extra trees: the mean of its trees."""
    trees = [_tree(each) for each in fitted.estimators_]
    return {"kind": "forest", "trees": trees, "classify": hasattr(fitted, "classes_")}


def gradient_boosting(fitted: Any) -> Node:
    """Export gradient boosting whose first guess is a constant."""
    init = fitted.init_
    if not isinstance(init, str) and type(init).__name__ not in {"DummyClassifier", "DummyRegressor"}:
        raise RefusedError(f"{type(fitted).__name__} that starts from another model is not among them; leave out init")
    start = fitted._raw_predict_init(np.zeros((1, fitted.n_features_in_), dtype=np.float32))[0]  # noqa: SLF001
    classify = hasattr(fitted, "classes_")
    return {
        "kind": "boosted",
        "start": numbers(start),
        "rate": float(fitted.learning_rate),
        "rounds": [[_tree(each) for each in stage] for stage in fitted.estimators_],
        "link": ("logit2" if fitted.loss == "exponential" else "logit") if classify else "identity",
        "single": True,
    }


def hist_gradient_boosting(fitted: Any) -> Node:
    """Export histogram gradient boosting on numbers; its leaves hold the learning rate already."""
    if fitted.is_categorical_ is not None:
        raise RefusedError(
            f"{type(fitted).__name__} with categorical features is not among them; put an OrdinalEncoder before it "
            "and set categorical_features=None"
        )
    logarithmic = getattr(fitted, "loss", "") in {"poisson", "gamma"}
    return {
        "kind": "boosted",
        "start": numbers(fitted._baseline_prediction),  # noqa: SLF001 - no public name
        "rate": 1.0,
        "rounds": [[_histogram_tree(each.nodes) for each in stage] for stage in fitted._predictors],  # noqa: SLF001
        "link": "logit" if hasattr(fitted, "classes_") else "log" if logarithmic else "identity",
        "single": False,
    }


def _tree(fitted: Any) -> Node:
    tree = fitted.tree_
    if tree.n_outputs != 1:
        raise RefusedError(f"{type(fitted).__name__} with more than one target is not among them; fit one for each")
    leaf = tree.children_left == _LEAF
    missing = tree.__getstate__()["nodes"]["missing_go_to_left"]
    return _node_table(leaf, tree.feature, tree.threshold, (tree.children_left, tree.children_right), missing) | {
        "values": [numbers(each) for each in tree.value[leaf, 0, :]]
    }


def _histogram_tree(nodes: Any) -> Node:
    leaf = nodes["is_leaf"].astype(bool)
    children = (nodes["left"], nodes["right"])
    table = _node_table(leaf, nodes["feature_idx"], nodes["num_threshold"], children, nodes["missing_go_to_left"])
    return table | {"values": [numbers(each) for each in nodes["value"][leaf]]}


def _node_table(leaf: Any, feature: Any, threshold: Any, children: tuple[Any, Any], missing: Any) -> Node:
    """Return the inner nodes, each child a number of an inner node or, from -1 downwards, of a leaf."""
    place = np.where(leaf, -np.cumsum(leaf), np.cumsum(~leaf) - 1)
    inner = ~leaf
    return {
        "feature": feature[inner].astype(int).tolist(),
        "at_most": [float(each) for each in np.clip(threshold[inner], -_HUGE, _HUGE)],
        "left": place[children[0][inner].astype(int)].tolist(),
        "right": place[children[1][inner].astype(int)].tolist(),
        "missing_left": np.flatnonzero(missing[inner]).tolist(),
    }


_HUGE = float(np.finfo(float).max)
"""For an infinite threshold, which JSON cannot hold; every finite number lies within."""

TREES: Mapping[str, Callable[[Any], Node]] = {
    "DecisionTreeClassifier": decision_tree,
    "DecisionTreeRegressor": decision_tree,
    "ExtraTreeClassifier": decision_tree,
    "ExtraTreeRegressor": decision_tree,
    "RandomForestClassifier": forest,
    "RandomForestRegressor": forest,
    "ExtraTreesClassifier": forest,
    "ExtraTreesRegressor": forest,
    "GradientBoostingClassifier": gradient_boosting,
    "GradientBoostingRegressor": gradient_boosting,
    "HistGradientBoostingClassifier": hist_gradient_boosting,
    "HistGradientBoostingRegressor": hist_gradient_boosting,
}
