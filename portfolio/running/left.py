"""What a command left as files in `$PORTFOLIO_RUN`: the way in for programs of every language.

`metrics.json` holds numbers by name; `figures/`, `tables/` and `texts/` hold a file each, named by its stem; what lies
in `artifacts/` is offered as it is. A text beside a figure or a table, of the same stem, says what it shows. Who wants
to say more writes `log.jsonl`. Files are taken in the order of their names; nothing is passed over in silence.
"""

import csv
import json
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from portfolio import log
from portfolio.running.left_metrics import LeftError, take_metrics
from portfolio.running.outputs import IMAGES, spoken
from portfolio.values.slugs import NAME
from portfolio.words import did_you_mean, plural

METRICS = "metrics.json"
FOLDERS = ("figures", "tables", "texts", "artifacts")
_OURS = (log.EVENTS, log.INPUTS, "observed.txt", "tmp")
_TABLE, _TEXTS, _DARK = ".csv", (".txt", ".md"), ".dark"
_MOST_BYTES = 8 << 20
"""Of a file that is read here."""


def prepare(run: Path) -> None:
    """Make the folders, so that a program need not."""
    for name in FOLDERS:
        (run / name).mkdir(exist_ok=True)


def take(run: Path) -> None:
    """Log what lies in `run` and was not logged by the command itself.

    Raises:
        LeftError: a file is not as it has to be.
    """
    logged = _logged(run / log.EVENTS)
    for path in sorted(run.iterdir()):
        if path.name.startswith(".") or path.name in (*_OURS, METRICS):
            continue
        if path.name not in FOLDERS or path.is_symlink() or not path.is_dir():
            hint = did_you_mean(path.name, (METRICS, *FOLDERS)) or f"there are: {METRICS}, {', '.join(FOLDERS)}"
            raise LeftError(f"{path.name}: nothing of that name is taken; {hint}")
    if (run / METRICS).exists():
        take_metrics(_text(run / METRICS, run), METRICS)
    for folder, taken in _TAKE.items():
        taken({name: path for name, path in _files(run, folder) if f"{folder}/{name}" not in logged}, run)


def _logged(events: Path) -> frozenset[str]:
    """Return the files that the events name, and claim the events' names; what is wrong with them is said later."""
    writer, found = log.current(), set[str]()
    for line in events.read_bytes().splitlines() if events.is_file() and not events.is_symlink() else ():
        try:
            event = json.loads(line)
            found.update(str(name) for name in (*event.get("files", {}).values(), event.get("file")))
            writer.claim(event["event"], event["name"], event["event"])
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            continue
    return frozenset(found)


def _files(run: Path, folder: str) -> Iterator[tuple[str, Path]]:
    for path in sorted((run / folder).iterdir()):
        if path.name.startswith("."):
            continue
        if not stat.S_ISREG(path.lstat().st_mode):
            raise LeftError(f"{folder}/{path.name}: is a folder or a link, and only files are taken")
        yield path.name, path


def _take_figures(found: Mapping[str, Path], run: Path) -> None:
    images = {name: path for name, path in found.items() if path.suffix.lower() in IMAGES}
    light = [name for name in images if not Path(name).stem.endswith(_DARK)]
    stems = [Path(name).stem for name in light]
    _refuse_others("figures", found, (*IMAGES, ".txt"))
    for name in set(images) - set(light):
        if Path(name).stem.removesuffix(_DARK) + Path(name).suffix not in light:
            raise LeftError(f"figures/{name}: is the dark side of no figure of its name and kind")
    _refuse_alone("figures", found, stems)
    for name in light:
        claimed = _claim("figure", "figures", name)
        dark = f"{Path(name).stem}{_DARK}{Path(name).suffix}"
        both = {"light": f"figures/{name}"} | ({"dark": f"figures/{dark}"} if dark in images else {})
        alt, caption = _words(found.get(f"{claimed}.txt"), run)
        alt = alt or f"Image written by the command: {spoken(claimed)}"
        log.current().write("figure", claimed, files=both, alt=alt, caption=caption)


def _take_tables(found: Mapping[str, Path], run: Path) -> None:
    _refuse_others("tables", found, (_TABLE, ".txt"))
    tables = [name for name in found if name.endswith(_TABLE)]
    _refuse_alone("tables", found, [Path(name).stem for name in tables])
    for name in tables:
        claimed = _claim("table", "tables", name)
        _check_table(_text(found[name], run), f"tables/{name}")
        caption = " ".join(filter(None, _words(found.get(f"{claimed}.txt"), run)))
        log.current().write("table", claimed, file=f"tables/{name}", caption=caption)


def _check_table(text: str, shown: str) -> None:
    """Refuse what is no table: a header, and rows as long as that."""
    reader = csv.reader(text.splitlines(keepends=True))
    header: list[str] = []
    try:
        for row in reader:
            header = header or row
            if row and len(row) != len(header):
                raise LeftError(
                    f"{shown}:{reader.line_num}: has {plural(len(row), 'cell')}, and the header {len(header)}"
                )
    except csv.Error as error:
        raise LeftError(f"{shown}:{reader.line_num}: is not CSV: {error}") from error
    if not header:
        raise LeftError(f"{shown}: is empty")


def _take_texts(found: Mapping[str, Path], run: Path) -> None:
    _refuse_others("texts", found, _TEXTS)
    for name, path in found.items():
        log.current().write("text", _claim("text", "texts", name), text=_text(path, run).strip())


def _take_artifacts(found: Mapping[str, Path], _run: Path) -> None:
    for name in found:
        log.current().claim("artifact", name, "artifact")
        log.current().write("artifact", name, file=f"artifacts/{name}")


_TAKE = {"figures": _take_figures, "tables": _take_tables, "texts": _take_texts, "artifacts": _take_artifacts}


def _refuse_others(folder: str, found: Mapping[str, Path], suffixes: tuple[str, ...]) -> None:
    for name in found:
        if Path(name).suffix.lower() not in suffixes:
            raise LeftError(f"{folder}/{name}: is none of {', '.join(suffixes)}; artifacts/ takes any file")


def _refuse_alone(folder: str, found: Mapping[str, Path], stems: list[str]) -> None:
    for name in found:
        if name.endswith(".txt") and Path(name).stem not in stems:
            raise LeftError(f"{folder}/{name}: says what none of the {folder} shows; texts/ takes a text of its own")


def _claim(kind: str, folder: str, name: str) -> str:
    stem = Path(name).stem
    if not re.fullmatch(NAME, stem):
        better = re.sub(r"[^a-z0-9]+", "_", stem.lower()).strip("_") or kind
        better = better if better[0].isalpha() else f"{kind}_{better}"
        raise LeftError(
            f"{folder}/{name}: a name has small letters, digits and underscores only: {better}{Path(name).suffix}"
        )
    try:
        return log.current().claim(kind, stem, kind)
    except ValueError as error:
        raise LeftError(f"{folder}/{name}: there is another {kind} of that name") from error


def _words(path: Path | None, run: Path) -> tuple[str, str]:
    """Return the first paragraph of the text that goes with a file, and the rest."""
    first, _, rest = _text(path, run).strip().partition("\n\n") if path else ("", "", "")
    return " ".join(first.split()), " ".join(rest.split())


def _text(path: Path, run: Path) -> str:
    shown = path.relative_to(run).as_posix()
    if not stat.S_ISREG(path.lstat().st_mode):
        raise LeftError(f"{shown}: is not a regular file")
    if path.stat().st_size > _MOST_BYTES:
        raise LeftError(f"{shown}: is larger than {_MOST_BYTES >> 20} MiB; artifacts/ takes any file")
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise LeftError(f"{shown}:{line}: is not text in UTF-8") from error
