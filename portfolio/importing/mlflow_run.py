"""A run in a file store of MLflow: metrics with their histories, params, tags and artifacts, read without MLflow."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from portfolio.errors import UsageError
from portfolio.importing.found import Found, Measured, Names, Picture, Tabled, spoken, without_jinja
from portfolio.importing.source import IMAGES, KEPT_AS_FILES, Source
from portfolio.importing.tabled import is_table, number, plain, rows_as_csv

ORIGIN = "a run of MLflow"
_META = "meta.yaml"
_FINISHED = {3: "", 1: "MLflow says that this run was still going on.", 4: "MLflow says that this run failed."}
_LONGEST_TAG, _MOST_LISTED = 40, 20
_PINNED = re.compile(r"([A-Za-z0-9._-]+)==([A-Za-z0-9.!+_-]+)")
_OF_A_PERSON = ("mlflow.user", "mlflow.source.name", "mlflow.source.type", "mlflow.source.git.repoURL")
_ENDED_EARLY = "MLflow says that this run was ended early."


def folder_of(path: Path) -> Path | None:
    """Return the run that `path` is or holds, as an experiment or a whole store does; None where it is none of these.

    Raises:
        UsageError: it holds several, which are listed.
    """
    if not path.is_dir():
        return None
    found = [folder for folder in (path, *path.glob("*"), *path.glob("*/*")) if _is_run(folder)]
    if len(found) < 2:  # noqa: PLR2004 - one is meant
        return found[0] if found else None
    listed = "\n".join(f"  {folder}  {_called(folder)}" for folder in sorted(found)[:_MOST_LISTED])
    more = f"\n  and {len(found) - _MOST_LISTED} more" if len(found) > _MOST_LISTED else ""
    message = f"{path}: holds {len(found)} runs, of which each becomes a project of its own:\n{listed}{more}"
    raise UsageError(message, hint=f"choose one: portfolio import {min(found)}")


def read(folder: Path) -> Found:
    """Return what MLflow keeps of the run in `folder`.

    Raises:
        UsageError: a file of it is not what MLflow writes, or the run was deleted there.
    """
    source, names = Source(folder), Names()
    meta = source.yaml(folder / _META)
    if meta.get("lifecycle_stage") == "deleted":
        raise UsageError(f"{folder}: was deleted in MLflow", hint="mlflow runs restore, or choose another run")
    measured = tuple(_metric(path, source, names) for path in source.files(folder / "metrics"))
    tags = {_key(path, folder / "tags"): source.text(path).strip() for path in source.files(folder / "tags")}
    kept = _Artifacts(source, folder / "artifacts")
    for path in source.files(folder):
        if path.relative_to(folder).parts[0] not in (_META, "metrics", "params", "tags", "artifacts"):
            source.leave_out(path, "of MLflow's own")
    own = {name: text for name, text in tags.items() if not name.startswith("mlflow.")}
    if any(name in tags for name in _OF_A_PERSON):
        source.left_out.append("tags of MLflow's own: who ran it, on which files")
    title = tags.get("mlflow.runName") or str(meta.get("run_name") or folder.name)
    started, ended = _moment(meta.get("start_time")), _moment(meta.get("end_time"))
    return Found(
        origin=ORIGIN,
        title=" ".join(filter(None, [_experiment(folder), title])),
        digest=source.digest,
        started=started or datetime.fromtimestamp((folder / _META).stat().st_mtime, UTC),
        seconds=max((ended - started).total_seconds(), 0.0) if started and ended else 0.0,
        measured=tuple(found for found in measured if found),
        params={_key(path, folder / "params"): plain(source.text(path)) for path in source.files(folder / "params")},
        tags=tuple(tag for name, text in own.items() if len(tag := f"{name}: {text}") <= _LONGEST_TAG),
        pictures=tuple(kept.pictures),
        tables=(*kept.tables, *_long_tags(own)),
        artifacts=tuple(kept.files),
        writeup=without_jinja(tags.get("mlflow.note.content", "")),
        packages=kept.packages,
        left_out=tuple(source.left_out),
        notes=tuple(_notes(meta, tags)),
    )


def _is_run(folder: Path) -> bool:
    try:
        text = (folder / _META).read_text(encoding="utf-8", errors="replace") if (folder / _META).is_file() else ""
    except OSError:
        return False
    return bool(re.search(r"^run_(?:id|uuid):", text, re.MULTILINE))


def _called(folder: Path) -> str:
    path = folder / "tags" / "mlflow.runName"
    return Source(folder).text(path).strip()[:60] if path.is_file() else ""


def _experiment(folder: Path) -> str:
    path = folder.parent / _META
    name = Source(folder.parent).yaml(path).get("name") if path.is_file() else None
    return f"{spoken(str(name)).capitalize()}:" if name and name != "Default" else ""


def _metric(path: Path, source: Source, names: Names) -> Measured | None:
    """Return a metric whose last value is MLflow's own: of the largest step, the newest."""
    label = _key(path, source.top / "metrics")
    lines = [line.split() for line in source.text(path).splitlines() if line.strip()]
    found = sorted(point for line in lines if (point := _point(line)))
    if len(found) < len(lines):
        source.left_out.append(f"{label}: {len(lines) - len(found)} values that are not finite numbers")
    if not found:
        return None
    points = tuple((step, value) for step, _, value in found) if len(found) > 1 else ()
    return Measured(name=names.new(label, "metric"), label=label, value=found[-1][2], points=points)


def _point(line: list[str]) -> tuple[int | float, int | float, int | float] | None:
    """Return step, moment and value of a line, which holds the moment, the value and perhaps the step."""
    if len(line) < 2:  # noqa: PLR2004 - see above
        return None
    moment, value, step = number(line[0]), number(line[1]), number(line[2]) if line[2:] else 0
    return None if moment is None or value is None or step is None else (step, moment, value)


def _key(path: Path, top: Path) -> str:
    return path.relative_to(top).as_posix()


def _moment(milliseconds: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _long_tags(tags: dict[str, str]) -> list[Tabled]:
    rows = [{"tag": name, "value": text} for name, text in tags.items() if len(f"{name}: {text}") > _LONGEST_TAG]
    return [Tabled(name="tags_of_the_run", text=rows_as_csv(rows), caption="Tags of the run.")] if rows else []


def _notes(meta: dict[str, Any], tags: dict[str, str]) -> Iterator[str]:
    ended = _FINISHED.get(meta.get("status", 3), _ENDED_EARLY)
    if ended:
        yield ended
    commit = tags.get("mlflow.source.git.commit", "")
    if re.fullmatch(r"[0-9a-f]{7,64}", commit):
        yield f"Its code was at commit {commit[:12]} then."


class _Artifacts:
    """What of a run's artifacts is brought along: images, tables, small texts."""

    def __init__(self, source: Source, top: Path) -> None:
        self.pictures: list[Picture] = []
        self.tables: list[Tabled] = []
        self.files: list[tuple[str, bytes]] = []
        self.packages: dict[str, str] = {}
        self._source, self._figures, self._named, self._taken = source, Names(), Names(), set[str]()
        for path in source.files(top) if top.is_dir() else ():
            self._keep(path, path.relative_to(top))

    def _keep(self, path: Path, relative: Path) -> None:
        suffix, stem = path.suffix.lower(), relative.with_suffix("").as_posix()
        if suffix not in (*IMAGES, ".csv", *KEPT_AS_FILES):
            self._source.leave_out(path)
            return
        content = self._source.read(path)
        if content is None:
            return
        if suffix in IMAGES:
            alt = f"Image logged by the run: {spoken(stem)}"
            self.pictures.append(
                Picture(name=self._figures.new(stem, "figure"), suffix=suffix, content=content, alt=alt)
            )
            return
        text = content.decode("utf-8", "replace")
        table = text if suffix == ".csv" and is_table(text) else _split(text) if suffix == ".json" else ""
        if table:
            self.tables.append(
                Tabled(name=self._named.new(stem, "table"), text=table, caption=spoken(stem).capitalize())
            )
            return
        if path.name == "requirements.txt":
            self.packages |= dict(_PINNED.findall(text))
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", relative.as_posix()).strip(".-")[-150:] or "file"
        if name.lower() in self._taken:
            self._source.leave_out(path, "has the name of another")
            return
        self._taken.add(name.lower())
        self.files.append((name, content))


def _split(text: str) -> str:
    """Return as CSV what `mlflow.log_table` wrote; empty where it is something else."""
    try:
        document = json.loads(text)
        rows = [dict(zip(document["columns"], row, strict=True)) for row in document["data"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return rows_as_csv(rows) if rows and all(isinstance(name, str) for name in document["columns"]) else ""
