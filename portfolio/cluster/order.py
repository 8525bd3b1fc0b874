"""What a worker is told to do, and what it tells at the end: values that travel as bytes."""

import io
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portfolio import files
from portfolio.cluster.bundles import DamagedError, Large, pack
from portfolio.running.ended import Ended
from portfolio.running.local import Finished
from portfolio.values import codec
from portfolio.values.record import Commit, Failure, Record

_TOLD = "ended.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One run: all that decides it beside the bundles."""

    slug: str
    settings: str
    """`[tool.portfolio]` as JSON."""
    bundle: str
    shared: str
    """The digest of the bundle of `_shared`; empty where there is none."""
    contents: Mapping[str, str]
    """Digests of all inputs by name, relative to the workspace."""
    large: tuple[Large, ...]
    base: str
    """The digest of the key's first half."""
    parts: Mapping[str, str]
    packages: Mapping[str, str]
    commit: Commit | None
    preload: tuple[str, ...]
    """What a zygote imports for this run and others like it; nothing where it is the only one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    record: Record | None
    failure: Failure | None
    seconds: float
    notes: tuple[str, ...]
    used: tuple[str, ...]
    refusal: str
    there: Mapping[str, str]


def pack_ended(ended: Ended) -> bytes:
    """Return the outcome of a run with the files of its record, in one piece."""
    finished = ended.finished
    told = _Told(
        record=finished.record,
        failure=finished.failure,
        seconds=finished.seconds,
        notes=finished.notes,
        used=ended.used,
        refusal=ended.refusal,
        there=ended.there or {},
    )
    names = sorted(finished.record.files) if finished.record else []
    members = [(name, (finished.run / name).read_bytes()) for name in names]
    return pack((tarfile.TarInfo(name), content) for name, content in [(_TOLD, codec.dumps(told).encode()), *members])


def unpack_ended(content: bytes, run: Path) -> Ended:
    """Return the outcome of a run, its files in the folder `run`.

    It comes from another machine: files count only where its record names them and their digest.

    Raises:
        DamagedError: it is not what a worker of ours returns.
    """
    try:
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            found = {member.name: archive.extractfile(member) for member in archive if member.isreg()}
            inside = {name: stream.read() for name, stream in found.items() if stream}
        told = codec.loads(_Told, inside.pop(_TOLD))
    except (tarfile.TarError, KeyError, codec.CodecError, OSError) as error:
        raise DamagedError("what the worker returned cannot be read") from error
    record = told.record
    wanted = dict(record.files) if record else {}
    if record and record.result.file_names() != tuple(sorted(wanted)):
        raise DamagedError("what the worker returned does not fit its record")
    for name, digest in wanted.items():
        path = run / name
        if path.parent.parent != run or ".." in path.parts or name not in inside:
            raise DamagedError("what the worker returned does not fit its record")
        files.write_bytes(path, inside[name])
        if files.digest(path) != digest:
            raise DamagedError("a file of the result was damaged on its way")
    finished = Finished(record=record, failure=told.failure, run=run, seconds=told.seconds, notes=told.notes)
    return Ended(finished=finished, used=told.used, refusal=told.refusal, there=told.there)
