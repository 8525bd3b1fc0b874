"""A fitted scikit-learn model as a skops file, which runs no code when loaded, and a description of its inputs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

MOST_BYTES = 50 << 20
DEMO = ".demo.json"
"""How the name of a file ends that the page loads to try a model."""
ONNX = ".onnx"
"""And of one that other programs can load, where the model converts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The files written, and why there is no demo among them, if there is none and one was wanted."""

    paths: tuple[Path, ...]
    refused: str | None


def save_model(model: Any, stem: Path, *, example: Any, target_names: Sequence[str] | None, demo: bool) -> Saved:
    """Write `<stem>.skops` and `<stem>.json`, and `<stem>.demo.json` and `<stem>.onnx` where the model allows.

    The first of these is what the page tries the model with; the second needs skl2onnx and onnxruntime.

    Args:
        model: a fitted scikit-learn estimator or pipeline.
        stem: where to write.
        example: rows of the training data, array or DataFrame of shape (n_rows, n_features); its ranges and categories
            describe the inputs, its rows are not kept.
        target_names: names of the classes, in the order of `model.classes_`.
        demo: whether the author allows the model to be tried in the page.

    Raises:
        ImportError: skops is not installed.
        ValueError: the model is not fitted, too large, or the example does not fit it.
    """
    try:
        from skops import io  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise ImportError("log_model needs skops: pip install skops") from error
    from sklearn.utils.validation import check_is_fitted  # noqa: PLC0415

    check_is_fitted(model)
    from portfolio.demo.converted import convert  # noqa: PLC0415
    from portfolio.demo.document import described_inputs  # noqa: PLC0415 - pandas, only where a model is logged
    from portfolio.demo.kept import kept_rows  # noqa: PLC0415
    from portfolio.demo.rows import given_as  # noqa: PLC0415

    expected = getattr(model, "n_features_in_", None)
    inputs = described_inputs(example)
    if expected is not None and expected != len(inputs):
        raise ValueError(f"log_model: example has {len(inputs)} columns, the model was fitted on {expected}")
    content = io.dumps(model)
    if len(content) > MOST_BYTES:
        raise ValueError(f"log_model: the model has {len(content) >> 20} MiB, more than {MOST_BYTES >> 20} MiB")
    saved, described = stem.with_name(f"{stem.name}.skops"), stem.with_name(f"{stem.name}.json")
    saved.write_bytes(content)
    classes = [_plain(value) for value in getattr(model, "classes_", [])]
    if target_names is not None and len(target_names) != len(classes):
        raise ValueError(f"log_model: {len(target_names)} target_names for {len(classes)} classes")
    description: dict[str, Any] = {
        "estimator": type(model).__name__,
        "inputs": inputs,
        "classes": classes or None,
        "target_names": list(target_names) if target_names is not None else None,
        "versions": versions(),
        "sha256": sha256(content).hexdigest(),
        "untrusted_types": sorted(io.get_untrusted_types(data=content)),
        "training_rows": kept_rows(model),
        "given": given_as(example),
    }
    tested, text, refused = _demo(model, example, description, wanted=demo)
    description |= {"demo": text is not None, "no_demo": refused, **tested}
    converted = convert(model, description, example) if tested["rows"] else None
    description["onnx"] = converted.agreement if converted else None
    described.write_text(json.dumps(description, indent=1, sort_keys=True, allow_nan=False) + "\n", encoding="utf-8")
    paths = [saved, described]
    for suffix, found in ((DEMO, text.encode() if text else None), (ONNX, converted.content if converted else None)):
        if found is not None:
            paths.append(stem.with_name(f"{stem.name}{suffix}"))
            paths[-1].write_bytes(found)
    return Saved(paths=tuple(paths), refused=refused)


def _demo(
    model: Any, example: Any, description: dict[str, Any], *, wanted: bool
) -> tuple[dict[str, Any], str | None, str | None]:
    """Return rows to test the model on, the demo's text, and why there is none."""
    from portfolio.demo.document import demo_text, self_test  # noqa: PLC0415 - pandas
    from portfolio.demo.refused import RefusedError  # noqa: PLC0415 - beside what raises it

    tested: dict[str, Any] = {"rows": None, "expected": None}
    try:
        tested = self_test(model, description["inputs"], example)
        return tested, demo_text(model, tested, description) if wanted else None, None
    except RefusedError as error:
        return tested, None, str(error) if wanted else None


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def versions() -> dict[str, str]:
    """Return the versions of what a model is fitted, stored and loaded with."""
    return {name: version(name) for name in ("numpy", "pandas", "scikit-learn", "skops")}
