"""A file as texts to be searched: by its bytes, and unpacked where it is packed; each within limits."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

_PIECE = 1 << 20
_OVERLAP = 8192
"""How much of a piece the next one holds again: a secret across the seam is whole in one of them."""
_MOST_UNPACKED = 64 << 20
"""Bytes unpacked of one file; of what says it is larger the rest is not searched."""
_MOST_MEMBERS = 2000
_DEEPEST = 2
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(slots=True)
class _Room:
    left: int = _MOST_UNPACKED


def texts(stream: IO[bytes]) -> Iterator[tuple[str, int]]:
    """Yield the text of a file piece by piece, read as Latin-1, and how many lines lie before the piece.

    What is unpacked follows, as if on the file's first lines.
    """
    yield from _opened(stream, _Room(), 0)


def _opened(stream: IO[bytes], room: _Room, depth: int) -> Iterator[tuple[str, int]]:
    head = stream.read(4)
    stream.seek(0)
    yield from _pieces(stream, _WIDE.get(head[:2]), room if depth else None)
    if depth >= _DEEPEST:
        return
    stream.seek(0)
    try:
        if head.startswith(_GZIP):
            with gzip.open(stream) as unpacked:
                yield from _opened(io.BytesIO(unpacked.read(room.left)), room, depth + 1)
        elif head.startswith(_ZIP):
            with zipfile.ZipFile(stream) as packed:
                for member in packed.infolist()[:_MOST_MEMBERS]:
                    with packed.open(member) as unpacked:
                        yield from _opened(io.BytesIO(unpacked.read(room.left)), room, depth + 1)
    except (OSError, EOFError, ValueError, RuntimeError, NotImplementedError, zlib.error, zipfile.BadZipFile):
        return  # not what it seemed to be, or encrypted: its bytes were searched


def _pieces(stream: IO[bytes], encoding: str | None, room: _Room | None) -> Iterator[tuple[str, int]]:
    lines, kept = 0, b""
    while block := stream.read(_PIECE):
        if room:
            room.left = max(room.left - len(block), 0)
        raw = kept + block
        text = raw.decode("latin-1")
        yield text, lines
        if encoding:
            yield raw.decode(encoding, "replace").encode("utf-8", "replace").decode("latin-1"), lines
        kept = raw[-_OVERLAP:]
        lines += raw.count(b"\n") - kept.count(b"\n")
