"""A logged model read back: nothing in its file is believed before its digest agrees, and no type but known ones."""

import json
from collections.abc import Collection, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from portfolio import files
from portfolio.demo.model import MOST_BYTES, versions
from portfolio.errors import UsageError

_MOST_TEXT = 32 << 20
_WANTED = {"estimator": str, "inputs": list, "versions": dict, "sha256": str, "untrusted_types": list, "given": dict}


def read_description(path: Path) -> dict[str, Any]:
    """Return what `log_model` wrote of a model.

    Raises:
        UsageError: the file is not that.
    """
    try:
        found = json.loads(files.read_regular(path, _MOST_TEXT), parse_constant=_refuse)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}", hint=_BOTH) from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: is cut short or damaged", hint=_BOTH) from error
    if not isinstance(found, dict) or not all(isinstance(found.get(key), kind) for key, kind in _WANTED.items()):
        raise UsageError(f"{path}: is no description that log_model wrote", hint=_BOTH)
    if not found.get("rows") or not isinstance(found.get("expected"), dict):
        reason = found.get("no_demo") or "no rows could be drawn within its training ranges"
        raise UsageError(f"{path}: holds no rows to test the model on: {reason}", hint="log the model anew")
    return found


def load_model(path: Path, description: Mapping[str, Any], trusted: Collection[str]) -> Any:
    """Return the model of a skops file.

    Args:
        path: the file.
        description: of the model, from `read_description`.
        trusted: types the user trusts beside those that skops knows to be safe.

    Raises:
        UsageError: skops is missing, the file is another than the one described, or it holds a type nobody trusts.
    """
    try:
        from skops import io  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UsageError("serve-model needs skops", hint="pip install skops") from error
    try:
        content = files.read_regular(path, MOST_BYTES)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}", hint=_BOTH) from error
    if sha256(content).hexdigest() != description["sha256"]:
        raise UsageError(f"{path}: is not the file that its description was written with", hint=_BOTH)
    unsafe = set(io.get_untrusted_types(data=content))
    unnamed = sorted(unsafe - set(trusted))
    if unnamed:
        raise UsageError(
            f"{path}: holds types that skops does not know to be safe: {', '.join(unnamed)}",
            hint="if you know who made the file and trust these types, name them: "
            + " ".join(f"--trust {name}" for name in unnamed),
        )
    return io.loads(content, trusted=sorted(unsafe))


def other_versions(description: Mapping[str, Any]) -> list[str]:
    """Return in words which libraries have another version here than where the model was fitted."""
    here = versions()
    return [
        f"{name} {then} there, {here[name]} here"
        for name, then in sorted(description["versions"].items())
        if name in here and here[name] != then
    ]


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no number")


_BOTH = "a model is its .skops file and the .json beside it, as the project's page offers them"
