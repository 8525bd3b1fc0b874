"""Images a run left: known by their first bytes, measured from their header, SVG rebuilt from an allow-list."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

from portfolio import files, svg

MOST_PIXELS = 50_000_000
_MAGIC = {
    "PNG": (b"\x89PNG\r\n\x1a\n",),
    "JPEG": (b"\xff\xd8\xff",),
    "GIF": (b"GIF87a", b"GIF89a"),
    "WEBP": (b"RIFF",),
}
_SUFFIXES = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF", ".webp": "WEBP"}
_UNITS = {"pt": 100 / 72, "px": 1.0, "": 1.0, "in": 100.0, "cm": 100 / 2.54, "mm": 10 / 2.54}
"""CSS pixels for a unit of length, a hundred to the inch as matplotlib's figures have by default."""


class BadImageError(ValueError):
    """A file is not the image it claims to be, or too large."""


def check(path: Path) -> tuple[int, int]:
    """Return width and height at which to show the image; an SVG is replaced by what an allow-list leaves of it.

    Raises:
        BadImageError: it is no image of its suffix's type, or has too many pixels.
    """
    if path.suffix.lower() == ".svg":
        return _check_svg(path)
    kind = _SUFFIXES.get(path.suffix.lower())
    with path.open("rb") as stream:
        if kind is None or not stream.read(12).startswith(_MAGIC[kind]):
            raise BadImageError(f"{path.name} is not a {kind or 'known'} image")
    width, height = _measure(path, kind)
    if width * height > MOST_PIXELS:
        raise BadImageError(f"{path.name} has {width} x {height} pixels, more than {MOST_PIXELS:,}: save it smaller")
    scale = 2 if kind == "WEBP" else 1
    return max(round(width / scale), 1), max(round(height / scale), 1)


def _measure(path: Path, kind: str) -> tuple[int, int]:
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - 40 ms, for raster images only

    Image.MAX_IMAGE_PIXELS = None  # the header is all that is read; the limit above is ours
    try:
        with Image.open(path, formats=[kind]) as image:
            return image.size
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise BadImageError(f"{path.name} is not a readable {kind} image") from error


def _check_svg(path: Path) -> tuple[int, int]:
    if path.stat().st_size > svg.MOST_BYTES:
        raise BadImageError(f"{path.name} is larger than {svg.MOST_BYTES >> 20} MiB: save it as PNG or WebP")
    try:
        content, root = svg.rebuilt(path.read_bytes())
    except svg.SvgError as error:
        raise BadImageError(f"{path.name} {error}") from error
    files.write_bytes(path, content)
    return _svg_size(root)


def _svg_size(root: ET.Element) -> tuple[int, int]:
    width, height = (_length(root.get(name, "")) for name in ("width", "height"))
    if not width or not height:
        box = [float(part) for part in re.findall(r"[-+0-9.eE]+", root.get("viewBox", ""))[:4] if _is_number(part)]
        width, height = box[2:] if len(box) == 4 else (640.0, 480.0)  # noqa: PLR2004 - x, y, width, height
    return max(round(width), 1), max(round(height), 1)


def _length(text: str) -> float | None:
    found = re.fullmatch(r"\s*([0-9.]+)\s*([a-z]*)\s*", text)
    if not found or not _is_number(found[1]) or found[2] not in _UNITS:
        return None
    return float(found[1]) * _UNITS[found[2]]


def _is_number(text: str) -> bool:
    try:
        return abs(float(text)) < 1e6  # noqa: PLR2004 - no image is a million pixels wide
    except ValueError:
        return False
