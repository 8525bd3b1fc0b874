"""Figures of other libraries, saved light and dark where that can be, their numbers beside them."""

import io
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from portfolio import svg
from portfolio.log import drawn
from portfolio.log.traces import of_plotly, of_vega

_LARGEST_SVG = 1 << 20
"""Above this an image of pixels is smaller, and quicker to show."""
_QUALITY = 88
_READ = {"altair": of_vega, "plotly": of_plotly}


def save_foreign(figure: Any, stem: Path) -> Mapping[str, str]:
    """Save a figure that is not matplotlib's as `<stem>.*`; return the files' names by role.

    Raises:
        UndrawnError: what draws it is not installed here.
        ValueError: its image cannot be shown.
    """
    library = drawn.library_of(figure)
    try:
        images = _pair(figure, library)
    except drawn.FAULTS as error:
        if library:
            raise drawn.undrawn(figure, str(error)) from error
        raise
    files = {role: _write(stem, f"{'dark.' * (role == 'dark')}{suffix}", content) for role, (content, suffix) in images}
    numbers = None
    with suppress(*drawn.FAULTS):
        numbers = _READ[library](figure.to_dict()) if library else None
    if numbers:
        files["data"] = _write(stem, "csv", numbers.encode("utf-8"))
    return files


def smaller(content: bytes, pixels: Callable[[], bytes]) -> drawn.Image:
    """Return an SVG, or what `pixels` makes of it, a PNG at twice the size, where that is better to show."""
    with suppress(svg.SvgError):
        if len(content) <= _LARGEST_SVG and svg.rebuilt(content):
            return content, "svg"
    return webp(pixels()), "webp"


def webp(png: bytes) -> bytes:
    """Return an image at twice its size as WebP, which pages show at half of it."""
    from PIL import Image  # noqa: PLC0415 - for large figures only

    stream = io.BytesIO()
    with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
        image.save(stream, format="WEBP", quality=_QUALITY, method=2)
    return stream.getvalue()


def _pair(figure: Any, library: str) -> list[tuple[str, drawn.Image]]:
    if library == "altair":
        from portfolio.running.vega import drawn_vega  # noqa: PLC0415

        return drawn_vega(figure.to_dict())
    if library == "plotly":
        from portfolio.running.traced_plots import drawn_plotly  # noqa: PLC0415

        return drawn_plotly(figure)
    return [("light", _first_shown(figure))]


def _first_shown(figure: Any) -> drawn.Image:
    """Return the first image a figure offers that a page can show."""
    refused = f"{type(figure).__name__} gave no image of itself"
    for content, suffix in drawn.offered(figure):
        try:
            if suffix == "svg":
                svg.rebuilt(content)
        except svg.SvgError as error:
            refused = f"the SVG of {type(figure).__name__} {error}"
        else:
            return content, suffix
    raise ValueError(refused)


def _write(stem: Path, suffix: str, content: bytes) -> str:
    target = stem.parent / f"{stem.name}.{suffix}"
    target.write_bytes(content)
    return target.name
