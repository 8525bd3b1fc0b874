"""A fitted scikit-learn model as a skops file, which runs no code when loaded, and a description of its inputs."""

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

MOST_BYTES = 50 << 20
_MOST_CATEGORIES = 200


def save_model(
    model: Any, stem: Path, *, example: Any, target_names: Sequence[str] | None, demo: bool
) -> tuple[Path, Path]:
    """Write `<stem>.skops` and `<stem>.json`; return both paths.

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
    expected = getattr(model, "n_features_in_", None)
    inputs = _inputs(example)
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
    description = {
        "estimator": type(model).__name__,
        "inputs": inputs,
        "classes": classes or None,
        "target_names": list(target_names) if target_names is not None else None,
        "versions": _versions(),
        "sha256": sha256(content).hexdigest(),
        "untrusted_types": sorted(io.get_untrusted_types(data=content)),
        "demo": demo,
    }
    described.write_text(json.dumps(description, indent=1, sort_keys=True, allow_nan=False) + "\n", encoding="utf-8")
    return saved, described


def _inputs(example: Any) -> list[dict[str, Any]]:
    """Describe each column: a range for numbers, the categories for everything else."""
    import pandas as pd  # noqa: PLC0415

    frame = pd.DataFrame(example)
    described = []
    for name, column in frame.items():
        known = column.dropna()
        if pd.api.types.is_numeric_dtype(column) and len(known):
            kind = {"type": "number", "min": float(known.min()), "max": float(known.max())}
        else:
            kind = {"type": "category", "values": sorted({str(value) for value in known})[:_MOST_CATEGORIES]}
        described.append({"name": str(name), "missing": bool(column.isna().any()), **kind})
    return described


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _versions() -> dict[str, str]:
    import sklearn  # noqa: PLC0415
    import skops  # noqa: PLC0415

    return {"scikit-learn": sklearn.__version__, "skops": skops.__version__}
