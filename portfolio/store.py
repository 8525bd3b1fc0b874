"""Stored runs: one folder a key, complete or absent, verified when read; several for each project.

`build/records/<slug>/<key>/record.json` with the run's files beside it; `last_good` names the newest; `failure.json`
stands there while the newest run failed.
"""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from portfolio import files
from portfolio.values import codec
from portfolio.values.record import SCHEMA, Failure, Record

KEPT = 8
"""Records kept for each project, so that going back to a known state runs nothing."""
_RECORD = "record.json"
_SEAL = "seal"
_FILE = re.compile(r"(figures|tables|artifacts)/[^/\x00-\x1f\x7f\\]{1,200}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A verified record and the folder its files lie in."""

    record: Record
    folder: Path


@dataclass(frozen=True, slots=True)
class Store:
    """The stored runs below one folder."""

    top: Path

    def find(self, slug: str, key: str) -> Stored | None:
        """Return the record of that key; anything doubtful counts as absent."""
        return read_stored(self.top / slug / key[:32], slug, key)

    def last_good(self, slug: str) -> Stored | None:
        """Return the newest good record of a project, or another good one where that is damaged."""
        with suppress(OSError, UnicodeDecodeError):
            key = (self.top / slug / "last_good").read_text(encoding="utf-8").strip()
            found = self.find(slug, key)
            if found:
                return found
        for folder in self._newest_first(slug):
            found = read_stored(folder, slug, None)
            if found:
                return found
        return None

    def last_parts(self, slug: str) -> Mapping[str, str] | None:
        """Return the parts of the last good record's key."""
        found = self.last_good(slug)
        return found.record.parts if found else None

    def failure(self, slug: str) -> Failure | None:
        """Return how the newest run failed, if it did."""
        try:
            return codec.loads(Failure, (self.top / slug / "failure.json").read_bytes())
        except (OSError, codec.CodecError):
            return None

    def put(self, record: Record, run: Path) -> Stored:
        """Store `record` with its files from the folder `run`, atomically; it is the last good one from now on."""
        home = self.top / record.slug
        home.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(dir=home, prefix=".new-"))
        try:
            write_stored(record, run, staged)
            target = home / record.key[:32]
            if target.exists():
                files.exchange(staged, target)
            else:
                staged.rename(target)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
        self.note_good(record.slug, record.key)
        self._prune(record.slug)
        return Stored(record=record, folder=target)

    def note_good(self, slug: str, key: str) -> None:
        """Remember that the record of `key` is the last good one, and that no failure is newer."""
        files.write_text(self.top / slug / "last_good", key + "\n")
        with suppress(OSError):
            os.utime(self.top / slug / key[:32])
        (self.top / slug / "failure.json").unlink(missing_ok=True)

    def put_failure(self, slug: str, failure: Failure) -> None:
        """Remember how the newest run failed; good records stay."""
        files.write_text(self.top / slug / "failure.json", codec.dumps(failure))

    def _prune(self, slug: str) -> None:
        for folder in self._newest_first(slug)[KEPT:]:
            shutil.rmtree(folder, ignore_errors=True)

    def _newest_first(self, slug: str) -> list[Path]:
        home = self.top / slug
        if not home.is_dir():
            return []
        folders = [path for path in home.iterdir() if path.is_dir() and not path.name.startswith(".")]
        return sorted(folders, key=lambda path: (-path.stat().st_mtime_ns, path.name))


def write_stored(record: Record, run: Path, folder: Path) -> None:
    """Write `record` and its files into `folder`, sealed by a digest over everything."""
    for name in record.files:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(run / name, target)
    text = codec.dumps(record)
    files.write_text(folder / _RECORD, text)
    files.write_text(folder / _SEAL, sha256(text.encode()).hexdigest() + "\n")


def read_stored(folder: Path, slug: str, key: str | None) -> Stored | None:
    """Return the record in `folder` if it is whole: seal, schema, slug, key and every file's digest agree.

    It may come from a cache or a pull request, so it can name only files of its own folder.
    """
    try:
        raw = (folder / _RECORD).read_bytes()
        seal = (folder / _SEAL).read_text(encoding="utf-8").strip()
        if sha256(raw).hexdigest() != seal or json.loads(raw).get("schema") != SCHEMA:
            return None
        record = codec.loads(Record, raw)
        if record.slug != slug or key not in (None, record.key):
            return None
        if record.result.file_names() != tuple(sorted(record.files)):
            return None
        if any(not _is_whole(folder, name, digest) for name, digest in record.files.items()):
            return None
    except (OSError, ValueError, AttributeError, RecursionError):
        return None
    return Stored(record=record, folder=folder)


def _is_whole(folder: Path, name: str, digest: str) -> bool:
    path = folder / name
    is_own = bool(_FILE.fullmatch(name)) and not path.parent.is_symlink()
    return is_own and not path.is_symlink() and path.is_file() and files.digest(path) == digest
