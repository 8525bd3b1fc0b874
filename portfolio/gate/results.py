"""What a run left, before it is kept: a secret in it fails the run, and no failure tells one."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from portfolio.gate.gate import Gate
from portfolio.values import codec
from portfolio.values.record import Failure, FailureKind, Record, Result


def secret_in(record: Record, folder: Path, gate: Gate) -> Failure | None:
    """Return the failure of a run whose result holds a secret, in its words or in its files below `folder`."""
    places = [
        *((name, found) for name, text in _words(record.result) for found in gate.text(text)),
        *((name, found) for name in sorted(record.files) for found in gate.file(folder / name)),
    ]
    if not places:
        return None
    name, first = places[0]
    more = f", and {len(places) - 1} more" if len(places) > 1 else ""
    what = f"{name}:{first.line}: what looks like a secret ({first.kind}){more}"
    advice = "let the script keep it to itself, and revoke it if anybody may have seen it"
    said = "\n".join(f"{name}:{found.line}: {found.kind}" for name, found in places)
    return Failure(kind=FailureKind.SECRET, message=f"{what}: {advice}", detail=said)


def without_secrets(failure: Failure, gate: Gate) -> Failure:
    """Return `failure` with no secret in what it says: it is shown, stored and printed."""
    return replace(failure, message=gate.blotted(failure.message), detail=gate.blotted(failure.detail))


def _words(result: Result) -> Iterator[tuple[str, str]]:
    """Yield what a result says, by where an author would look for it."""
    yield "output", result.output
    yield from ((f"text {text.name}", text.text) for text in result.texts)
    for number, cell in enumerate(result.cells, 1):
        yield from ((f"cell {number}", text) for output in cell for text in (output.text, output.plain))
    yield "params", codec.dumps(result.params)
    yield "metrics", codec.dumps(result.metrics)
    yield "figures", codec.dumps(result.figures)
    yield "tables", codec.dumps(result.tables)
    yield "artifacts", codec.dumps(result.artifacts)
    yield "warnings", codec.dumps(result.warnings)
