"""What is handed to the worker, and what comes back from watching it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a run may take."""

    seconds: float
    memory: int
    """Bytes of data one process may hold."""
    output: int
    """Bytes of output that end a run."""
    file: int = 1 << 30
    """Bytes of one file."""
    grace: float = 5.0
    """Seconds between TERM and KILL."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """How the process of a run ended and what it took."""

    code: int
    """Exit code; negative for a signal."""
    stopped: str | None
    """Why we ended it, `time` or `output`; None where it ended by itself."""
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
    def output(self) -> Path:
        """What the script prints."""
        return self.top / "output.txt"

    @property
    def orders(self) -> Path:
        """The task's file."""
        return self.top / "task.json"
