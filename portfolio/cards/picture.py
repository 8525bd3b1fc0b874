"""A run's figure as pixels of a given size, or nothing where it is of a kind that cannot be drawn here."""

from contextlib import suppress
from pathlib import Path

from PIL import Image, ImageOps

from portfolio.cards.vector import UnknownError, drawn

_KINDS = {".png": "PNG", ".webp": "WEBP", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF"}
_LARGEST_SVG = 512 << 10
_FAULTS = (OSError, SyntaxError, ValueError, ArithmeticError, LookupError, UnknownError, Image.DecompressionBombError)


def picture(figure: Path, most: tuple[int, int]) -> Image.Image | None:
    """Return the figure on white, as large as fits `most`, width and height; None if it cannot be read."""
    suffix = figure.suffix.lower()
    with suppress(*_FAULTS):
        if suffix == ".svg":
            return drawn(figure.read_bytes(), most) if figure.stat().st_size <= _LARGEST_SVG else None
        with Image.open(figure, formats=[_KINDS[suffix]]) as found:
            found.draft("RGB", most)
            small = ImageOps.contain(found.convert("RGBA"), most, Image.Resampling.LANCZOS)
        paper = Image.new("RGB", small.size, "white")
        paper.paste(small, mask=small.getchannel("A"))
        return paper
    return None
