"""What is handed to the worker, and what comes back from watching it."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LONGEST = 70
"""Bytes of a path to which a library can add a folder and a socket of its own; the system allows 107 in all."""
_FILES = 16
"""How many files of the largest size a run may write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a run may take."""

    seconds: float
    memory: int
    """Bytes its processes may hold together, and each of them by itself."""
    output: int
    """Bytes of output that end a run; also of one file."""
    processes: int = 1000
    """Processes at once."""
    grace: float = 5.0
    """Seconds between TERM and KILL."""

    @property
    def disk(self) -> int:
        """Bytes all its files may fill."""
        return _FILES * self.output


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """The worker's orders, read once from a file and deleted before the script starts."""

    nonce: str
    project: str
    """The project's folder in the scratch copy."""
    run: str
    """Where the run's files go."""
    script: str
    command: tuple[str, ...] | None
    module_folders: tuple[str, ...]
    """Folders behind the project's own on the import path."""
    seed: int
    params: Mapping[str, Any]
    memory: int
    file: int
    network: bool
    style: str | None
    temporary: str
    """The folder of its temporary files."""
    writable: tuple[str, ...]
    """Files and folders in which it may write."""
    execute: bool = True
    """False shows a notebook as it was saved."""
    asks: str = ""
    """Where it asks for what is installed in its own environment; nothing for what is installed here."""
    required: bool = False
    """Whether it must not run unless every guard is on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """How the process of a run ended and what it took."""

    code: int
    """Exit code; negative for a signal."""
    stopped: str | None
    """The limit that ended it: `time`, `output`, `memory`, `processes` or `files`; None where it ended by itself."""
    seconds: float
    cpu_seconds: float
    peak_memory: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The folders of one run below its scratch folder."""

    top: Path

    @property
    def root(self) -> Path:
        """The copy of the workspace's shape."""
        return self.top / "workspace"

    @property
    def run(self) -> Path:
        """`$PORTFOLIO_RUN`."""
        return self.top / "run"

    @property
    def temporary(self) -> Path:
        """Where its temporary files go: below a path so short that sockets may lie there, as those of processes do."""
        within = self.run / "tmp"
        if len(os.fsencode(within)) <= _LONGEST:
            return within
        return Path(tempfile.gettempdir(), f"portfolio-{self.top.name[-8:]}")

    @property
    def output(self) -> Path:
        """What the script prints."""
        return self.top / "output.txt"

    @property
    def orders(self) -> Path:
        """The task's file."""
        return self.top / "task.json"
