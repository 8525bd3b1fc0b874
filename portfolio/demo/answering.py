"""What a loaded model says of rows that came from outside, and whether that is still what it said when logged."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from portfolio.demo.document import expected
from portfolio.demo.refused import RefusedError
from portfolio.demo.rows import frame_of

AGREES = 1e-6
"""The largest difference to what was recorded at which a model is served, as for a demo in its page."""
_UNSEEN = "\N{REPLACEMENT CHARACTER} seen by no model"


class UnansweredError(ValueError):
    """The model has no answer to these rows; the message says why."""


class DiffersError(ValueError):
    """The model does not say of its example rows what it said when it was logged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the model says of one row; `warnings` name what lies outside of the training range."""

    prediction: str | float | int | bool
    probabilities: Mapping[str, float] | None
    warnings: tuple[str, ...]


def answers(model: Any, description: Mapping[str, Any], rows: Sequence[Sequence[Any]]) -> tuple[Answer, ...]:
    """Return what the model says of each row.

    Args:
        model: from `loading.load_model`.
        description: what `log_model` wrote of it.
        rows: plain values in the order of the inputs, None for a missing one.

    Raises:
        UnansweredError: the model refuses a row, or its answer is not finite.
    """
    said = _said(model, description, rows)
    outside = [_outside(row, description["inputs"]) for row in rows]
    pairs: list[tuple[Any, dict[str, float] | None]]
    if "values" in said:
        pairs = [(value, None) for value in said["values"]]
    else:
        classes = description["target_names"] or description["classes"]
        shares = said["probabilities"] or [None] * len(rows)
        pairs = [
            (classes[label], dict(zip(map(str, classes), share, strict=True)) if share else None)
            for label, share in zip(said["labels"], shares, strict=True)
        ]
    return tuple(
        Answer(prediction=prediction, probabilities=shares, warnings=warned)
        for (prediction, shares), warned in zip(pairs, outside, strict=True)
    )


def replay(model: Any, description: Mapping[str, Any]) -> float:
    """Return how far the model is from what it said of its example rows when it was logged.

    Raises:
        DiffersError: a label differs, or a number by more than `AGREES`.
    """
    wanted = description["expected"]
    try:
        said = _said(model, description, description["rows"])
    except UnansweredError as error:
        raise DiffersError(f"the model cannot answer its own example rows: {error}") from error
    if said.get("labels") != wanted.get("labels"):
        raise DiffersError("the model gives other labels to its example rows than when it was logged")
    kind = "values" if "values" in wanted else "probabilities"
    if said.get(kind) is None or wanted[kind] is None:
        return 0.0
    then, now = np.asarray(wanted[kind], dtype=float), np.asarray(said[kind], dtype=float)
    if then.shape != now.shape:
        raise DiffersError("the model answers its example rows in another shape than when it was logged")
    apart = float(np.max(np.abs(now - then) / np.maximum(1, np.abs(then))))
    if not apart <= AGREES:
        raise DiffersError(f"the model's answers to its example rows differ by up to {apart:.0e} from those recorded")
    return apart


def closed_inputs(model: Any, description: Mapping[str, Any]) -> frozenset[str]:
    """Return the inputs whose categories are all there is: the model refuses to answer where one is another."""
    refused = set()
    for place, column in enumerate(description["inputs"]):
        if column["type"] == "category":
            row = list(description["rows"][0])
            row[place] = _UNSEEN
            try:
                _said(model, description, [row])
            except UnansweredError:
                refused.add(column["name"])
    return frozenset(refused)


def _said(model: Any, description: Mapping[str, Any], rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            said = expected(model, frame_of(rows, description["inputs"], description["given"]))
    except (ValueError, OverflowError, RefusedError) as error:
        raise UnansweredError(str(error).partition("\n")[0]) from error
    shares = said.get("probabilities")
    if shares is not None and not np.isfinite(shares).all():
        raise UnansweredError("the model has no finite probabilities for a row so far outside of its training range")
    return said


def _outside(row: Sequence[Any], inputs: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(
        f"{column['name']}: {_why(cell, column)}"
        for cell, column in zip(row, inputs, strict=True)
        if not _within(cell, column)
    )


def _within(cell: Any, column: Mapping[str, Any]) -> bool:
    if cell is None:
        return bool(column["missing"])
    if column["type"] == "number":
        return bool(column["min"] <= cell <= column["max"])
    return cell in column["values"]


def _why(cell: Any, column: Mapping[str, Any]) -> str:
    if column["type"] == "number":
        low, high = column["min"], column["max"]
        return f"{cell:g} lies outside of the training range {low:g} to {high:g}, so take the answer with care"
    return f"{str(cell)[:60]!r} was no category in training, so take the answer with care"
