"""The files a script wrote into its folder: images become figures, CSV files tables, `metrics.json` metrics."""

import csv
import json
import re
import shutil
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portfolio import log
from portfolio.workspace.inputs import input_files

IMAGES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg")
MOST_FILES = 60
MOST_BYTES = 20 << 20

Seen = Mapping[str, tuple[int, int]]


def snapshot(folder: Path) -> Seen:
    """Return size and modification time of every file, to tell later what was written."""
    return {found.name: _stamp(found.path) for found in input_files(folder, ())}


@dataclass(frozen=True, slots=True)
class Written:
    """What a run wrote into `folder`, given what was there before."""

    folder: Path
    before: Seen

    def keep(self, besides: Iterable[Path]) -> None:
        """Log what was written, in the order of writing, less the images of figures captured already."""
        captured = {path.resolve() for path in besides}
        new = [found for found in input_files(self.folder, ()) if self.before.get(found.name) != _stamp(found.path)]
        kept = 0
        for found in sorted(new, key=lambda found: (_stamp(found.path)[1], found.name)):
            suffix = found.path.suffix.lower()
            if kept >= MOST_FILES or not self._is_own(found.path):
                continue
            if found.path.name == "metrics.json":
                _keep_metrics(found.path)
            elif suffix in IMAGES and found.path.resolve() not in captured:
                _keep_image(found.path, suffix)
                kept += 1
            elif suffix == ".csv":
                kept += _keep_table(found.path)

    def _is_own(self, path: Path) -> bool:
        """Whether a file was written here and is not another's, by a link of either kind or a folder that is one."""
        seen = path.lstat()
        is_here = path.resolve() == self.folder.resolve() / path.relative_to(self.folder)
        return is_here and stat.S_ISREG(seen.st_mode) and seen.st_nlink == 1 and seen.st_size <= MOST_BYTES


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _keep_image(path: Path, suffix: str) -> None:
    writer = log.current()
    name = free_name(writer, "figure", path.stem)
    target = writer.place("figures", f"{name}{suffix}")
    shutil.copyfile(path, target)
    alt = f"Image written by the script: {spoken(path.stem)}"
    writer.write("figure", name, files={"light": f"figures/{target.name}"}, alt=alt, caption="")


def _keep_table(path: Path) -> bool:
    """Keep a CSV file that reads as a table: a header and rows of equal length."""
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
    except (UnicodeDecodeError, csv.Error):
        return False
    if len(rows) < 2 or len({len(row) for row in rows if row}) != 1:  # noqa: PLR2004 - header and a row
        return False
    writer = log.current()
    name = free_name(writer, "table", path.stem)
    shutil.copyfile(path, writer.place("tables", f"{name}.csv"))
    writer.write("table", name, file=f"tables/{name}.csv", caption="")
    return True


def _keep_metrics(path: Path) -> None:
    """Log the finite numbers of a `metrics.json`, nested names joined; whole metrics may be given as objects."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path.name}: is not JSON: {error}") from error
    for name, value in _flat(document):
        clean = free_name(log.current(), "metric", name, claim=False)
        if isinstance(value, dict):
            known = {key: inner for key, inner in value.items() if key in METRIC_KEYS}
            log.log_metric(clean, **known)
        else:
            log.log_metric(clean, value)


METRIC_KEYS = ("value", "goal", "baseline", "interval", "unit", "method", "n", "scores", "splits")


def _flat(document: Any, above: str = "") -> list[tuple[str, Any]]:
    if isinstance(document, dict) and not (above and "value" in document):
        return [pair for key, value in document.items() for pair in _flat(value, f"{above}_{key}" if above else key)]
    is_number = isinstance(document, int | float) and not isinstance(document, bool)
    return [(above, document)] if above and (is_number or isinstance(document, dict)) else []


def free_name(writer: log.Log, kind: str, wish: str, *, claim: bool = True) -> str:
    """Return a well-formed name near `wish` that nothing of its kind has."""
    base = re.sub(r"[^a-z0-9]+", "_", wish.lower()).strip("_")[:80] or kind
    base = base if base[0].isalpha() else f"{kind}_{base}"
    name, number = base, 1
    while writer.has(kind, name):
        number += 1
        name = f"{base}_{number}"
    return writer.claim(kind, name, kind) if claim else name


def spoken(stem: str) -> str:
    """Return a file's stem as words."""
    return re.sub(r"[_\-.]+", " ", stem).strip() or "without a name"
