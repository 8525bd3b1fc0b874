"""Wheels of a few bytes, and a folder of them in which uv, and no index, looks for packages."""

import base64
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path


def tiny(folder: Path, name: str, version: str, *, needs: str = "", modules: Mapping[str, str] | None = None) -> str:
    """Write a wheel with these modules in it, by default with nothing; return its digest."""
    stem = f"{name.replace('-', '_')}-{version}"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    files = dict(modules or {}) | {
        f"{stem}.dist-info/METADATA": metadata + (f"Requires-Dist: {needs}\n" if needs else ""),
        f"{stem}.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},sha256={_digest(text)},{len(text)}\n" for path, text in files.items())
    path = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inside, text in (files | {f"{stem}.dist-info/RECORD": record}).items():
            archive.writestr(inside, text)
    return sha256(path.read_bytes()).hexdigest()


def offline(folder: Path) -> dict[str, str]:
    """Return the variables that let uv look in `folder` alone, and keep what it finds beside that."""
    return {
        "UV_NO_INDEX": "1",
        "UV_FIND_LINKS": str(folder),
        "UV_CACHE_DIR": str(folder.with_name(f"{folder.name}-cache")),
    }


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(sha256(text.encode()).digest()).rstrip(b"=").decode()
