"""What the worker says about how the script ended, believed only with this run's nonce in it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portfolio import files
from portfolio.values import codec
from portfolio.values.record import Failure, FailureKind

RESULT = "result.json"
_MOST_BYTES = 4 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerResult:
    """The end of a script that the worker lived to see."""

    failure: Failure | None
    notes: tuple[str, ...]


def read_result(run: Path, nonce: str) -> WorkerResult | None:
    """Return what the worker wrote, or None where it wrote nothing believable."""
    path = run / RESULT
    try:
        document = codec.strict(files.read_regular(path, _MOST_BYTES))
        if document["nonce"] != nonce:
            return None
        return WorkerResult(failure=_failure(document["failure"]), notes=tuple(map(str, document["notes"])))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _failure(found: dict[str, Any] | None) -> Failure | None:
    if found is None:
        return None
    line = found["line"] if isinstance(found["line"], int) else None
    return Failure(
        kind=FailureKind(found["kind"]), message=str(found["message"]), detail=str(found["detail"]), line=line
    )
