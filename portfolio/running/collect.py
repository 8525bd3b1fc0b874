"""Read what a run left in its folder, as hostile input: a value is taken once it is known to be well-formed.

Anything that is not as the contract says fails the project with kind `artifact`; nothing outside the folder is read.
"""

import csv
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portfolio import cells
from portfolio.log import EVENTS
from portfolio.running import images
from portfolio.running.cells import Event
from portfolio.running.checked import file_of, neutralise, number, text_of, whole
from portfolio.running.events import MOST_EVENTS, BadRunError, events_of
from portfolio.values.record import Artifact, Figure, Goal, Metric, Result, Step, Table, Text, Warned
from portfolio.values.slugs import NAME

MOST = {"metric": 10_000, "figure": 500, "table": 500, "text": 500, "artifact": 500, "step": 1_000}
"""How many of a kind one run may log; a page with more of them could not be read."""
MOST_WARNINGS = 1_000
_LONGEST_CELL = 100_000
_INSTEAD = {"metric": "log_table holds many numbers", "text": "log_artifact takes a file"}
_FEWER = "log those that a reader should see"
_NAMES_FILE = re.compile(r"(figures|tables|artifacts)/")
"""How a message begins that names the file that is wrong."""
_KINDS = ("plain", "html", "markdown", "error", "note", "figure", "table", "cleared")


@dataclass(slots=True)
class Collected:
    """What the events of a run amount to, in their order."""

    metrics: list[Metric] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    artifacts: list[Artifact] = field(default_factory=list)
    warnings: dict[tuple[str, str, int | None], int] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    cells: list[Event] = field(default_factory=list)

    def result(self) -> Result:
        """Return what was logged, without what only a run can say beside it."""
        return Result(
            metrics=tuple(self.metrics),
            figures=tuple(self.figures),
            tables=tuple(self.tables),
            texts=tuple(self.texts),
            artifacts=tuple(self.artifacts),
        )

    def warned(self) -> tuple[Warned, ...]:
        """Return each distinct warning once, with its count."""
        return tuple(
            Warned(category=category, message=message, statement=statement, count=count)
            for (category, message, statement), count in self.warnings.items()
        )


def collect(run: Path) -> Collected:
    """Return what the run in folder `run` logged.

    Raises:
        BadRunError: an event or a file is not as the contract says.
    """
    collected = Collected()
    seen: set[tuple[str, str]] = set()
    counts: Counter[str] = Counter()
    for line, event in events_of(run / EVENTS):
        try:
            kind, name = _kind_and_name(event)
            if kind in ("metric", "figure", "table", "text"):
                if not re.fullmatch(NAME, name) or (kind, name) in seen:
                    raise BadRunError(f"{kind} name {name!r} is malformed or used twice")  # noqa: TRY301 - with its line
                seen.add((kind, name))
            counts[kind] += 1
            if counts[kind] > MOST.get(kind, MOST_EVENTS):
                few = _INSTEAD.get(kind, _FEWER)
                raise BadRunError(f"more than {MOST[kind]:,} of kind {kind}: {few}")  # noqa: TRY301
            _TAKE[kind](collected, name, event, run)
        except BadRunError as error:
            place = "" if _NAMES_FILE.match(str(error)) else f"log.jsonl:{line}: "
            raise BadRunError(f"{place}{error}") from error
    return collected


def _kind_and_name(event: Mapping[str, Any]) -> tuple[str, str]:
    kind, name = event.get("event"), event.get("name")
    if not isinstance(kind, str) or kind not in _TAKE:
        raise BadRunError(f"unknown event {kind!r}")
    if not isinstance(name, str) or len(name) > 300:  # noqa: PLR2004
        raise BadRunError(f"a {kind} without a name")
    return kind, whole(name)


def _metric(to: Collected, name: str, event: Mapping[str, Any], _run: Path) -> None:
    interval = event.get("interval")
    scores = event.get("scores")
    goal = event.get("goal")
    if goal not in (None, "maximize", "minimize"):
        raise BadRunError(f"metric {name}: goal {goal!r}")
    if interval is not None and (not isinstance(interval, list) or len(interval) != 2):  # noqa: PLR2004
        raise BadRunError(f"metric {name}: interval is not [low, high]")
    if interval is not None and number(interval[0], name) > number(interval[1], name):
        raise BadRunError(f"metric {name}: interval is [high, low]")
    to.metrics.append(
        Metric(
            name=name,
            value=number(event.get("value"), name),
            goal=Goal(goal) if goal else None,
            baseline=None if event.get("baseline") is None else number(event["baseline"], name),
            interval=(number(interval[0], name), number(interval[1], name)) if interval else None,
            unit=text_of(event, "unit", name),
            method=text_of(event, "method", name),
            n=int(number(event["n"], name)) if type(event.get("n")) is int else None,
            scores=tuple(number(score, name) for score in scores) if isinstance(scores, list) else None,
            splits=text_of(event, "splits", name),
        )
    )


def _figure(to: Collected, name: str, event: Mapping[str, Any], run: Path) -> None:
    files = event.get("files")
    if not isinstance(files, dict) or "light" not in files:
        raise BadRunError(f"figure {name}: names no file")
    light = file_of(run, files["light"])
    dark = file_of(run, files["dark"]) if files.get("dark") else None
    data = file_of(run, files["data"]) if files.get("data") else None
    if data:
        neutralise(run / data)
    try:
        width, height = images.check(run / light)
        if dark:
            images.check(run / dark)
    except images.BadImageError as error:
        raise BadRunError(f"figures/{error}") from error
    alt, caption = text_of(event, "alt", name) or f"Figure {name}", text_of(event, "caption", name) or ""
    step = text_of(event, "step", name)
    found = Figure(
        name=name, alt=alt, caption=caption, light=light, dark=dark, width=width, height=height, step=step, data=data
    )
    to.figures.append(found)


def _table(to: Collected, name: str, event: Mapping[str, Any], run: Path) -> None:
    file = file_of(run, event.get("file"))
    neutralise(run / file)
    try:
        with (run / file).open(encoding="utf-8", newline="") as stream:
            found = [(len(row), max(map(len, row), default=0)) for row in csv.reader(stream)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadRunError(f"{file}: is not CSV in UTF-8") from error
    if max((longest for _, longest in found), default=0) > _LONGEST_CELL:
        raise BadRunError(f"{file}: is not CSV for a page: a cell is longer than {_LONGEST_CELL:,} characters")
    lengths = [width for width, _ in found]
    rows, columns = max(len(lengths) - 1, 0), max(lengths, default=0)
    caption, step = text_of(event, "caption", name) or "", text_of(event, "step", name)
    to.tables.append(Table(name=name, caption=caption, file=file, rows=rows, columns=columns, step=step))


def _logged_text(to: Collected, name: str, event: Mapping[str, Any], _run: Path) -> None:
    to.texts.append(Text(name=name, text=text_of(event, "text", name) or ""))


def _artifact(to: Collected, name: str, event: Mapping[str, Any], run: Path) -> None:
    file = file_of(run, event.get("file"))
    if file.lower().endswith(cells.SUFFIXES):
        neutralise(run / file)
    to.artifacts.append(Artifact(name=name, file=file, size=(run / file).stat().st_size))


def _warning(to: Collected, name: str, event: Mapping[str, Any], _run: Path) -> None:
    statement = event.get("statement")
    kept = (name, (text_of(event, "message", name) or "")[:2000], statement if type(statement) is int else None)
    if kept in to.warnings or len(to.warnings) < MOST_WARNINGS:
        to.warnings[kept] = to.warnings.get(kept, 0) + 1


def _step(to: Collected, name: str, event: Mapping[str, Any], _run: Path) -> None:
    cost = {key: float(number(event.get(key), name)) for key in ("seconds", "cpu_seconds")}
    to.steps.append(Step(name=name, **cost))


def _cell(to: Collected, name: str, event: Mapping[str, Any], _run: Path) -> None:
    kind = "end" if name == "end" else "cell"
    to.cells.append(Event(kind=kind, text=name, at=_place(event)))


def _shown(to: Collected, name: str, event: Mapping[str, Any], _run: Path) -> None:
    if name not in _KINDS:
        raise BadRunError(f"log.jsonl: nothing is shown as {name!r}")
    text, plain, key = (text_of(event, field, name) or "" for field in ("text", "plain", "key"))
    to.cells.append(Event(kind=name, text=text, at=_place(event), plain=plain, key=key))


def _place(event: Mapping[str, Any]) -> int:
    at = event.get("at")
    if type(at) is not int or at < 0:
        raise BadRunError("log.jsonl: a cell without its place in the output")
    return at


_TAKE = {
    "cell": _cell,
    "shown": _shown,
    "metric": _metric,
    "figure": _figure,
    "table": _table,
    "text": _logged_text,
    "artifact": _artifact,
    "warning": _warning,
    "step": _step,
}
