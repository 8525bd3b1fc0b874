"""`results.json`: the recorded numbers of a project, committed like a lock file."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portfolio import files
from portfolio.values import codec
from portfolio.values.record import Metric, Record, Result
from portfolio.values.spec import Spec

NAME = "results.json"
_FIELDS = ("value", "goal", "baseline", "interval", "method", "n", "unit", "scores", "splits")
_MOST_BYTES = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A metric that differs from the recorded one by more than its tolerance; None where it is new or gone."""

    name: str
    old: float | None
    new: float | None


def document(record: Record, accepted: Any = None) -> dict[str, Any]:
    """Return what `results.json` holds for `record`: no timestamps, paths, host names or durations."""
    result, circumstances = record.result, record.circumstances
    return {
        "schema": 1,
        "metrics": {
            metric.name: {name: codec.encode(getattr(metric, name)) for name in _FIELDS} for metric in result.metrics
        },
        "accepted": accepted,
        "params": codec.encode(result.params),
        "data": dict(circumstances.data),
        "figures": [{"name": found.name, "alt": found.alt, "caption": found.caption} for found in result.figures],
        "packages": dict(circumstances.packages),
        "python": ".".join(circumstances.python.split(".")[:2]),
    }


def read(text: str | bytes) -> dict[str, Any] | None:
    """Return the document, or None where it is not one of ours, such as one with conflict markers."""
    try:
        found = codec.strict(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("schema") != 1 or not isinstance(found.get("metrics"), dict):
        return None
    return found


def load(path: Path) -> dict[str, Any] | None:
    """Return the document at `path`, or None where there is none of ours."""
    try:
        return read(files.read_regular(path, _MOST_BYTES))
    except OSError:
        return None


def metrics(found: Mapping[str, Any]) -> dict[str, Metric]:
    """Return the metrics of a document by name; one that was edited into something else is left out."""
    listed = found.get("metrics")
    kept = {}
    for name, noted in listed.items() if isinstance(listed, dict) else ():
        fields = {field: noted.get(field) for field in _FIELDS} if isinstance(noted, dict) else {}
        with suppress(codec.CodecError):
            kept[name] = codec.decode(Metric, {"name": name, **fields})
    return kept


def accepted(found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what was accepted, the metrics and data of an earlier document, or None where nothing was."""
    noted = found.get("accepted") if found else None
    if not isinstance(noted, dict) or not isinstance(noted.get("metrics"), dict):
        return None
    return noted


def accept(folder: Path) -> bool:
    """Accept the recorded numbers of a project in place of those accepted before; return whether that changed any.

    Raises:
        FileNotFoundError: there are no recorded numbers.
    """
    found = load(folder / NAME)
    if found is None:
        raise FileNotFoundError(folder / NAME)
    now = {"metrics": found["metrics"], "data": found.get("data"), "params": found.get("params")}
    if found.get("accepted") == now:
        return False
    files.write_text(folder / NAME, _text({**found, "accepted": now}))
    return True


def moved(old: Mapping[str, Any], result: Result, spec: Spec) -> tuple[Moved, ...]:
    """Return the metrics that differ between a document and a result by more than their tolerance."""
    before = {name: found.get("value") for name, found in old["metrics"].items() if isinstance(found, dict)}
    after = {metric.name: metric for metric in result.metrics}
    changes = []
    for name in sorted({*before, *after}):
        was = before.get(name)
        now = after.get(name)
        number = was if isinstance(was, int | float) and not isinstance(was, bool) else None
        if now is None or number is None or abs(now.value - number) > _tolerance(name, number, now.interval, spec):
            changes.append(Moved(name=name, old=number, new=None if now is None else now.value))
    return tuple(changes)


def update(folder: Path, record: Record, spec: Spec) -> tuple[Moved, ...]:
    """Write `results.json` where a number moved or the file's other content changed; return what moved.

    Within tolerance the numbers on file are left untouched, so that another machine makes no difference.
    """
    path = folder / NAME
    old = load(path)
    if old is None:
        files.write_text(path, _text(document(record)))
        return ()
    changes = moved(old, record.result, spec)
    new = document(record, accepted=old.get("accepted"))
    if changes or _beside_numbers(old) != _beside_numbers(new):
        files.write_text(path, _text(new))
    return changes


def _beside_numbers(found: Mapping[str, Any]) -> Any:
    """Return what a reader would call a change though no number moved: which params, data and figures."""
    figures = found.get("figures")
    listed = figures if isinstance(figures, list) else []
    names = [figure.get("name") if isinstance(figure, dict) else None for figure in listed]
    return [found.get("params"), found.get("data"), names]


def _tolerance(name: str, old: float, interval: tuple[float, float] | None, spec: Spec) -> float:
    headline = spec.headline
    if headline and headline.metric == name and headline.tolerance is not None:
        return headline.tolerance
    half = (interval[1] - interval[0]) / 2 if interval else 0.0
    return max(1e-6 * abs(old), half / 10)


def _text(found: Mapping[str, Any]) -> str:
    return json.dumps(found, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
