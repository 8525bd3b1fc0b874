"""A folder that DVCLive wrote: last metrics, their histories, params, images and plots."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from portfolio.importing.found import Found, Measured, Names, Picture, Tabled, spoken
from portfolio.importing.source import IMAGES, Source
from portfolio.importing.tabled import flat, number, rows_as_csv
from portfolio.running.curves import drawn_lines

ORIGIN = "a folder of DVCLive"
_METRICS, _HISTORIES, _IMAGES = "metrics.json", "plots/metrics", "plots/images"
_PLOTS = ("plots/sklearn", "plots/custom")
_CONFUSED = ("actual", "predicted")
_USUAL = (_CONFUSED, ("fpr", "tpr"), ("recall", "precision"), ("prob_pred", "prob_true"), ("fpr", "fnr"))
"""Axes of the plots that DVCLive has for scikit-learn, where no `dvc.yaml` names them."""
_MADE = ("dvc.yaml", "report.md", "report.html", "report.ipynb", "static")
"""What DVCLive makes from the rest, or for DVC."""


def folder_of(path: Path) -> Path | None:
    """Return the folder that DVCLive wrote, `path` itself or `dvclive` in it; None where it is neither."""
    for folder in (path, path / "dvclive"):
        if (folder / _HISTORIES).is_dir() or ((folder / _METRICS).is_file() and (folder / "dvc.yaml").is_file()):
            return folder
    return None


def read(folder: Path) -> Found:
    """Return what DVCLive left in `folder`.

    Raises:
        UsageError: a file of it is not what DVCLive writes.
    """
    source, names, pictures = Source(folder), Names(), Names()
    histories = dict(_histories(source))
    last = flat(source.json(folder / _METRICS), "/") if (folder / _METRICS).is_file() else {}
    params = flat(source.yaml(folder / "params.yaml"), ".") if (folder / "params.yaml").is_file() else {}
    measured = tuple(_measured({**dict.fromkeys(histories), **last}, histories, names, source))
    tables, drawn = list[Tabled](), list[Picture]()
    described = _described(source)
    for path in source.files(folder):
        relative = path.relative_to(folder)
        if relative.as_posix().startswith(f"{_IMAGES}/"):
            drawn += _picture(path, relative.relative_to(_IMAGES), source, pictures)
        elif relative.as_posix().startswith(_PLOTS) and path.suffix == ".json":
            _plot(path, described.get(relative.as_posix(), {}), source, pictures, drawn, tables)
        elif not relative.as_posix().startswith((_METRICS, _HISTORIES, "params.yaml", *_MADE)):
            source.leave_out(path, "not among the images it logged" if path.suffix in IMAGES else "")
    written = (folder / _METRICS if (folder / _METRICS).is_file() else folder).stat().st_mtime
    own = folder.parent if folder.name == "dvclive" else folder
    return Found(
        origin=ORIGIN,
        title=spoken(own.resolve().name).capitalize(),
        digest=source.digest,
        started=datetime.fromtimestamp(written, UTC),
        measured=measured,
        params=params,
        pictures=tuple(drawn),
        tables=tuple(tables),
        left_out=tuple(source.left_out),
    )


def _histories(source: Source) -> Iterator[tuple[str, tuple[tuple[int | float, int | float], ...]]]:
    top = source.top / _HISTORIES
    for path in source.files(top):
        if path.suffix == ".tsv":
            name = path.relative_to(top).with_suffix("").as_posix()
            lines = list(csv.reader(source.text(path).splitlines(), delimiter="\t"))
            at = lines[0].index("step") if lines and "step" in lines[0] else 0
            numbers = [(number(line[at]), number(line[-1])) for line in lines[1:] if len(line) > at]
            points = [(step, value) for step, value in numbers if step is not None and value is not None]
            if len(points) < len(numbers):
                source.left_out.append(f"{name}: {len(numbers) - len(points)} values that are not finite numbers")
            yield name, tuple(points)


def _measured(
    last: Mapping[str, Any],
    histories: Mapping[str, tuple[tuple[int | float, int | float], ...]],
    names: Names,
    to: Source,
) -> Iterator[Measured]:
    for label, value in last.items():
        points = histories.get(label, ())
        found = number(value) if value is not None else points[-1][1] if points else None
        if label == "step":
            continue  # of DVCLive itself: how far the run went
        if found is None:
            to.left_out.append(f"{label}: {str(value)[:40]} is not a finite number")
            continue
        yield Measured(name=names.new(label, "metric"), label=label, value=found, points=points)


def _picture(path: Path, relative: Path, source: Source, names: Names) -> list[Picture]:
    content = source.read(path) if path.suffix.lower() in IMAGES else None
    if content is None:
        source.leave_out(path)
        return []
    said = spoken(relative.with_suffix("").as_posix())
    name = names.new(relative.with_suffix("").as_posix(), "figure")
    return [Picture(name=name, suffix=path.suffix.lower(), content=content, alt=f"Image logged by the run: {said}")]


def _described(source: Source) -> Mapping[str, Mapping[str, Any]]:
    """Return what `dvc.yaml`, in the folder or beside it, says of each plot: its title, its axes and their labels."""
    own, beside = source.top / "dvc.yaml", source.top.parent / "dvc.yaml"
    listed = source.yaml(own) if own.is_file() else Source(beside.parent).yaml(beside) if beside.is_file() else {}
    plots = listed.get("plots")
    entries = [entry for entry in plots if isinstance(entry, dict)] if isinstance(plots, list) else []
    pairs = [pair for entry in entries for pair in entry.items()]
    return {str(name).removeprefix(f"{source.top.name}/"): said for name, said in pairs if isinstance(said, dict)}


def _plot(
    path: Path, said: Mapping[str, Any], source: Source, names: Names, drawn: list[Picture], tables: list[Tabled]
) -> None:
    """Keep a plot: drawn where it is a line through numbers, else as its table."""
    document = source.json(path)
    listed = next(iter(document.values()), None) if isinstance(document, dict) else document
    rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    if not rows:
        source.leave_out(path, "holds no rows")
        return
    title = str(said.get("title") or spoken(path.stem).capitalize())
    usual = next((axes for axes in _USUAL if set(axes) <= set(rows[0])), ("", ""))
    x, y = str(said.get("x") or usual[0]), str(said.get("y") or usual[1])
    name = names.new(path.stem, "plot")
    if (x, y) == _CONFUSED:
        tables.append(Tabled(name=name, text=rows_as_csv(_counted(rows, x, y)), caption=title))
        return
    pairs = ((number(row.get(x)), number(row.get(y))) for row in rows)
    points = [(one, two) for one, two in pairs if one is not None and two is not None]
    across, up = str(said.get("x_label") or x), str(said.get("y_label") or y)
    image = drawn_lines({title: points}, across, up)
    text = rows_as_csv(rows)
    if image is None:
        tables.append(Tabled(name=name, text=text, caption=title))
        return
    light, dark, suffix = image
    alt = f"{up} against {across}"
    drawn.append(Picture(name=name, suffix=suffix, content=light, dark=dark, alt=alt, caption=title, numbers=text))


def _counted(rows: list[dict[str, Any]], actual: str, predicted: str) -> list[dict[str, Any]]:
    """Return a confusion matrix: a row for each actual class, a column for each predicted one."""
    counts = Counter((str(row.get(actual)), str(row.get(predicted))) for row in rows)
    classes = sorted({name for pair in counts for name in pair})
    return [{"actual": one, **{f"predicted {other}": counts[one, other] for other in classes}} for one in classes]
