"""Where the calls of a script go, and the contract of files they leave in `$PORTFOLIO_RUN`.

Any language can write it: one JSON object a line in `log.jsonl`, and the files it names beside it.
"""

import json
import os
import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

RUN_FOLDER = "PORTFOLIO_RUN"
EVENTS = "log.jsonl"
INPUTS = "inputs.json"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")


class FigureSaver(Protocol):
    """Saves a drawn figure as `<stem>.*` and returns the files' names by role, `light` and perhaps `dark`."""

    def __call__(self, figure: Any, stem: Path) -> Mapping[str, str]:
        """Save `figure`, or raise `UndrawnError`."""


def save_light(figure: Any, stem: Path) -> Mapping[str, str]:
    """Save one image by the figure's own means; what happens outside a build."""
    if hasattr(figure, "savefig"):
        target = stem.with_suffix(".png")
        figure.savefig(target)
        return {"light": target.name}
    from portfolio.log.drawn import first_offered  # noqa: PLC0415 - for figures of other libraries

    content, suffix = first_offered(figure)
    target = stem.with_suffix(f".{suffix}")
    target.write_bytes(content)
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
        self.scored: dict[str, int] = {}  # how often each test set was scored, by its digest

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
        if kind != "artifact" and not _NAME.fullmatch(name):
            raise ValueError(f"{verb}: name {name!r} must match [a-z][a-z0-9_]*, for instance {_suggest(name)!r}")
        if (kind, name) in self._names:
            raise ValueError(f"{verb}: {kind} {name!r} was logged before; names are unique within a run")
        self._names.add((kind, name))
        return name

    def has(self, kind: str, name: str) -> bool:
        """Whether something of that kind has that name."""
        return (kind, name) in self._names

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
    import tomllib  # noqa: PLC0415 - only where a script is started by hand

    from portfolio import folders  # noqa: PLC0415

    started = getattr(sys.modules.get("__main__"), "__file__", None)
    project = Path(started).resolve().parent if started else Path.cwd()
    root = next((up.parent for up in project.parents if up.name == "projects"), None)
    folder = root / "build" / "manual" / project.name if root else project / "portfolio-output"
    if root and (folders.is_ours(folder.parent) or not folder.parent.exists()):
        folders.claim(folder.parent)
    if (folder / EVENTS).is_file():
        (folder / EVENTS).unlink()
    try:
        spec = tomllib.loads((project / "spec.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        spec = {}
    inputs = {"params": spec.get("params", {}), "seed": spec.get("run", {}).get("seed", 0)}
    return Log(folder, inputs=inputs, echo=True)


def _suggest(name: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return words if words[:1].isalpha() else f"m_{words}".rstrip("_")
