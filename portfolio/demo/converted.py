"""A fitted model as ONNX, for programs that are not Python, with what single precision makes of its answers."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from portfolio.demo.document import expected
from portfolio.demo.refused import RefusedError
from portfolio.demo.rows import drawn_rows, frame_of

N_ROWS = 1000
MOST_BYTES = 50 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """The file's content, and how far its answers are from scikit-learn's."""

    content: bytes
    agreement: dict[str, Any]


def convert(model: Any, description: Mapping[str, Any], example: Any) -> Converted | None:
    """Return the model as ONNX, compared on the description's rows and as many more as `N_ROWS`.

    None where skl2onnx and onnxruntime are not installed, where they cannot convert or run the model, or where the
    result is too large.
    """
    try:
        import onnxruntime  # noqa: PLC0415 - an extra
        import skl2onnx  # noqa: PLC0415 - an extra
    except ImportError:
        return None
    inputs, given = description["inputs"], description["given"]
    rows = [*description["rows"], *drawn_rows(inputs, pd.DataFrame(example), N_ROWS)]
    refusals: tuple[type[Exception], ...] = (*_CANNOT, *_runtime_errors(onnxruntime))
    all_numbers = all(column["type"] == "number" for column in inputs)
    for by_column in (*([True] if given["frame"] else []), *([False] if all_numbers else [])):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                content = _content(skl2onnx, model, inputs, by_column=by_column)
                said = _said(onnxruntime, content, _feed(rows, inputs, by_column=by_column))
                agreement = _agreement(said, expected(model, frame_of(rows, inputs, given)), model)
        except refusals:
            continue
        if len(content) <= MOST_BYTES and agreement["largest_difference"] != np.inf:
            return Converted(content=content, agreement=agreement | {"rows": len(rows)})
    return None


_CANNOT = (RuntimeError, ValueError, TypeError, KeyError, AttributeError, IndexError, NameError, RefusedError)
"""What skl2onnx raises where it cannot convert a model: it has no error of its own for that."""


def _runtime_errors(onnxruntime: Any) -> tuple[type[Exception], ...]:
    state = onnxruntime.capi.onnxruntime_pybind11_state
    return tuple(getattr(state, name) for name in ("Fail", "InvalidArgument", "InvalidGraph", "NotImplemented"))


def _content(skl2onnx: Any, model: Any, inputs: Sequence[Mapping[str, Any]], *, by_column: bool) -> bytes:
    """Return the file; its graph has a name of ours, for a name drawn at random would change the bytes."""
    types = skl2onnx.common.data_types
    number, text = types.FloatTensorType, types.StringTensorType
    if by_column:
        wanted = [(each["name"], (number if each["type"] == "number" else text)([None, 1])) for each in inputs]
    else:
        wanted = [("X", number([None, len(inputs)]))]
    options = {id(model): {"zipmap": False}} if hasattr(model, "classes_") else None
    graph = skl2onnx.to_onnx(model, initial_types=wanted, options=options, name="model")
    return bytes(graph.SerializeToString())


def _feed(rows: Sequence[Sequence[Any]], inputs: Sequence[Mapping[str, Any]], *, by_column: bool) -> dict[str, Any]:
    if not by_column:
        return {"X": np.array([[np.nan if cell is None else cell for cell in row] for row in rows], dtype=np.float32)}
    feed = {}
    for place, column in enumerate(inputs):
        cells = [row[place] for row in rows]
        if column["type"] == "number":
            whole = [np.nan if cell is None else cell for cell in cells]
            feed[column["name"]] = np.array(whole, dtype=np.float32).reshape(-1, 1)
        else:
            whole = ["" if cell is None else cell for cell in cells]
            feed[column["name"]] = np.array(whole, dtype=object).reshape(-1, 1)
    return feed


def _said(onnxruntime: Any, content: bytes, feed: Mapping[str, Any]) -> list[Any]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    return list(session.run(None, dict(feed)))


def _agreement(said: Sequence[Any], wanted: Mapping[str, Any], model: Any) -> dict[str, Any]:
    """Return the largest difference, absolute or relative where values are beyond 1, and how many labels differ."""
    flipped: int | None = None
    pairs: tuple[Any, Any] | None
    if "values" in wanted:
        pairs = (np.ravel(said[0]), np.asarray(wanted["values"]))
    else:
        labels = [list(map(str, model.classes_)).index(str(label)) for label in np.ravel(said[0])]
        flipped = int(np.sum(np.asarray(labels) != np.asarray(wanted["labels"])))
        shares = wanted["probabilities"]
        pairs = (np.asarray(said[1], dtype=float), np.asarray(shares)) if shares is not None else None
    largest = None
    if pairs is not None:
        found, right = pairs
        apart = np.abs(found - right) / np.maximum(1, np.abs(right))
        largest = float(np.nan_to_num(apart, nan=np.inf, posinf=np.inf).max())
    return {"largest_difference": largest, "labels_flipped": flipped}
