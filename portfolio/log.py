"""What a script may call: MLflow's verbs, written to the run's folder in a build and printed outside one.

Only the standard library is imported here, so a script pays nothing for `import portfolio`. What the calls leave in
`$PORTFOLIO_RUN` is a contract of files that any language can write: one JSON object a line in `log.jsonl`, and the
files it names beside it.
"""

import csv
import io
import json
import math
import os
import re
import shutil
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

RUN_FOLDER = "PORTFOLIO_RUN"
EVENTS = "log.jsonl"
INPUTS = "inputs.json"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")


class FigureSaver(Protocol):
    """Saves a drawn figure as `<stem>.*` and returns the files' names by role, `light` and perhaps `dark`."""

    def __call__(self, figure: Any, stem: Path) -> Mapping[str, str]: ...


def save_light(figure: Any, stem: Path) -> Mapping[str, str]:
    """Save one PNG by the figure's own `savefig`; what happens outside a build."""
    target = stem.with_suffix(".png")
    figure.savefig(target)
    return {"light": target.name}


class Log:
    """Where the calls of one script go: a run's folder, or the folder of runs by hand, then also to the terminal."""

    def __init__(self, folder: Path, *, inputs: Mapping[str, Any], save: FigureSaver = save_light, echo: bool) -> None:
        self.folder = folder
        self.params: Mapping[str, Any] = inputs.get("params", {})
        self.seed: int = inputs.get("seed", 0)
        self.save_figure = save
        self._echo = echo
        self._names: set[tuple[str, str]] = set()
        self._steps: list[str] = []

    def write(self, event: str, name: str, **fields: Any) -> None:
        """Append one event; a single write, so that lines of several processes do not mix."""
        step = {"step": self._steps[-1]} if self._steps else {}
        line = json.dumps({"event": event, "name": name, **step, **fields}, allow_nan=False, ensure_ascii=False) + "\n"
        self.folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.folder / EVENTS, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            os.write(descriptor, line.encode("utf-8"))
        finally:
            os.close(descriptor)

    def claim(self, kind: str, name: object, verb: str) -> str:
        """Return `name` once it is known to be well-formed and new among its kind."""
        if not isinstance(name, str):
            raise TypeError(f"{verb}: the first argument is the name, a string, not {type(name).__name__}")
        if not _NAME.fullmatch(name):
            raise ValueError(f"{verb}: name {name!r} must match [a-z][a-z0-9_]*, for instance {_suggest(name)!r}")
        if (kind, name) in self._names:
            raise ValueError(f"{verb}: {kind} {name!r} was logged before; names are unique within a run")
        self._names.add((kind, name))
        return name

    def place(self, kind: str, filename: str) -> Path:
        """Return the path for a file of that kind, its folder made."""
        target = self.folder / kind / filename
        target.parent.mkdir(parents=True, exist_ok=True)
        return target

    def say(self, text: str) -> None:
        """Print what was logged, outside a build only."""
        if self._echo:
            print(text)  # noqa: T201 - a run by hand is read on the terminal

    @contextmanager
    def within(self, name: str) -> Iterator[None]:
        """Mark a step of the process and log its cost when it ends."""
        self._steps.append(name)
        wall, cpu = time.perf_counter(), time.process_time()
        self.say(f"step {name}")
        try:
            yield
        finally:
            self._steps.pop()
            self.write("step", name, seconds=time.perf_counter() - wall, cpu_seconds=time.process_time() - cpu)


_current: Log | None = None  # one script, one log: the process is the run


def begin(log: Log) -> None:
    """Send the calls of this process to `log`; called by the worker before the script."""
    global _current  # noqa: PLW0603 - see above
    _current = log


def current() -> Log:
    """Return the log of this process, made at the first call where no worker made it."""
    if _current is None:
        begin(_in_build() if os.environ.get(RUN_FOLDER) else _by_hand())
    assert _current is not None  # noqa: S101 - for the type checker
    return _current


def log_metric(  # noqa: PLR0913 - everything that makes a number judgeable
    name: str,
    value: float,
    *,
    goal: str | None = None,
    baseline: float | None = None,
    interval: Sequence[float] | None = None,
    unit: str | None = None,
    method: str | None = None,
    n: int | None = None,
    scores: Sequence[float] | None = None,
    splits: str | None = None,
) -> None:
    """Log one number.

    Args:
        name: matches `[a-z][a-z0-9_]*`, unique among the run's metrics.
        value: a finite number; NumPy scalars are fine.
        goal: `"maximize"` or `"minimize"`.
        baseline: the value of what it is compared with, in the same unit.
        interval: lower and upper end of its interval.
        unit: shown behind the number, such as `"%"` or `"€ a day"`.
        method: how value and interval were obtained, such as `"bootstrap, 1000 draws, test set"`.
        n: number of rows or splits behind it.
        scores: the score of each fold or split.
        splits: a digest that names the splits, so that two results can be compared fold by fold.

    Raises:
        TypeError: an argument is of the wrong type, or name and value are swapped.
        ValueError: the name is malformed or taken, or a number is not finite.
    """
    log = current()
    claimed = log.claim("metric", name, "log_metric")
    label = f"log_metric({name!r})"
    if goal not in (None, "maximize", "minimize"):
        raise ValueError(f"{label}: goal is 'maximize' or 'minimize', not {goal!r}")
    low_high = _interval(interval, label)
    number = _number(value, label)
    log.write(
        "metric",
        claimed,
        value=number,
        goal=goal,
        baseline=None if baseline is None else _number(baseline, f"{label}: baseline"),
        interval=low_high,
        unit=unit,
        method=method,
        n=None if n is None else int(n),
        scores=None if scores is None else [_number(score, f"{label}: scores") for score in scores],
        splits=splits,
    )
    between = f" [{low_high[0]:.6g}, {low_high[1]:.6g}]" if low_high else ""
    log.say(f"{name} = {number:.6g}{between}{f' {unit}' if unit else ''}")


def log_metrics(metrics: Mapping[str, float]) -> None:
    """Log several numbers by name.

    Raises:
        TypeError: no mapping was given.
        ValueError: see `log_metric`.
    """
    if not isinstance(metrics, Mapping):
        raise TypeError(f"log_metrics: wants a mapping of names to numbers, not {type(metrics).__name__}")
    for name, value in metrics.items():
        log_metric(name, value)


def log_figure(name: str, figure: Any = None, *, alt: str, caption: str = "") -> None:
    """Log a figure, by default matplotlib's current one.

    Args:
        name: unique among the run's figures.
        figure: anything with `savefig`, such as a matplotlib figure; axes are taken for their figure.
        alt: what the figure shows, for those who cannot see it.
        caption: the takeaway in one sentence.

    Raises:
        TypeError: figure and name are swapped (MLflow's order), or the object cannot be saved.
        ValueError: the name is malformed or taken, or `alt` is empty.
    """
    if hasattr(name, "savefig"):
        raise TypeError("log_figure: the name comes first here: log_figure('roc', figure, alt='…')")
    log = current()
    claimed = log.claim("figure", name, "log_figure")
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(f"log_figure({name!r}): alt must say what the figure shows")
    drawn = _figure(figure, name)
    files = log.save_figure(drawn, log.place("figures", claimed))
    kept = {role: f"figures/{file}" for role, file in files.items()}
    log.write("figure", claimed, files=kept, alt=alt.strip(), caption=caption.strip())
    log.say(f"figure {name}: {log.folder / kept['light']}")


def log_table(name: str, frame: Any, *, caption: str = "") -> None:
    """Log a table.

    Args:
        name: unique among the run's tables.
        frame: anything with `to_csv` (pandas), a list of mappings, or a mapping of columns.
        caption: what the table says, in one sentence.

    Raises:
        TypeError: the object is no table.
        ValueError: the name is malformed or taken.
    """
    if hasattr(name, "to_csv"):
        raise TypeError("log_table: the name comes first here: log_table('scores', frame)")
    log = current()
    claimed = log.claim("table", name, "log_table")
    text = _csv(frame, name)
    log.place("tables", f"{claimed}.csv").write_text(text, encoding="utf-8", newline="")
    log.write("table", claimed, file=f"tables/{claimed}.csv", caption=caption.strip())
    log.say(f"table {name}\n{text if len(text) < 2000 else text[:2000] + '…'}".rstrip())  # noqa: PLR2004 - a screenful


def log_text(name: str, text: str) -> None:
    """Log a named text.

    Raises:
        TypeError: `text` is no string.
        ValueError: the name is malformed or taken.
    """
    log = current()
    claimed = log.claim("text", name, "log_text")
    if not isinstance(text, str):
        raise TypeError(f"log_text({name!r}): wants a string, not {type(text).__name__}")
    log.write("text", claimed, text=text)
    log.say(f"{name}: {text}")


def log_artifact(path: str | os.PathLike[str]) -> None:
    """Keep a file the script wrote, offered on the page for download.

    Raises:
        FileNotFoundError: there is no such regular file.
        ValueError: a file of that name was logged before.
    """
    log = current()
    source = Path(path)
    if source.is_symlink() or not source.is_file():
        raise FileNotFoundError(f"log_artifact: {str(path)!r} is not a regular file")
    target = log.place("artifacts", source.name)
    if ("artifact", source.name) in log._names:  # noqa: SLF001 - file names are looser than names
        raise ValueError(f"log_artifact: a file named {source.name!r} was logged before")
    log._names.add(("artifact", source.name))  # noqa: SLF001
    shutil.copyfile(source, target)
    log.write("artifact", source.name, file=f"artifacts/{source.name}")
    log.say(f"artifact {target}")


@contextmanager
def step(name: str) -> Iterator[None]:
    """Mark a step of the process, such as `with step("spot-check"):`; the page shows what it produced and cost.

    Raises:
        TypeError: the name is no string.
    """
    if not isinstance(name, str) or not name.strip():
        raise TypeError("step: wants the step's name, a string")
    with current().within(name.strip()):
        yield


class Params(Mapping[str, Any]):
    """The inputs under `[params]` of the spec, read-only."""

    def __getitem__(self, name: str) -> Any:
        known = current().params
        if name not in known:
            listed = ", ".join(sorted(known)) or "none"
            raise KeyError(f"no param {name!r} under [params] in spec.toml; there: {listed}")
        return known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(current().params)

    def __len__(self) -> int:
        return len(current().params)

    def __repr__(self) -> str:
        return f"Params({dict(self)!r})"


def _in_build() -> Log:
    """Return the log of a process that a run started itself, such as a joblib worker."""
    folder = Path(os.environ[RUN_FOLDER])
    try:
        inputs = json.loads((folder / INPUTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        inputs = {}
    return Log(folder, inputs=inputs, echo=False)


def _by_hand() -> Log:
    """Return the log of a script started by hand: `build/manual/<slug>/`, beside the script without a workspace."""
    started = getattr(sys.modules.get("__main__"), "__file__", None)
    project = Path(started).resolve().parent if started else Path.cwd()
    root = next((up for up in project.parents if (up / "mkdocs.yml").is_file() and (up / "projects").is_dir()), None)
    folder = root / "build" / "manual" / project.name if root else project / "portfolio-output"
    if (folder / EVENTS).is_file():
        (folder / EVENTS).unlink()
    try:
        spec = tomllib.loads((project / "spec.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        spec = {}
    inputs = {"params": spec.get("params", {}), "seed": spec.get("run", {}).get("seed", 0)}
    return Log(folder, inputs=inputs, echo=True)


def _number(value: Any, label: str) -> int | float:
    if hasattr(value, "item") and not isinstance(value, str):
        value = value.item()
    if isinstance(value, bool):
        value = int(value)
    if not isinstance(value, int | float):
        raise TypeError(f"{label}: wants a number, not {type(value).__name__}")
    if not math.isfinite(value):
        raise ValueError(f"{label}: {value} is not a finite number")
    return value


def _interval(interval: Sequence[float] | None, label: str) -> list[int | float] | None:
    if interval is None:
        return None
    ends = [_number(end, f"{label}: interval") for end in interval]
    if len(ends) != 2 or ends[0] > ends[1]:  # noqa: PLR2004 - an interval has two ends
        raise ValueError(f"{label}: interval is (low, high) with low <= high, not {ends}")
    return ends


def _figure(figure: Any, name: str) -> Any:
    if figure is None:
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is None or not pyplot.get_fignums():
            raise ValueError(f"log_figure({name!r}): no figure given, and matplotlib has no open one")
        return pyplot.gcf()
    for owner in (figure, getattr(figure, "figure", None), getattr(figure, "figure_", None)):
        if hasattr(owner, "savefig"):
            return owner
    raise TypeError(f"log_figure({name!r}): {type(figure).__name__} has no savefig; give the matplotlib figure")


def _csv(frame: Any, name: str) -> str:
    if hasattr(frame, "to_frame") and not hasattr(frame, "columns"):
        frame = frame.to_frame()
    if hasattr(frame, "to_csv"):
        return str(frame.to_csv(index=not _plain_index(frame), lineterminator="\n"))
    if isinstance(frame, Mapping):
        columns = [list(values) for values in frame.values()]
        frame = [dict(zip(frame, row, strict=True)) for row in zip(*columns, strict=True)]
    if not isinstance(frame, Sequence) or isinstance(frame, str) or not all(isinstance(row, Mapping) for row in frame):
        raise TypeError(f"log_table({name!r}): wants a DataFrame, a list of mappings or a mapping of columns")
    header = list(dict.fromkeys(key for row in frame for key in row))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(frame)
    return stream.getvalue()


def _plain_index(frame: Any) -> bool:
    index = getattr(frame, "index", None)
    return type(index).__name__ == "RangeIndex" and getattr(index, "name", None) is None


def _suggest(name: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return words if words[:1].isalpha() else f"m_{words}".rstrip("_")
