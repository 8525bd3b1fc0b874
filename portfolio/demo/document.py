"""The one file the page loads when a reader asks to try a model: its inputs, the model, and rows to test both."""

import gzip
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from portfolio.demo import rows as drawing
from portfolio.demo import schema
from portfolio.demo.exported import exported, training_rows
from portfolio.demo.refused import RefusedError

MOST_BYTES = 1_000_000
"""Bytes of a demo, compressed as web servers do."""
_MOST_CLASSES = 100


def described_inputs(example: Any) -> list[dict[str, Any]]:
    """Return what the model's inputs are, one description a column of the example."""
    return schema.described(pd.DataFrame(example))


def self_test(model: Any, inputs: Sequence[dict[str, Any]], example: Any) -> dict[str, Any]:
    """Return rows drawn within the training ranges, and what the model says of them.

    Raises:
        RefusedError: no such rows can be drawn, or the model answers with more than one target.
    """
    if not hasattr(model, "predict"):
        raise RefusedError(f"{type(model).__name__} has no predict")
    frame = pd.DataFrame(example)
    schema.check_drawable(inputs, frame)
    rows = drawing.drawn_rows(inputs, frame)
    return {"rows": rows, "expected": expected(model, drawing.frame_of(rows, inputs, drawing.given_as(example)))}


def expected(model: Any, given: Any) -> dict[str, Any]:
    """Return what scikit-learn says of the rows: values, or labels by number and, where there are any, probabilities.

    Raises:
        RefusedError: the answers are not one finite number a row.
    """
    answers = np.asarray(model.predict(given))
    if answers.ndim != 1:
        raise RefusedError("a model with more than one target is not among them; fit one for each")
    if not hasattr(model, "classes_"):
        if not np.isfinite(answers.astype(float)).all():
            raise RefusedError("the model answers with numbers that are not finite, within its training ranges")
        return {"values": [float(answer) for answer in answers]}
    places = {label: place for place, label in enumerate(model.classes_)}
    found: dict[str, Any] = {"labels": [places[label] for label in answers], "probabilities": None}
    if _gives_probabilities(model):
        found["probabilities"] = [[float(each) for each in row] for row in model.predict_proba(given)]
    return found


def demo_text(model: Any, tested: dict[str, Any], description: dict[str, Any]) -> str:
    """Return the file's text.

    Args:
        model: a fitted model.
        tested: from `self_test`.
        description: what `log_model` writes beside the model.

    Raises:
        RefusedError: the model is not on the list, or too large.
    """
    node, classes = exported(model), description["classes"]
    if classes and len(classes) > _MOST_CLASSES:
        raise RefusedError(f"the model tells {len(classes):,} classes apart, more than {_MOST_CLASSES}")
    content = {
        "format": 1,
        "estimator": description["estimator"],
        "versions": description["versions"],
        "inputs": description["inputs"],
        "image": schema.image(description["inputs"]),
        "classes": [str(name) for name in description["target_names"] or classes] if classes else None,
        "training_rows": training_rows(node),
        **tested,
        "model": node,
    }
    text = json.dumps(content, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
    size = len(gzip.compress(text.encode("utf-8"), 6, mtime=0))
    if size > MOST_BYTES:
        raise RefusedError(
            f"its demo has {size / 1e6:.1f} MB compressed, more than {MOST_BYTES / 1e6:.0f}; {_smaller(node)}"
        )
    return text


def _gives_probabilities(model: Any) -> bool:
    """Whether the page shows probabilities: those of SVC need not agree with its labels, and are left out."""
    last = model
    while hasattr(last, "steps"):
        last = last.steps[-1][1]
    return hasattr(model, "predict_proba") and type(last).__name__ != "SVC"


def _smaller(node: dict[str, Any]) -> str:
    last = node
    while last["kind"] == "chain":
        last = last["last"]
    advice = {
        "forest": "take fewer trees, or a larger min_samples_leaf",
        "boosted": "take fewer rounds, or fewer leaves",
        "neighbors": "fit it on fewer rows",
        "kernel": "fit it on fewer rows",
        "network": "take smaller layers",
        "voting": "take fewer or smaller members",
    }
    return advice.get(last["kind"], "take a smaller model")
