"""Whether a run takes more than it may as a whole; asked many times a second, so that cheap looks come first."""

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from portfolio.running import census

_PACE = 10
"""How many times longer than a dear look took the next one waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a run may take in all."""

    memory: int
    """Bytes its processes may hold together."""
    processes: int
    """How many of them there may be at once."""
    disk: int
    """Bytes its files may fill."""


@dataclass(slots=True)
class Watch:
    """What is known of a run below this process."""

    bounds: Bounds
    folders: tuple[str, ...]
    """Where everything lies that the run writes, but for caches."""
    others: frozenset[str]
    """Files in shared memory that were there before the run was."""
    _own: set[str] = field(default_factory=set)
    _filled: int = 0
    _next_count: float = 0.0
    _next_walk: float = 0.0

    def __post_init__(self) -> None:
        self._filled = self._fill()

    def exceeded(self) -> str:
        """Return which bound the run is beyond: `processes`, `memory` or `files`; empty where none."""
        pids = census.descendants(os.getpid())
        if len(pids) > self.bounds.processes:
            return "processes"
        if self._holds_too_much(pids):
            return "memory"
        return "files" if self._fills_too_much() else ""

    def claim(self, pids: Iterable[int] = ()) -> dict[str, int]:
        """Remember which files in shared memory the run, or these processes of it, has open; return all there are."""
        files = census.shared_files()
        if set(files) - self.others - self._own:
            pids = pids or census.descendants(os.getpid())
            self._own |= census.open_in(pids, census.SHARED_MEMORY) - self.others
        return files

    def free(self) -> None:
        """Delete what the run left in shared memory, which would be gone with the machine only."""
        for name in self._own:
            with suppress(OSError):
                Path(census.SHARED_MEMORY, name).unlink()

    def _holds_too_much(self, pids: list[int]) -> bool:
        began = time.monotonic()
        if began < self._next_count:
            return False
        files = self.claim(pids)
        shared = sum(size for name, size in files.items() if name in self._own)
        held = census.memory(pids, self.bounds.memory, shared)
        ended = time.monotonic()
        self._next_count = ended + (ended - began) * _PACE
        return held > self.bounds.memory

    def _fills_too_much(self) -> bool:
        """Walk through its files only where the disk itself says that somebody wrote that much."""
        began = time.monotonic()
        if began < self._next_walk or self._fill() - self._filled <= self.bounds.disk:
            return False
        taken = census.disk(self.folders, self.bounds.disk)
        ended = time.monotonic()
        self._next_walk = ended + (ended - began) * _PACE
        return taken > self.bounds.disk

    def _fill(self) -> int:
        """Return how much is taken on the disks where the run writes."""
        return sum(census.filled(folder) for folder in self.folders)
