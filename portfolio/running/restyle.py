"""Show a drawn figure's own artists in dark colours for a moment, then put everything back.

Faces near white become see-through or dark, near-black text and lines that lie on the background become light, grid
lines dim. What lies on an image, a mesh or a filled patch keeps its colour, so a heat map's numbers stay readable.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from matplotlib.collections import Collection
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Patch
from matplotlib.text import Text

LIGHT_INK = "#e3e6ed"
DIM_INK = "#4b5163"
PANEL = "#2b303c"
BACKGROUND = "#1e2129"
"""The dark page, as Material's `slate` scheme has it."""
_CLEAR = (0.0, 0.0, 0.0, 0.0)
_NEAR_BLACK, _NEAR_WHITE, _GREY = 0.35, 0.82, 0.12

Undo = Callable[[], Any]


@contextmanager
def transparent(figure: Any) -> Iterator[bool]:
    """Make the near-white background of figure and axes see-through; yield whether it was near white."""
    undo: list[Undo] = []
    is_light = _is_pale(figure.get_facecolor())
    try:
        if is_light:
            for owner in [figure, *figure.findobj(lambda artist: type(artist).__name__.endswith("SubFigure"))]:
                _set_face(owner.patch, _CLEAR, undo)
            for axes in figure.axes:
                if _luminance(axes.get_facecolor()) > 0.99:  # noqa: PLR2004 - white; a tinted plate stays
                    _set_face(axes.patch, _CLEAR, undo)
        yield is_light
    finally:
        for step in reversed(undo):
            step()


@contextmanager
def dark(figure: Any) -> Iterator[None]:
    """Restyle `figure`, drawn before, for a dark background until the block ends."""
    undo: list[Undo] = []
    try:
        filled = _Filled(figure)
        plates = _plates(figure, undo)
        for artist in figure.findobj(include_self=False):
            if artist in plates or not artist.get_visible():
                continue
            if isinstance(artist, Text):
                _ink_text(artist, filled, undo)
            elif isinstance(artist, Line2D):
                _ink_line(artist, filled, undo)
            elif isinstance(artist, Patch):
                _ink_patch(artist, undo)
            elif isinstance(artist, Collection):
                _ink_collection(artist, undo)
        yield
    finally:
        for step in reversed(undo):
            step()


class _Filled:
    """Where in the figure something filled lies: there ink keeps its colour."""

    def __init__(self, figure: Any) -> None:
        self._images: list[Any] = []
        self._patches: list[tuple[Patch, Any]] = []
        for axes in figure.axes:
            meshes = [found for found in axes.collections if "Mesh" in type(found).__name__]
            if axes.images or meshes:
                self._images.append(axes)
            for patch in axes.patches:
                if patch.get_fill() and to_rgba(patch.get_facecolor())[3] > 0.3:  # noqa: PLR2004 - seen as filled
                    self._patches.append((patch, patch.get_transform().transform_path(patch.get_path())))

    def under(self, text: Text) -> bool:
        """Whether the middle of `text` lies on something filled; its own box counts."""
        box = text.get_bbox_patch()
        if box is not None and to_rgba(box.get_facecolor())[3] > 0.3:  # noqa: PLR2004
            return True
        extent = text.get_window_extent()
        middle = ((extent.x0 + extent.x1) / 2, (extent.y0 + extent.y1) / 2)
        axes = text.axes
        if axes is not None and axes in self._images and text in axes.texts and axes.bbox.contains(*middle):
            return True
        return any(path.contains_point(middle) for patch, path in self._patches if patch.axes is text.axes)

    def has_image(self, artist: Any) -> bool:
        """Whether `artist` is drawn over an image or mesh."""
        return artist.axes in self._images and artist in artist.axes.lines


def _plates(figure: Any, undo: list[Undo]) -> set[Any]:
    """Darken what is behind everything: tinted axes, legends, panes; return what was dealt with."""
    done = {figure.patch}
    for axes in figure.axes:
        done.add(axes.patch)
        if to_rgba(axes.get_facecolor())[3] > 0 and _is_pale(axes.get_facecolor()):
            _set_face(axes.patch, PANEL, undo)
        for name in ("xaxis", "yaxis", "zaxis"):
            pane = getattr(getattr(axes, name, None), "pane", None)
            if pane is not None:
                done.add(pane)
                _set_face(pane, PANEL, undo)
                _set_edge(pane, DIM_INK, undo)
                line = getattr(axes, name).line
                _change(undo, line.set_color, line.get_color(), LIGHT_INK)
    for legend in figure.findobj(lambda artist: type(artist).__name__ == "Legend"):
        frame = legend.get_frame()
        done.add(frame)
        if _is_pale(frame.get_facecolor()):
            _set_face(frame, PANEL, undo)
            _set_edge(frame, DIM_INK, undo)
    return done


def _ink_text(text: Text, filled: _Filled, undo: list[Undo]) -> None:
    if text.get_text() and _is_ink(text.get_color()) and not filled.under(text):
        _change(undo, text.set_color, text.get_color(), LIGHT_INK)
    arrow = getattr(text, "arrow_patch", None)
    if arrow is not None:
        _ink_patch(arrow, undo)


def _ink_line(line: Line2D, filled: _Filled, undo: list[Undo]) -> None:
    if filled.has_image(line):
        return
    color = line.get_color()
    if _is_ink(color):
        _change(undo, line.set_color, color, LIGHT_INK)
    elif _is_grid(line):
        _change(undo, line.set_color, color, DIM_INK)
    for getter, setter in (("_markerfacecolor", "set_markerfacecolor"), ("_markeredgecolor", "set_markeredgecolor")):
        marker = getattr(line, getter)
        named = isinstance(marker, str) and marker in ("auto", "none")
        if not named and _is_ink(marker):
            _change(undo, getattr(line, setter), marker, LIGHT_INK)


def _is_grid(line: Line2D) -> bool:
    """A pale grey line is a grid line, or drawn to look like one."""
    red, green, blue, _ = to_rgba(line.get_color())
    return max(red, green, blue) - min(red, green, blue) < _GREY and min(red, green, blue) > 0.6  # noqa: PLR2004


def _ink_patch(patch: Patch, undo: list[Undo]) -> None:
    """Turn ink outlines and ink fills light; spines and arrows are patches too."""
    face, edge = patch.get_facecolor(), patch.get_edgecolor()
    is_filled = patch.get_fill() and to_rgba(face)[3] > 0 and not isinstance(patch, FancyArrowPatch)
    if is_filled and _is_ink(face):
        _set_face(patch, LIGHT_INK, undo)
    if _is_ink(edge) and (not is_filled or _is_ink(face)):
        _set_edge(patch, LIGHT_INK, undo)
    elif _is_separator(edge):
        _set_edge(patch, BACKGROUND, undo)


def _ink_collection(found: Collection, undo: list[Undo]) -> None:
    if found.get_array() is not None:
        return
    parts: tuple[tuple[Callable[[], Any], Callable[[Any], Any], str], ...] = (
        (found.get_facecolor, found.set_facecolor, "_original_facecolor"),
        (found.get_edgecolor, found.set_edgecolor, "_original_edgecolor"),
    )
    for get, change, original in parts:
        colors = [tuple(color) for color in get()]
        inked = [(*to_rgba(LIGHT_INK)[:3], color[3]) if _is_ink(color) else color for color in colors]
        if get == found.get_edgecolor:
            inked = [to_rgba(BACKGROUND) if _is_separator(color) else color for color in inked]
        if inked != colors:
            _change(undo, change, getattr(found, original), inked)


def _set_face(patch: Any, color: Any, undo: list[Undo]) -> None:
    _change(undo, patch.set_facecolor, getattr(patch, "_original_facecolor", patch.get_facecolor()), color)


def _set_edge(patch: Any, color: Any, undo: list[Undo]) -> None:
    _change(undo, patch.set_edgecolor, getattr(patch, "_original_edgecolor", patch.get_edgecolor()), color)


def _change(undo: list[Undo], setter: Callable[[Any], Any], old: Any, new: Any) -> None:
    undo.append(lambda: setter(old))
    setter(new)


def _is_ink(color: Any) -> bool:
    """Near black, or a grey dark enough to vanish on a dark page."""
    red, green, blue, alpha = to_rgba(color)
    return alpha > 0 and max(red, green, blue) - min(red, green, blue) < _GREY and _luminance(color) < _NEAR_BLACK


def _is_separator(color: Any) -> bool:
    """A white edge separates what it surrounds by looking like the page."""
    return to_rgba(color)[3] > 0 and _luminance(color) > 0.97  # noqa: PLR2004


def _is_pale(color: Any) -> bool:
    return _luminance(color) > _NEAR_WHITE or to_rgba(color)[3] == 0


def _luminance(color: Any) -> float:
    """Return how bright a colour looks from 0 to 1 (Rec. 709 weights on sRGB values)."""
    red, green, blue, _ = to_rgba(color)
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)
