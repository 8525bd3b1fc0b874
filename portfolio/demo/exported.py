"""A fitted model as one tree of plain values, if everything in it is on the closed list; else the reason why not."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from portfolio.demo.estimators import ESTIMATORS
from portfolio.demo.plain import Node, numbers
from portfolio.demo.refused import RefusedError
from portfolio.demo.transformers import TRANSFORMERS
from portfolio.demo.trees import TREES

_MODELS = {**ESTIMATORS, **TREES}


def exported(model: Any) -> Node:
    """Return what the page's script needs to repeat `predict` and, where there is one, `predict_proba`.

    Raises:
        RefusedError: something in the model is not on the list; the message says what.
    """
    name = _name(model)
    if name == "Pipeline":
        *before, last = (step for _, step in model.steps)
        return {"kind": "chain", "before": _transformers(before), "last": exported(last)}
    if name in {"VotingClassifier", "VotingRegressor"}:
        return _voting(model)
    if name == "CalibratedClassifierCV":
        return _calibrated(model)
    if name not in _MODELS:
        advice = "; log its best_estimator_ instead" if hasattr(model, "best_estimator_") else ""
        raise RefusedError(f"{type(model).__name__} is not among the models that run in the page{advice}")
    return _MODELS[name](model)


def training_rows(node: Node) -> int:
    """Return how many rows of the training data the exported model holds, as neighbours or support vectors."""
    own = len(node.get("rows", ())) + len(node.get("vectors", ()))
    return own + sum(training_rows(inner) for inner in _inner(node))


def _inner(node: Node) -> Iterable[Node]:
    for key in ("last", "of"):
        inner = node.get(key)
        if isinstance(inner, dict):
            yield inner
    yield from node.get("members", ())


def _name(model: Any) -> str:
    """Return the name of scikit-learn's own class, and nothing for a class derived from one."""
    return type(model).__name__ if type(model).__module__.startswith("sklearn.") else ""


def _transformers(steps: Iterable[Any]) -> list[Node]:
    return [_transformer(step) for step in steps if not (step is None or isinstance(step, str))]


def _transformer(fitted: Any) -> Node:
    name = _name(fitted)
    if name == "Pipeline":
        return {"kind": "steps", "steps": _transformers(step for _, step in fitted.steps)}
    if name == "ColumnTransformer":
        return _column_transformer(fitted)
    if name not in TRANSFORMERS:
        raise RefusedError(f"{type(fitted).__name__} is not among the transformers that run in the page")
    return TRANSFORMERS[name](fitted)


def _column_transformer(fitted: Any) -> Node:
    places = fitted._transformer_to_input_indices  # noqa: SLF001 - names, slices and masks worked out
    parts = []
    for name, step, _ in fitted.transformers_:
        if isinstance(step, str) and step == "drop":
            continue
        columns = [int(column) for column in places[name]]
        if columns:
            parts.append({"columns": columns, "steps": _transformers([step])})
    if fitted.transformer_weights:
        raise RefusedError("ColumnTransformer with transformer_weights is not among them; scale in a step of its own")
    return {"kind": "columns", "parts": parts}


def _voting(model: Any) -> Node:
    classify = hasattr(model, "classes_")
    for each in model.estimators_ if classify else ():
        _same_classes(each, range(len(model.classes_)), "VotingClassifier")
    members = [exported(each) for each in model.estimators_]
    weights = model._weights_not_none  # noqa: SLF001 - weights of estimators that were dropped are left out
    return {
        "kind": "voting",
        "members": members,
        "weights": numbers(np.ones(len(members)) if weights is None else weights),
        "vote": model.voting if classify else "mean",
    }


def _calibrated(model: Any) -> Node:
    if model.method not in {"sigmoid", "isotonic"}:
        raise RefusedError(
            f"CalibratedClassifierCV by {model.method!r} is not among them; take 'sigmoid' or 'isotonic'"
        )
    members = []
    for each in model.calibrated_classifiers_:
        _same_classes(each.estimator, model.classes_, "CalibratedClassifierCV")
        inner = each.estimator
        inner = inner.estimator if _name(inner) == "FrozenEstimator" else inner
        calibrators = [_calibrator(calibrator) for calibrator in each.calibrators]
        by = "decision" if hasattr(inner, "decision_function") else "probabilities"
        members.append({"kind": "calibrated", "of": exported(inner), "by": by, "calibrators": calibrators})
    return {"kind": "voting", "members": members, "weights": [1.0] * len(members), "vote": "soft"}


def _calibrator(fitted: Any) -> Node:
    if hasattr(fitted, "a_"):
        return {"kind": "sigmoid", "a": float(fitted.a_), "b": float(fitted.b_)}
    return {"kind": "isotonic", "x": numbers(fitted.X_thresholds_), "y": numbers(fitted.y_thresholds_)}


def _same_classes(inner: Any, classes: Iterable[Any], name: str) -> None:
    if list(inner.classes_) != list(classes):
        raise RefusedError(f"{name} whose members know different classes is not among them; use stratified folds")
