"""Digests of files by content, and a stat cache that only saves hashing what cannot have changed.

A digest is reused while device, inode, size and both times of a file are what they were. As in git's index, a file
changed so recently that another change could bear the same times is not remembered: it is hashed again.
"""

import json
import os
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from portfolio import files

_TICK = (
    int(2e9 * time.clock_getres(time.CLOCK_REALTIME_COARSE)) if hasattr(time, "CLOCK_REALTIME_COARSE") else 20_000_000
)
"""Nanoseconds within which two changes may bear one time: twice the tick of the clock that files are stamped by."""
_COARSE_TICK = 2_100_000_000
"""The same on file systems that keep whole seconds, or every other one."""
_SECOND = 1_000_000_000

Signature = tuple[int, int, int, int, int]


def signature(found: os.stat_result) -> Signature:
    """Return what cannot stay the same when a file's content changes, but for changes within one clock tick."""
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def settles(found: os.stat_result) -> int:
    """Return the moment, in nanoseconds, after which any change of the file shows in its times."""
    newest = found.st_ctime_ns if os.name == "posix" else max(found.st_ctime_ns, found.st_mtime_ns)
    return newest + (_TICK if newest % _SECOND else _COARSE_TICK)


class Digests:
    """SHA-256 by path; without a `cache` file they are remembered by this object alone."""

    def __init__(self, cache: Path | None = None) -> None:
        self._cache = cache
        self._known: dict[str, tuple[Signature, str]] = {}
        self._used: dict[str, tuple[Signature, str]] = {}
        if cache is not None:
            self._known = _read(cache)

    def of(self, path: Path) -> str:
        """Return the digest of the content of `path`, links followed.

        Raises:
            OSError: it cannot be read.
        """
        name, now = os.fspath(path), time.time_ns()
        before = path.stat()
        seen = signature(before)
        known = self._known.get(name)
        if known is not None and known[0] == seen:
            self._used[name] = known
            return known[1]
        digest = files.digest(path)
        if settles(before) < now and signature(path.stat()) == seen:
            self._known[name] = self._used[name] = (seen, digest)
        return digest

    def known_as(self, path: Path, found: os.stat_result) -> Signature:
        """Return by which times the content that `path` has now was last known, else those it has now."""
        known = self._known.get(os.fspath(path))
        now = signature(found)
        if known is None or known[0] == now:
            return now
        return known[0] if self.of(path) == known[1] else now

    def save(self, *, forgetting: bool = False) -> None:
        """Write the cache file; `forgetting`, what was not asked for goes once it outnumbers what was."""
        if self._cache is None:
            return
        kept = self._used if forgetting and len(self._known) > 2 * len(self._used) else self._known
        document = {name: [*seen, digest] for name, (seen, digest) in kept.items()}
        files.write_text(self._cache, json.dumps(document, sort_keys=True))


def _read(cache: Path) -> dict[str, tuple[Signature, str]]:
    try:
        document = json.loads(cache.read_text(encoding="utf-8"))
        return {str(name): _entry(found) for name, found in document.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _entry(found: list[int | str]) -> tuple[Signature, str]:
    device, inode, size, mtime, ctime, digest = found
    return (int(device), int(inode), int(size), int(mtime), int(ctime)), str(digest)


def of_mapping(parts: Mapping[str, str]) -> str:
    """Return the digest of named strings, whatever their order."""
    return sha256(json.dumps(parts, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
