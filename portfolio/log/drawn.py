"""Figures of other libraries: the images their objects offer of themselves, and what stands for one that has none."""

import base64
import binascii
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from portfolio.log.traces import of_plotly, of_vega

OFFERS = ("savefig", "to_svg", "write_image", "_repr_svg_", "_repr_png_", "_repr_mimebundle_")
"""Methods, of which a figure has at least one."""
FAULTS = (ArithmeticError, AttributeError, ImportError, LookupError, OSError, RuntimeError, TypeError, ValueError)
"""What the methods of others raise where something they need is missing."""
_REMEDIES = {
    "altair": "pip install vl-convert-python",
    "plotly": "pip install kaleido, and Chrome or Chromium, or plotly_get_chrome fetches one",
}
_NUMBERS = {"altair": of_vega, "plotly": of_plotly}
_BUNDLED = {"image/svg+xml": "svg", "image/png": "png"}

Image = tuple[bytes, str]
"""The content of an image file, and its suffix."""


class UndrawnError(Exception):
    """A figure has no image here."""

    def __init__(self, why: str, remedy: str, numbers: str | None) -> None:
        super().__init__(why)
        self.why = why
        """What is missing, such as `no browser was found`."""
        self.remedy = remedy
        """What to type."""
        self.numbers = numbers
        """The numbers behind it as CSV, if it tells them."""


def is_figure(thing: object) -> bool:
    """Whether something offers an image of itself."""
    return not isinstance(thing, type) and any(callable(getattr(thing, name, None)) for name in OFFERS)


def library_of(figure: object) -> str:
    """Return the library a figure is of, also where its class was derived from one of the library's."""
    known = ("altair", "matplotlib", "plotly")
    tops = (base.__module__.partition(".")[0] for base in type(figure).__mro__)
    return next((top for top in tops if top in known), "")


def drawable(figure: Any, name: str) -> Any:
    """Return what draws `figure`, by default matplotlib's current one.

    Raises:
        TypeError: nothing does.
        ValueError: none is given, and matplotlib has none open.
    """
    if figure is None:
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is None or not pyplot.get_fignums():
            raise ValueError(f"log_figure({name!r}): no figure given, and matplotlib has no open one")
        return pyplot.gcf()
    for owner in (figure, getattr(figure, "figure", None), getattr(figure, "figure_", None)):
        if hasattr(owner, "savefig"):
            return owner
    if is_figure(figure):
        return figure
    raise TypeError(f"log_figure({name!r}): {type(figure).__name__} has none of {', '.join(OFFERS[:-1])}")


def first_offered(figure: Any) -> Image:
    """Return the best image a figure offers.

    Raises:
        UndrawnError: the library that draws it is not installed.
        TypeError: it offers none after all.
    """
    library = library_of(figure)
    if library not in _REMEDIES:
        found = next(offered(figure), None)
        if found is None:
            raise TypeError(f"{type(figure).__name__} gave no image of itself")
        return found
    try:
        return (_saved(figure), "svg") if library == "altair" else next(offered(figure))
    except FAULTS as error:
        raise undrawn(figure, str(error)) from error


def undrawn(figure: Any, why: str) -> UndrawnError:
    """Return that a figure of Altair or Plotly could not be drawn, with the numbers it tells of itself."""
    library = library_of(figure)
    numbers = None
    with suppress(*FAULTS):
        numbers = _NUMBERS[library](figure.to_dict())
    first = next((line.strip() for line in why.splitlines() if line.strip()), "it has no image")
    return UndrawnError(first, f"to draw it, {_REMEDIES[library]}", numbers)


def offered(figure: Any) -> Iterator[Image]:
    """Yield the images a figure offers, the best first; each is made when it is asked for."""
    if hasattr(figure, "to_svg"):
        yield from _image(figure.to_svg(), "svg")
    if hasattr(figure, "_repr_svg_"):
        yield from _image(figure._repr_svg_(), "svg")
    if hasattr(figure, "write_image"):
        yield from _written(figure.write_image)
    if hasattr(figure, "_repr_png_"):
        yield from _image(figure._repr_png_(), "png")
    if hasattr(figure, "_repr_mimebundle_"):
        found = figure._repr_mimebundle_(include=None, exclude=None)
        bundle = found[0] if isinstance(found, tuple) else found or {}
        for kind, suffix in _BUNDLED.items():
            yield from _image(bundle.get(kind), suffix)


def _image(found: Any, suffix: str) -> Iterator[Image]:
    """Yield what a method returned, as bytes; IPython's may give texts, metadata beside it, or nothing."""
    content = found[0] if isinstance(found, tuple) and found else found
    if isinstance(content, str):
        content = content.encode("utf-8") if suffix == "svg" else _decoded(content)
    if isinstance(content, bytes) and content:
        yield content, suffix


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=False)
    except binascii.Error:
        return b""


def _written(write_image: Callable[[str], object]) -> Iterator[Image]:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "figure.svg")
        write_image(str(target))
        if target.is_file():
            yield target.read_bytes(), "svg"


def _saved(chart: Any) -> bytes:
    """Return an Altair chart as SVG, which its own method draws."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "figure.svg")
        chart.save(str(target))
        return target.read_bytes()
