"""From what was found to a recorded project: through the same door, and the same checks, as what a run leaves."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from portfolio import files
from portfolio.digests import of_mapping
from portfolio.errors import UsageError
from portfolio.gate.gate import Gate
from portfolio.gate.results import secret_in
from portfolio.importing.found import MOST_POINTS, Found, Measured, Picture
from portfolio.importing.tabled import rows_as_csv
from portfolio.log import Log
from portfolio.rendering.borrowed import renderable
from portfolio.running import images, scrub
from portfolio.running.collect import collect
from portfolio.running.curves import drawn_lines
from portfolio.running.events import BadRunError
from portfolio.values.record import IMPORTED, SCHEMA, Circumstances, Record, Result

_MOST_DRAWN = 12
"""Histories that are drawn; all of them stand in the table."""
_KEPT = ("name", "file", "light", "dark", "output")
"""Fields of a result that name its parts or its files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A recorded project, ready to be written."""

    found: Found
    record: Record
    run: Path
    """The folder that holds the record's files."""
    writeup: str
    left_out: tuple[str, ...]


def bring(found: Found, slug: str, run: Path) -> Brought:
    """Return the project that `found` becomes, its files written into the folder `run`.

    Raises:
        UsageError: it holds what looks like a secret, or what no page could show.
    """
    left_out = [*found.left_out]
    log = Log(run, inputs={}, echo=False)
    for measured in found.measured:
        log.write("metric", measured.name, value=measured.value, method=_method(measured))
    for picture in (*found.pictures, *_histories(found, left_out)):
        _put_picture(log, picture, left_out)
    tables = [(each.name, each.text, each.caption) for each in found.tables] + list(_history_table(found, left_out))
    for name, text, caption in tables:
        log.place("tables", f"{name}.csv").write_text(text, encoding="utf-8", newline="")
        log.write("table", name, file=f"tables/{name}.csv", caption=caption)
    for name, text in found.texts:
        log.write("text", name, text=text)
    for name, content in found.artifacts:
        log.place("artifacts", name).write_bytes(content)
        log.write("artifact", name, file=f"artifacts/{name}")
    paths = {f"{Path.home()}/": "~/"}
    scrub.private_files(run, paths)
    try:
        result = scrub.private_value(collect(run).result(), paths, _KEPT)
    except BadRunError as error:
        raise UsageError(f"cannot be imported: {error}") from error
    result = replace(result, params=json.loads(scrub.private(json.dumps(_finite(found.params)), paths)))
    record = _record(found, slug, result, run)
    writeup, changed = renderable(scrub.private(found.writeup, paths), result)
    _refuse_secrets(record, run, writeup)
    return Brought(
        found=found, record=record, run=run, writeup=writeup, left_out=(*left_out, *([changed] if changed else []))
    )


def _method(measured: Measured) -> str | None:
    said = [f"logged as {measured.label}"] if measured.label != measured.name else []
    said += [f"the last of {len(measured.points):,} values"] if len(measured.points) > 1 else []
    return ", ".join(said) or None


def _put_picture(log: Log, picture: Picture, left_out: list[str]) -> None:
    target = log.place("figures", f"{picture.name}{picture.suffix}")
    target.write_bytes(picture.content)
    try:
        images.check(target)
    except images.BadImageError as error:
        target.unlink()
        left_out.append(f"figure {picture.name}: {error}")
        return
    kept = {"light": f"figures/{target.name}"}
    beside = {"dark": (f".dark{picture.suffix}", picture.dark)}
    beside["data"] = (".csv", picture.numbers.encode("utf-8") if picture.numbers else None)
    for role, (suffix, content) in beside.items():
        if content is not None:
            log.place("figures", f"{picture.name}{suffix}").write_bytes(content)
            kept[role] = f"figures/{picture.name}{suffix}"
    log.write("figure", picture.name, files=kept, alt=picture.alt, caption=picture.caption)


def _histories(found: Found, left_out: list[str]) -> Iterator[Picture]:
    """Yield the curve of each metric that was logged more than once, of the first few."""
    taken = {picture.name for picture in found.pictures}
    with_history = [measured for measured in found.measured if len(measured.points) > 1]
    if len(with_history) > _MOST_DRAWN:
        left_out.append(f"curves of {len(with_history) - _MOST_DRAWN} metrics: their values stand in the table history")
    for measured in with_history[:_MOST_DRAWN]:
        drawn = drawn_lines({measured.label: measured.points}, "step", measured.label)
        wish = f"{measured.name}_by_step"
        name = wish if wish not in taken else f"{wish}_2"
        if drawn:
            light, dark, suffix = drawn
            first, last = measured.points[0][1], measured.points[-1][1]
            yield Picture(
                name=name,
                suffix=suffix,
                content=light,
                dark=dark,
                alt=f"{measured.label} by step, from {first:.6g} to {last:.6g}",
                caption=f"{measured.label} by step.",
                numbers=rows_as_csv(
                    [{"step": step, measured.label: value} for step, value in measured.points[:MOST_POINTS]]
                ),
            )


def _history_table(found: Found, left_out: list[str]) -> Iterator[tuple[str, str, str]]:
    rows = [
        {"metric": measured.label, "step": step, "value": value}
        for measured in found.measured
        for step, value in measured.points
    ]
    every = -(-len(rows) // MOST_POINTS) or 1
    if every > 1:
        left_out.append(f"history: of {len(rows):,} values one in {every} is kept")
    if rows:
        name = "history" if all(each.name != "history" for each in found.tables) else "history_of_metrics"
        yield name, rows_as_csv(rows[::every]), "Every value of every metric, by step."


def _finite(value: Any) -> Any:
    """Return params as JSON can hold them: what is no plain value becomes text."""
    if isinstance(value, dict):
        return {str(name): _finite(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_finite(inner) for inner in value]
    is_plain = value is None or isinstance(value, bool | str) or (isinstance(value, int | float) and abs(value) < 1e300)  # noqa: PLR2004
    return value if is_plain else str(value)


def _record(found: Found, slug: str, result: Result, run: Path) -> Record:
    parts = {f"{IMPORTED}{found.origin}": found.digest}
    circumstances = Circumstances(
        started=found.started,
        seconds=round(found.seconds, 3),
        cpu_seconds=0.0,
        peak_memory=0,
        python=found.python,
        platform="",
        packages=dict(found.packages),
        data={},
        notes=found.notes,
    )
    return Record(
        schema=SCHEMA,
        slug=slug,
        key=of_mapping(parts),
        parts=parts,
        result=result,
        circumstances=circumstances,
        files={name: files.digest(run / name) for name in result.file_names()},
    )


def _refuse_secrets(record: Record, run: Path, writeup: str) -> None:
    gate = Gate.of(os.environ)
    failure = secret_in(record, run, gate)
    if failure:
        raise UsageError(failure.message, hint="take it out of the source first; a copy of it will do")
    first = next(iter(gate.text(writeup)), None)
    if first:
        message = f"its prose or code, line {first.line}: what looks like a secret ({first.kind})"
        raise UsageError(message, hint="take it out of the source first; a copy of it will do")
