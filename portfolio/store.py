"""Stored runs: one folder a key, complete or absent, verified when read; several for each project.

`build/records/<slug>/<base>-<key>/record.json` with the run's files beside it, named by the first digits of the base
key, which is known before a run, and of the whole one, which counts what the run was seen to use; `last_good` names the
newest; `failure.json` stands there while the newest run failed.
"""

import os
import re
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from portfolio import files, folders
from portfolio.digests import of_mapping
from portfolio.durable import sync
from portfolio.values import codec
from portfolio.values.record import SCHEMA, Failure, Record

KEPT = 8
"""Records kept for each project, so that going back to a known state runs nothing."""
NEW = ".new-"
"""How the names of folders begin that are not whole yet."""
_RECORD = "record.json"
_SEAL = "seal"
_LAST_GOOD = "last_good"
_FAILURE = "failure.json"
_MOST_BYTES, _MOST_SMALL = 256 << 20, 1 << 10
_DIGITS = 20
_FOLDER = re.compile(rf"[0-9a-f]{{1,{_DIGITS}}}-[0-9a-f]{{1,{_DIGITS}}}")
_FILE = re.compile(r"(figures|tables|artifacts)/[^/\x00-\x1f\x7f\\]{1,200}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A verified record and the folder its files lie in."""

    record: Record
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A failed run: why, and the parts of its key."""

    failure: Failure
    parts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Store:
    """The stored runs below one folder."""

    top: Path
    digest: Callable[[Path], str] = files.digest

    def find(self, slug: str, base: str, is_current: Callable[[Mapping[str, str]], bool]) -> Stored | None:
        """Return the newest record of that base key whose parts are current; anything doubtful counts as absent."""
        for folder in self._newest_first(slug):
            if folder.name.startswith(f"{base[:_DIGITS]}-"):
                found = read_stored(folder, slug, self.digest)
                if found and is_current(found.record.parts):
                    return found
        return None

    def last_good(self, slug: str) -> Stored | None:
        """Return the newest good record of a project, or another good one where that is damaged."""
        newest = self._newest_first(slug)
        with suppress(OSError, UnicodeDecodeError):
            last = files.read_regular(self.top / slug / _LAST_GOOD, _MOST_SMALL).decode().strip()
            newest.sort(key=lambda folder: folder.name != last)
        found = (read_stored(folder, slug, self.digest) for folder in newest)
        return next((stored for stored in found if stored), None)

    def newest(self, slug: str, is_wanted: Callable[[Record], bool]) -> Stored | None:
        """Return the newest good record that is wanted."""
        found = (read_stored(folder, slug, self.digest) for folder in self._newest_first(slug))
        return next((stored for stored in found if stored and is_wanted(stored.record)), None)

    def failed(self, slug: str) -> Failed | None:
        """Return how the newest run failed, if it did."""
        try:
            return codec.loads(Failed, files.read_regular(self.top / slug / _FAILURE, _MOST_BYTES))
        except (OSError, codec.CodecError):
            return None

    def failure(self, slug: str) -> Failure | None:
        """Return why the newest run failed, if it did."""
        failed = self.failed(slug)
        return failed.failure if failed else None

    def put(self, record: Record, base: str, run: Path) -> Stored:
        """Store `record` with its files from the folder `run`, atomically; it is the last good one from now on."""
        home = self.top / record.slug
        if folders.is_ours(self.top) or not self.top.exists():
            folders.claim(self.top)
        home.mkdir(parents=True, exist_ok=True)
        staged = folders.temporary(home, NEW)
        try:
            write_stored(record, run, staged)
            target = home / f"{base[:_DIGITS]}-{record.key[:_DIGITS]}"
            files.exchange(staged, target)
        finally:
            with suppress(OSError):  # the next build deletes it
                folders.delete(staged)
        stored = Stored(record=record, folder=target)
        self.note_good(stored)
        self._prune(record.slug)
        return stored

    def note_good(self, stored: Stored) -> None:
        """Remember that `stored` is the last good one, and that no failure is newer."""
        home = stored.folder.parent
        if files.write_text(home / _LAST_GOOD, stored.folder.name + "\n"):
            with suppress(OSError):
                os.utime(stored.folder)
        (home / _FAILURE).unlink(missing_ok=True)

    def put_failure(self, slug: str, failure: Failure, parts: Mapping[str, str]) -> None:
        """Remember how the newest run failed, and the parts of its key; good records stay."""
        files.write_text(self.top / slug / _FAILURE, codec.dumps(Failed(failure=failure, parts=parts)))

    def _prune(self, slug: str) -> None:
        for folder in self._newest_first(slug)[KEPT:]:
            if _FOLDER.fullmatch(folder.name):
                shutil.rmtree(folder, ignore_errors=True)

    def _newest_first(self, slug: str) -> list[Path]:
        home = self.top / slug
        if not home.is_dir():
            return []
        folders = [path for path in home.iterdir() if not path.name.startswith(".") and path.is_dir()]
        return sorted(folders, key=lambda path: (-path.stat().st_mtime_ns, path.name))


def write_stored(record: Record, run: Path, folder: Path) -> None:
    """Write `record` and its files into `folder`, sealed by a digest over everything."""
    for name in record.files:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(run / name, target)
    sync([folder / name for name in record.files], folder)
    text = codec.dumps(record)
    files.write_text(folder / _RECORD, text)
    files.write_text(folder / _SEAL, sha256(text.encode()).hexdigest() + "\n")


def read_stored(folder: Path, slug: str, digest: Callable[[Path], str] = files.digest) -> Stored | None:
    """Return the record in `folder` if it is whole: seal, schema, slug, key and every file's digest agree.

    It may come from a cache or a pull request, so it can name only files of its own folder.
    """
    try:
        raw = files.read_regular(folder / _RECORD, _MOST_BYTES)
        seal = files.read_regular(folder / _SEAL, _MOST_SMALL).decode().strip()
        if sha256(raw).hexdigest() != seal:
            return None
        document = codec.strict(raw)
        if document.get("schema") != SCHEMA:
            return None
        record: Record = codec.decode(Record, document)
        if record.slug != slug or record.key != of_mapping(record.parts):
            return None
        if record.result.file_names() != tuple(sorted(record.files)):
            return None
        if any(not _is_whole(folder, name, noted, digest) for name, noted in record.files.items()):
            return None
    except (OSError, ValueError, AttributeError, RecursionError):
        return None
    return Stored(record=record, folder=folder)


def seal_of(stored: Stored) -> str:
    """Return the digest that stands for all of a stored run; empty where it is gone by now."""
    try:
        return files.read_regular(stored.folder / _SEAL, _MOST_SMALL).decode().strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _is_whole(folder: Path, name: str, noted: str, digest: Callable[[Path], str]) -> bool:
    path = folder / name
    is_own = bool(_FILE.fullmatch(name)) and not path.parent.is_symlink()
    return is_own and not path.is_symlink() and path.is_file() and digest(path) == noted
