"""Writes a small file whose header claims two hundred million pixels."""

import struct
import zlib
from pathlib import Path


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


header = chunk(b"IHDR", struct.pack(">IIBBBBB", 20_000, 10_000, 8, 6, 0, 0, 0))
Path("huge.png").write_bytes(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))))
