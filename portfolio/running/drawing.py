"""Save a figure twice, light and dark: small ones as SVG, the others as WebP at twice the size."""

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.backends.backend_agg
import matplotlib.backends.backend_svg  # both here, so that a zygote has them for all
import numpy as np
import PIL.WebPImagePlugin  # noqa: F401 - else Pillow looks for it by importing each of forty plugins
from matplotlib.transforms import Bbox

from portfolio.running.plotted import save_plotted
from portfolio.running.restyle import dark, fits_dark, light

LARGEST_SVG = 64 << 10
MOST_POINTS = 8000
"""Above this many points an SVG is not tried: it would be megabytes."""
_MARK, _OWN_MARK = 90, 150
"""Bytes of an SVG that one mark of a scatter takes: of many that are alike, or of many in colours of their own."""
_DPI = 100
_PAD = 0.08
_LONGEST = 16_000
"""Pixels a side; WebP ends at 16,383."""
_MOST_PIXELS = 40_000_000
_MOST_FRAMES, _PLAYED = 200, "_portfolio_played"
_AFAR, _SAME = 25, 16
"""Resolution at which figures are compared, and by how much of 255 a pixel may differ in the same one."""
_FAULTS = (AttributeError, TypeError, ValueError, LookupError, RuntimeError, ArithmeticError)
"""What can be met in artists and callbacks of others: attributes they lack, colours they write their own way."""
_STABLE: Any = {
    "svg.hashsalt": "portfolio",
    "svg.fonttype": "path",
    "savefig.facecolor": "auto",
    "savefig.edgecolor": "auto",
    "savefig.transparent": False,
    "savefig.bbox": None,
    "agg.path.chunksize": 10_000,
    "figure.autolayout": False,
    "figure.constrained_layout.use": False,
}


def save_pair(figure: Any, stem: Path) -> Mapping[str, str]:
    """Save `figure` as `<stem>.svg` or `.webp`, its dark counterpart and its numbers; return the names by role.

    The figure is left as it was. The dark one is missing where the figure's background is neither light nor dark, or
    where it holds an artist that cannot be restyled: pages show a light one without a dark one on a white plate.
    """
    with mpl.rc_context(_STABLE), _laid_out(figure) as paper:
        return _save_pair(figure, paper, stem)


def save_changed(figure: Any, stem: Path, before: bytes | None) -> tuple[Mapping[str, str], bytes]:
    """Save `figure` like `save_pair` unless it looks as `before`; return the names, if saved, and how it looks.

    One that is not stale to matplotlib was not touched. One that is, is compared as it lies there: laid out again, it
    may look otherwise though nothing in it is new.
    """
    if before is not None and not figure.stale:
        return {}, before
    with mpl.rc_context(_STABLE):
        if before is not None:
            with _unmoved(figure):
                look = _look(figure)
            if _are_alike(before, look):
                figure.stale = False
                return {}, before
        with _laid_out(figure) as paper:
            saved = _save_pair(figure, paper, stem), _look(figure)
    figure.stale = False
    return saved


def _look(figure: Any) -> bytes:
    stream = io.BytesIO()
    figure.savefig(stream, format="raw", dpi=_AFAR)
    return stream.getvalue()


def _are_alike(one: bytes, other: bytes) -> bool:
    """Whether two looks are of the same: a layout moves by a hair's breadth each time it is computed."""
    if len(one) != len(other):
        return False
    pixels = (np.frombuffer(look, np.uint8).astype(np.int16) for look in (one, other))
    return bool(np.abs(np.subtract(*pixels)).max(initial=0) <= _SAME)


def _save_pair(figure: Any, paper: Bbox, stem: Path) -> Mapping[str, str]:
    drawn = _smallest if _is_small(figure) else _as_pixels  # asked before colours that stand for numbers are turned
    night = _dark_image(figure, paper, drawn) if fits_dark(figure) else None
    with light(figure):
        day = _save(figure, paper, night.suffix) if night else drawn(figure, paper)
    files = {"light": _write(stem, day.suffix, day)}
    if night:
        files["dark"] = _write(stem, f"dark.{night.suffix}", night)
    numbers = stem.parent / f"{stem.name}.csv"
    if save_plotted(figure, numbers):
        files["data"] = numbers.name
    return files


@dataclass(frozen=True, slots=True)
class _Image:
    content: bytes
    suffix: str


def _dark_image(figure: Any, paper: Bbox, drawn: Callable[[Any, Bbox], _Image]) -> _Image | None:
    """Return the dark image, made first, while all positions are those of the layout and not of a file's resolution."""
    try:
        with dark(figure):
            return drawn(figure, paper)
    except _FAULTS:
        return None


@contextmanager
def _laid_out(figure: Any) -> Iterator[Bbox]:
    """Lay the figure out once and yield the box around all it holds, in inches; meanwhile nothing moves.

    That draws it as a window would. What a script does when its figure is drawn is meant for the window's canvas: it
    happens here at most, and not while a file is written.
    """
    try:
        figure.draw_without_rendering()
        if _play(figure):
            figure.draw_without_rendering()
    except _FAULTS:
        with figure.canvas.callbacks.blocked(signal="draw_event"):
            figure.draw_without_rendering()
    around, whole = figure.get_tightbbox().padded(_PAD), figure.bbox_inches
    is_stray = around.width > 2 * whole.width + 2 or around.height > 2 * whole.height + 2
    with _unmoved(figure):
        yield whole if is_stray else around


@contextmanager
def _unmoved(figure: Any) -> Iterator[None]:
    """Draw what is drawn meanwhile where it lies, and tell no script that it is drawn."""
    engine = figure.get_layout_engine()
    figure.set_layout_engine(None)
    try:
        with figure.canvas.callbacks.blocked(signal="draw_event"):
            yield
    finally:
        figure.set_layout_engine(engine)


def _play(figure: Any) -> bool:
    """Bring animations of the figure to their last frame, once: a first one is often empty; return whether it did.

    They are found by what they do when a window closes. The public way to a frame would draw each.
    """
    calls = figure.canvas.callbacks.callbacks.get("close_event", {}).values()
    owners: list[Any] = [getattr(call(), "__self__", None) for call in calls]
    animations = [owner for owner in owners if hasattr(owner, "new_saved_frame_seq") and not hasattr(owner, _PLAYED)]
    for animation in animations:
        setattr(animation, _PLAYED, True)
        for frame in islice(animation.new_saved_frame_seq(), _MOST_FRAMES):
            animation._pre_draw(frame, False)  # noqa: SLF001 - see above
            animation._draw_frame(frame)  # noqa: SLF001
    return bool(animations)


def _smallest(figure: Any, paper: Bbox) -> _Image:
    with suppress(_FullError):
        return _save(figure, paper, "svg", _Sheet())
    return _as_pixels(figure, paper)


def _as_pixels(figure: Any, paper: Bbox) -> _Image:
    return _save(figure, paper, "webp")


class _FullError(Exception):
    """An SVG became larger than one may be."""


class _Sheet(io.BytesIO):
    """Takes an SVG and ends the drawing as soon as it is too large."""

    def write(self, content: Any) -> int:
        if self.tell() + len(content) > LARGEST_SVG:
            raise _FullError
        return super().write(content)


def _save(figure: Any, paper: Bbox, suffix: str, stream: io.BytesIO | None = None) -> _Image:
    """Return the image of what lies on `paper`, or of the whole figure where its axes cannot be cut out.

    Some locators of `axes_grid1` want a renderer, which matplotlib does not give them when it cuts (3.11).
    """
    stream = stream or io.BytesIO()
    if suffix == "svg":
        options: Any = {"format": "svg", "metadata": {"Date": None, "Creator": None}}
    else:
        most = min(_LONGEST / max(paper.width, paper.height), (_MOST_PIXELS / (paper.width * paper.height)) ** 0.5)
        options = {"format": "webp", "dpi": min(2 * _DPI, most), "pil_kwargs": {"quality": 88, "method": 2}}
    locators = [(axes, axes.get_axes_locator()) for axes in figure.axes]
    try:
        figure.savefig(stream, bbox_inches=paper, **options)
    except _FAULTS:
        for axes, locator in locators:  # what the failed cut left in their place
            axes.set_axes_locator(locator)
        stream.seek(0)
        stream.truncate()
        figure.savefig(stream, **options)
    return _Image(stream.getvalue(), suffix)


def _write(stem: Path, suffix: str, image: _Image) -> str:
    target = stem.parent / f"{stem.name}.{suffix}"
    target.write_bytes(image.content)
    return target.name


def _is_small(figure: Any) -> bool:
    """Whether an SVG is worth a trial, by an estimate of how many points and bytes it would take at least."""
    lines = sum(len(line.get_xdata(orig=False)) for axes in figure.axes for line in axes.get_lines())
    marked = [(len(found.get_offsets()), found.get_array() is not None) for found in _collections(figure)]
    cells = sum(found.get_array().size for found in _collections(figure) if _is_mesh(found))
    least = sum(count * (_OWN_MARK if is_mapped else _MARK) for count, is_mapped in marked)
    return least <= LARGEST_SVG and lines + 3 * sum(count for count, _ in marked) + 5 * cells <= MOST_POINTS


def _collections(figure: Any) -> Iterator[Any]:
    return (found for axes in figure.axes for found in axes.collections)


def _is_mesh(artist: Any) -> bool:
    return type(artist).__name__ in ("QuadMesh", "PolyQuadMesh") and artist.get_array() is not None
