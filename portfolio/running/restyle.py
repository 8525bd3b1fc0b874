"""Show a drawn figure's own artists on a dark page for a moment, then put everything back.

White backgrounds become see-through. What is drawn on them turns: greys swap light for dark, so that ink stays ink, a
grid stays faint and a white gap between bars stays a gap; colours too dark for the page are raised until they can be
told from it. What lies on an image, a mesh or a plate of its own keeps its colours, and a text on something filled
takes whichever colour reads better there.
"""

# ruff: noqa: SLF001 - how a colour was given, matplotlib keeps to itself

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from functools import partial
from typing import Any

from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.colors import to_rgba, to_rgba_array
from matplotlib.figure import FigureBase
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Patch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from portfolio.running.colors import (
    AREA,
    BACKGROUND,
    CLEAR,
    DARK,
    GREY,
    LINE,
    TEXT,
    Rgb,
    Rgba,
    contrast,
    filled,
    inked,
    is_grey,
    is_pale,
    is_white,
    luminance,
    mix,
    outline,
    over_page,
    raised,
    turned,
)
from portfolio.running.layers import (
    all_axes,
    filled_areas,
    has_plate,
    is_cover,
    is_inside,
    keeps_inside,
    lowest,
    middle,
    parts,
)
from portfolio.running.undo import Undo, change, changes


def fits_dark(figure: Any) -> bool:
    """Whether the figure was drawn for a light page or a dark one; on a plate of any other shade it stays as it is."""
    return is_pale(figure.get_facecolor()) or luminance(to_rgba(figure.get_facecolor())) < DARK


@contextmanager
def light(figure: Any) -> Iterator[None]:
    """Make the white background of figure and axes see-through until the block ends."""
    with changes() as undo:
        if is_white(figure.get_facecolor()):
            _clear(figure, undo)
        yield


@contextmanager
def dark(figure: Any) -> Iterator[None]:
    """Show `figure`, laid out before, as on a dark page until the block ends."""
    with changes() as undo:
        if is_pale(figure.get_facecolor()):
            _Darkening(figure, undo).run()
        else:
            _clear(figure, undo)
        yield


def _clear(figure: Any, undo: Undo) -> None:
    """Let the page show where the figure and the axes on it have one background."""
    face = to_rgba(figure.get_facecolor())
    change(undo, figure.patch, "facecolor", CLEAR)
    for axes in lowest(all_axes(figure)):
        if to_rgba(axes.get_facecolor()) == face:
            change(undo, axes.patch, "facecolor", CLEAR)


class _Darkening:
    """One walk through a figure, parents first and texts last, when the colours behind them are settled."""

    def __init__(self, figure: Any, undo: Undo) -> None:
        self._figure = figure
        self._paper = to_rgba(figure.get_facecolor())
        self._undo = undo
        self._seen: set[int] = set()
        self._texts: list[tuple[Any, Any]] = []
        self._axes = all_axes(figure)
        self._lowest = lowest(self._axes)
        self._fills: dict[Any, list[tuple[Bbox, Path, Rgb]]] = {}
        self._kept = [axes for axes in self._axes if keeps_inside(axes)]

    def run(self) -> None:
        """Turn the whole figure."""
        self._turn(self._figure, None)
        for text, holder in self._texts:
            self._text(text, holder)

    def _turn(self, artist: Any, holder: Any) -> None:
        if id(artist) in self._seen or not artist.get_visible():
            return
        self._seen.add(id(artist))
        if isinstance(artist, Axes | FigureBase):
            self._plate(artist)
        elif isinstance(artist, Text):
            self._texts.append((artist, holder))
            return
        elif isinstance(artist, Line2D):
            self._line(artist)
        elif isinstance(artist, Patch):
            self._patch(artist)
        elif isinstance(artist, Collection):
            self._collection(artist)
        elif hasattr(artist, "_axinfo"):
            self._grid_of_3d(artist)
        for part in parts(artist):
            if artist.axes not in self._kept or not is_inside(part, artist):
                self._turn(part, artist)

    def _plate(self, owner: Any) -> None:
        """Turn the background of a figure or of axes; it stays opaque only where it hides something."""
        self._seen.add(id(owner.patch))
        face = to_rgba(owner.get_facecolor())
        on_page = not isinstance(owner, Axes) or owner in self._lowest
        if owner is self._figure or (on_page and face == self._paper):
            change(self._undo, owner.patch, "facecolor", CLEAR)
        elif is_pale(face):
            tinted = turned(face) if is_grey(face) else (*mix(BACKGROUND, face[:3], 0.15), face[3])
            change(self._undo, owner.patch, "facecolor", tinted)

    def _text(self, text: Any, holder: Any) -> None:
        point = middle(text)
        is_empty = type(text) is Text and not text.get_text()  # axisartist draws many labels with one text
        if is_empty or (point is not None and self._is_kept(point)):
            return
        for part in parts(text):
            self._turn(part, text)
        old = to_rgba(text.get_color())
        new, behind = inked(old, TEXT), self._behind(text, holder, point)
        if behind is not None and contrast(old, behind) >= min(TEXT, contrast(new, behind)):
            new = old
        if new != old:
            change(self._undo, text, "color", new)
            self._effects(text)

    def _behind(self, text: Any, holder: Any, point: tuple[float, float] | None) -> Rgb | None:
        """Return the colour of what is filled behind a text on the dark page, if anything is."""
        box = text.get_bbox_patch() or (holder if isinstance(holder, Patch) else None)
        if box is not None and box.get_visible() and to_rgba(box.get_facecolor())[3] > GREY:
            return over_page(to_rgba(box.get_facecolor()))
        if point is None or text.axes is None or not text.axes.bbox.contains(*point):
            return None
        if text.axes not in self._fills:
            self._fills[text.axes] = filled_areas(text.axes)
        fills = self._fills[text.axes]
        return next((color for box, path, color in fills if box.contains(*point) and path.contains_point(point)), None)

    def _is_kept(self, point: tuple[float, float]) -> bool:
        """Whether the topmost axes with a background at `point` keep what is inside them."""
        for axes in reversed(self._axes):
            if axes.bbox.contains(*point) and (axes in self._kept or has_plate(axes)):
                return axes in self._kept
        return False

    def _line(self, line: Any) -> None:
        for name in ("color", "markerfacecolor", "markeredgecolor"):
            raw = line.get_color() if name == "color" else getattr(line, f"_{name}")
            if isinstance(raw, str) and raw in ("auto", "none"):
                continue
            old = to_rgba(raw)
            if inked(old, LINE) != old:
                change(self._undo, line, name, inked(old, LINE))
        self._effects(line)

    def _patch(self, patch: Any) -> None:
        face, edge = to_rgba(patch.get_facecolor()), to_rgba(patch.get_edgecolor())
        if isinstance(patch, FancyArrowPatch) or not patch.get_fill():
            new_face, new_edge = inked(face, LINE), inked(edge, LINE)
        else:
            new_face = filled(face)
            new_edge = outline(edge, new_face)
        if patch.get_hatch() and hasattr(patch, "set_hatchcolor"):  # its own colour from matplotlib 3.11 on
            change(self._undo, patch, "hatchcolor", outline(to_rgba(patch.get_hatchcolor()), new_face))
        if new_face != face:
            change(self._undo, patch, "facecolor", new_face)
        if new_edge != edge:
            change(self._undo, patch, "edgecolor", new_edge)
        self._effects(patch)

    def _collection(self, found: Any) -> None:
        """Turn many marks at once; a colour that stands for a number is only raised where it would vanish."""
        faces, edges = _colors(found.get_facecolor()), _colors(found.get_edgecolor())
        if (hasattr(found, "do_3d_projection") and faces) or is_cover(found):
            return
        mapped = found.get_array() is not None and getattr(found, "colors", None) is None
        shade = partial(raised, least=AREA) if mapped and found._face_is_mapped else filled
        new_faces = [shade(face) for face in faces]
        if edges == faces:
            new_edges = new_faces
        elif mapped and found._edge_is_mapped:
            new_edges = [raised(edge, least=AREA) for edge in edges]
        else:
            around = new_faces or [CLEAR]
            pairs = range(max(len(edges), len(around)) if edges else 0)
            new_edges = [outline(edges[index % len(edges)], around[index % len(around)]) for index in pairs]
        if (new_faces, new_edges) != (faces, edges):
            change(self._undo, found, "array", None)
            found.set_facecolor(new_faces or "none")
            found.set_edgecolor(new_edges or "none")

    def _grid_of_3d(self, axis: Any) -> None:
        """Grid lines of 3D axes take their colour from here whenever they are drawn."""
        grid = axis._axinfo["grid"]
        self._undo.append(partial(setattr, axis, "_axinfo", axis._axinfo))
        axis._axinfo = {**axis._axinfo, "grid": {**grid, "color": inked(to_rgba(grid["color"]), LINE)}}

    def _effects(self, artist: Any) -> None:
        """Turn the outlines that path effects draw around an artist."""
        effects = artist.get_path_effects()
        if any("foreground" in getattr(effect, "_gc", ()) for effect in effects):
            change(self._undo, artist, "path_effects", [_turned_effect(effect) for effect in effects])


def _turned_effect(effect: Any) -> Any:
    copied = copy(effect)
    if "foreground" in getattr(effect, "_gc", ()):
        copied._gc = {**effect._gc, "foreground": inked(to_rgba(effect._gc["foreground"]), AREA)}
    return copied


def _colors(array: Any) -> list[Rgba]:
    return [tuple(color) for color in to_rgba_array(array).tolist()]
