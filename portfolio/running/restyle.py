"""Show a drawn figure's own artists on a dark page for a moment, then put everything back.

White backgrounds become see-through. What is drawn on them turns: greys swap light for dark, so that ink stays ink, a
grid stays faint and a white gap between bars stays a gap; colours too dark for the page are raised until they can be
told from it. What lies on an image, a mesh or a plate of its own keeps its colours, and a text on something filled
takes whichever colour reads better there.
"""

# ruff: noqa: SLF001 - how a colour was given, matplotlib keeps to itself

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from functools import lru_cache, partial
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis, Tick
from matplotlib.collections import Collection, PolyCollection
from matplotlib.colors import to_rgba, to_rgba_array
from matplotlib.figure import FigureBase
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Patch
from matplotlib.path import Path
from matplotlib.spines import Spine
from matplotlib.text import Text
from matplotlib.transforms import Bbox

LIGHT_INK = (0.890, 0.902, 0.929)
BACKGROUND = (0.118, 0.129, 0.161)
"""The dark page, as Material's `slate` scheme has it: #1e2129."""
_CLEAR, _WHITE = (0.0, 0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
_GREY = 0.12
"""How far the channels of a grey may lie apart: tints of paper and slate count as grey."""
_DARK = 0.25
_TEXT, _LINE, _AREA = 4.5, 3.0, 1.8
"""Contrast with the page, as WCAG 2 asks of text and of graphics; areas are seen with less."""
_UNLISTED = (
    *("patch", "arrow_patch", "_bbox_patch", "_text", "text", "vector", "pane", "line", "label", "offsetText"),
    *("major_ticks", "minor_ticks", "major_ticklabels", "minor_ticklabels"),
)
"""Where artists hide that `get_children` leaves out: of tables, arrows, quiver keys, 3D and axisartist's axes."""
_COVERS = ("QuadMesh", "PolyQuadMesh", "TriMesh", "PolyCollection", "QuadContourSet", "TriContourSet")

Rgb = tuple[float, float, float]
Rgba = tuple[float, float, float, float]
Undo = list[Callable[[], Any]]


def fits_dark(figure: Any) -> bool:
    """Whether the figure was drawn for a light page or a dark one; on a plate of any other shade it stays as it is."""
    return _is_pale(figure.get_facecolor()) or _luminance(to_rgba(figure.get_facecolor())) < _DARK


@contextmanager
def light(figure: Any) -> Iterator[None]:
    """Make the white background of figure and axes see-through until the block ends."""
    with _changes() as undo:
        if _is_white(figure.get_facecolor()):
            _clear(figure, undo)
        yield


@contextmanager
def dark(figure: Any) -> Iterator[None]:
    """Show `figure`, laid out before, as on a dark page until the block ends."""
    with _changes() as undo:
        if _is_pale(figure.get_facecolor()):
            _Darkening(figure, undo).run()
        else:
            _clear(figure, undo)
        yield


def _clear(figure: Any, undo: Undo) -> None:
    """Let the page show where the figure and the axes on it have one background."""
    face = to_rgba(figure.get_facecolor())
    _set(undo, figure.patch, "facecolor", _CLEAR)
    for axes in _lowest(_all_axes(figure)):
        if to_rgba(axes.get_facecolor()) == face:
            _set(undo, axes.patch, "facecolor", _CLEAR)


@contextmanager
def _changes() -> Iterator[Undo]:
    undo: Undo = []
    try:
        yield undo
    finally:
        for step in reversed(undo):
            step()


def _set(undo: Undo, artist: Any, name: str, new: Any) -> None:
    """Change a property; all attributes are remembered, as a setter derives several and a getter may answer another."""
    undo.append(partial(vars(artist).update, dict(vars(artist))))
    getattr(artist, f"set_{name}")(new)


class _Darkening:
    """One walk through a figure, parents first and texts last, when the colours behind them are settled."""

    def __init__(self, figure: Any, undo: Undo) -> None:
        self._figure = figure
        self._paper = to_rgba(figure.get_facecolor())
        self._undo = undo
        self._seen: set[int] = set()
        self._texts: list[tuple[Any, Any]] = []
        self._axes = _all_axes(figure)
        self._lowest = _lowest(self._axes)
        self._fills: dict[Any, list[tuple[Bbox, Path, Rgb]]] = {}
        self._kept = [axes for axes in self._axes if _keeps_inside(axes)]

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
        for part in _parts(artist):
            if artist.axes not in self._kept or not _is_inside(part, artist):
                self._turn(part, artist)

    def _plate(self, owner: Any) -> None:
        """Turn the background of a figure or of axes; it stays opaque only where it hides something."""
        self._seen.add(id(owner.patch))
        face = to_rgba(owner.get_facecolor())
        on_page = not isinstance(owner, Axes) or owner in self._lowest
        if owner is self._figure or (on_page and face == self._paper):
            _set(self._undo, owner.patch, "facecolor", _CLEAR)
        elif _is_pale(face):
            tinted = _turned(face) if _is_grey(face) else (*_mix(BACKGROUND, face[:3], 0.15), face[3])
            _set(self._undo, owner.patch, "facecolor", tinted)

    def _text(self, text: Any, holder: Any) -> None:
        point = _middle(text)
        is_empty = type(text) is Text and not text.get_text()  # axisartist draws many labels with one text
        if is_empty or (point is not None and self._is_kept(point)):
            return
        for part in _parts(text):
            self._turn(part, text)
        old = to_rgba(text.get_color())
        new, behind = _inked(old, _TEXT), self._behind(text, holder, point)
        if behind is not None and _contrast(old, behind) >= min(_TEXT, _contrast(new, behind)):
            new = old
        if new != old:
            _set(self._undo, text, "color", new)
            self._effects(text)

    def _behind(self, text: Any, holder: Any, point: tuple[float, float] | None) -> Rgb | None:
        """Return the colour of what is filled behind a text on the dark page, if anything is."""
        box = text.get_bbox_patch() or (holder if isinstance(holder, Patch) else None)
        if box is not None and box.get_visible() and to_rgba(box.get_facecolor())[3] > _GREY:
            return _over_page(to_rgba(box.get_facecolor()))
        if point is None or text.axes is None or not text.axes.bbox.contains(*point):
            return None
        if text.axes not in self._fills:
            self._fills[text.axes] = _fills(text.axes)
        fills = self._fills[text.axes]
        return next((color for box, path, color in fills if box.contains(*point) and path.contains_point(point)), None)

    def _is_kept(self, point: tuple[float, float]) -> bool:
        """Whether the topmost axes with a background at `point` keep what is inside them."""
        for axes in reversed(self._axes):
            if axes.bbox.contains(*point) and (axes in self._kept or _has_plate(axes)):
                return axes in self._kept
        return False

    def _line(self, line: Any) -> None:
        for name in ("color", "markerfacecolor", "markeredgecolor"):
            raw = line.get_color() if name == "color" else getattr(line, f"_{name}")
            if isinstance(raw, str) and raw in ("auto", "none"):
                continue
            old = to_rgba(raw)
            if _inked(old, _LINE) != old:
                _set(self._undo, line, name, _inked(old, _LINE))
        self._effects(line)

    def _patch(self, patch: Any) -> None:
        face, edge = to_rgba(patch.get_facecolor()), to_rgba(patch.get_edgecolor())
        if isinstance(patch, FancyArrowPatch) or not patch.get_fill():
            new_face, new_edge = _inked(face, _LINE), _inked(edge, _LINE)
        else:
            new_face = _filled(face)
            new_edge = _outline(edge, new_face)
        if patch.get_hatch() and hasattr(patch, "set_hatchcolor"):  # its own colour from matplotlib 3.11 on
            _set(self._undo, patch, "hatchcolor", _outline(to_rgba(patch.get_hatchcolor()), new_face))
        if new_face != face:
            _set(self._undo, patch, "facecolor", new_face)
        if new_edge != edge:
            _set(self._undo, patch, "edgecolor", new_edge)
        self._effects(patch)

    def _collection(self, found: Any) -> None:
        """Turn many marks at once; a colour that stands for a number is only raised where it would vanish."""
        faces, edges = _colors(found.get_facecolor()), _colors(found.get_edgecolor())
        if (hasattr(found, "do_3d_projection") and faces) or _is_cover(found):
            return
        mapped = found.get_array() is not None and getattr(found, "colors", None) is None
        shade = partial(_raised, least=_AREA) if mapped and found._face_is_mapped else _filled
        new_faces = [shade(face) for face in faces]
        if edges == faces:
            new_edges = new_faces
        elif mapped and found._edge_is_mapped:
            new_edges = [_raised(edge, least=_AREA) for edge in edges]
        else:
            around = new_faces or [_CLEAR]
            pairs = range(max(len(edges), len(around)) if edges else 0)
            new_edges = [_outline(edges[index % len(edges)], around[index % len(around)]) for index in pairs]
        if (new_faces, new_edges) != (faces, edges):
            _set(self._undo, found, "array", None)
            found.set_facecolor(new_faces or "none")
            found.set_edgecolor(new_edges or "none")

    def _grid_of_3d(self, axis: Any) -> None:
        """Grid lines of 3D axes take their colour from here whenever they are drawn."""
        grid = axis._axinfo["grid"]
        self._undo.append(partial(setattr, axis, "_axinfo", axis._axinfo))
        axis._axinfo = {**axis._axinfo, "grid": {**grid, "color": _inked(to_rgba(grid["color"]), _LINE)}}

    def _effects(self, artist: Any) -> None:
        """Turn the outlines that path effects draw around an artist."""
        effects = artist.get_path_effects()
        if any("foreground" in getattr(effect, "_gc", ()) for effect in effects):
            _set(self._undo, artist, "path_effects", [_turned_effect(effect) for effect in effects])


def _parts(artist: Any) -> list[Any]:
    unlisted = (getattr(artist, name, None) for name in _UNLISTED)
    return [*artist.get_children(), *getattr(artist, "parasites", ()), *(f for f in unlisted if isinstance(f, Artist))]


def _all_axes(figure: Any) -> list[Any]:
    """Return all axes in the order they are drawn in, insets after what they lie on."""
    found: list[Any] = []
    for axes in sorted(figure.axes, key=lambda axes: axes.get_zorder()):
        found += [axes, *(inset for inset in axes.child_axes if inset not in figure.axes)]
    return [axes for axes in found if axes.get_visible()]


def _lowest(drawn: list[Any]) -> list[Any]:
    """Return the axes that lie on the page itself and hide no other axes."""
    return [axes for index, axes in enumerate(drawn) if not any(_overlap(axes, below) for below in drawn[:index])]


def _overlap(above: Any, below: Any) -> bool:
    return bool(below.axison and _area(above.bbox, below.bbox) > 0.02 * _area(above.bbox, above.bbox))


def _has_plate(axes: Any) -> bool:
    return bool(axes.axison and axes.patch.get_visible() and to_rgba(axes.get_facecolor())[3] > 0.5)  # noqa: PLR2004


def _area(one: Any, other: Any) -> float:
    shared = Bbox.intersection(one, other)
    return 0.0 if shared is None else float(shared.width * shared.height)


def _keeps_inside(axes: Any) -> bool:
    """Whether a plate, an image or a mesh covers most of the axes, so that all on it was drawn for that."""
    if _has_plate(axes) and not _is_pale(axes.get_facecolor()):
        return True
    boxes = [image.get_window_extent() for image in axes.images if _is_opaque(image)]
    for found in axes.collections:
        if _is_cover(found) and _is_opaque(found):
            if axes.name != "rectilinear":
                return True
            boxes.append(found.get_datalim(axes.transData).transformed(axes.transData))
    return sum(_area(box, axes.bbox) for box in boxes) > 0.5 * _area(axes.bbox, axes.bbox)


def _is_cover(found: Any) -> bool:
    """Whether a collection fills an area with colours that stand for numbers."""
    return type(found).__name__ in _COVERS and found.get_array() is not None and getattr(found, "filled", True)


def _is_opaque(artist: Any) -> bool:
    alpha = artist.get_alpha()
    return artist.get_visible() and (not isinstance(alpha, float | int) or alpha > 0.6)  # noqa: PLR2004


def _is_inside(part: Any, holder: Any) -> bool:
    """Whether a part of axes that keep what is inside lies inside."""
    if isinstance(holder, Tick):
        return part is holder.gridline
    if not isinstance(holder, Axes) or isinstance(part, Axis | Axes | Spine):
        return False
    if isinstance(part, Line2D | Patch | Collection | AxesImage):
        return True
    point = _middle(part)
    return point is not None and bool(holder.bbox.contains(*point))


def _middle(artist: Any) -> tuple[float, float] | None:
    if hasattr(artist, "do_3d_projection") or hasattr(artist, "get_position_3d"):
        return None
    box = artist.get_window_extent()
    return (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2


def _fills(axes: Any) -> list[tuple[Bbox, Path, Rgb]]:
    """Return where in axes something filled lies and its colour on the dark page, topmost first."""
    found = [artist for artist in (*axes.patches, *axes.collections) if artist.get_visible()]
    fills = []
    for artist in sorted(found, key=lambda artist: -artist.get_zorder()):
        paths = [artist.get_path()] if isinstance(artist, Patch) else _polygons(artist)
        faces = to_rgba_array(artist.get_facecolor())
        for index, path in enumerate(paths if len(faces) else ()):
            face = faces[index % len(faces)]
            if face[3] > _GREY:
                drawn = artist.get_transform().transform_path(path)
                fills.append((drawn.get_extents(), drawn, _over_page(face)))
    return fills


def _polygons(found: Any) -> list[Path]:
    """Return the areas of `fill_between` and its kin; marks are too small for a text."""
    is_area = isinstance(found, PolyCollection) and found.get_array() is None
    return list(found.get_paths()) if is_area and not hasattr(found, "do_3d_projection") else []


def _turned_effect(effect: Any) -> Any:
    turned = copy(effect)
    if "foreground" in getattr(effect, "_gc", ()):
        turned._gc = {**effect._gc, "foreground": _inked(to_rgba(effect._gc["foreground"]), _AREA)}
    return turned


def _colors(array: Any) -> list[Rgba]:
    return [tuple(color) for color in to_rgba_array(array).tolist()]


@lru_cache(maxsize=4096)
def _outline(edge: Rgba, face: Rgba) -> Rgba:
    """Return the colour of an edge: a dark one around what is seen may stay, it separates as it did."""
    is_seen = face[3] > 0 and _contrast(_over_page(face), BACKGROUND) >= _AREA
    return edge if is_seen and (_luminance(edge) < 0.5 or not _is_grey(edge)) else _inked(edge, _LINE)  # noqa: PLR2004


@lru_cache(maxsize=4096)
def _filled(color: Rgba) -> Rgba:
    return _turned(color) if _is_grey(color) else _raised(color, _AREA)


@lru_cache(maxsize=4096)
def _inked(color: Rgba, least: float) -> Rgba:
    """Return the colour of a text or line on the page: greys turn, and none is harder to see than on white."""
    if color[3] == 0:
        return color
    enough = min(least, _contrast(color[:3], _WHITE))
    return _raised(_turned(color), enough) if _is_grey(color) else _raised(color, enough)


@lru_cache(maxsize=4096)
def _raised(color: Rgba, least: float) -> Rgba:
    """Return `color`, lighter by as much as it needs to be told from the page."""
    for step in range(20):
        lighter = _mix(color[:3], _WHITE, step / 20)
        if color[3] == 0 or _contrast(lighter, BACKGROUND) >= least:
            return (*lighter, color[3])
    return (*_WHITE, color[3])


def _turned(color: Rgba) -> Rgba:
    return (*_mix(LIGHT_INK, BACKGROUND, _luminance(color)), color[3])


def _over_page(color: Any) -> Rgb:
    return _mix(BACKGROUND, color[:3], color[3])


def _mix(one: Any, other: Any, share: float) -> Rgb:
    red, green, blue = ((1 - share) * a + share * b for a, b in zip(one, other, strict=True))
    return red, green, blue


def _is_grey(color: Any) -> bool:
    return bool(max(color[:3]) - min(color[:3]) < _GREY)


def _is_pale(color: Any) -> bool:
    """Whether a background is light; a grey one may be darker than a tinted one."""
    rgba = to_rgba(color)
    return rgba[3] == 0 or _luminance(rgba) > (0.6 if _is_grey(rgba) else 0.8)


def _is_white(color: Any) -> bool:
    return to_rgba(color)[3] > 0 and _luminance(to_rgba(color)) > 0.99  # noqa: PLR2004


def _luminance(color: Any) -> float:
    """Return how bright a colour looks from 0 to 1 (Rec. 709 weights on sRGB values)."""
    return float(0.2126 * color[0] + 0.7152 * color[1] + 0.0722 * color[2])


def _contrast(one: Any, other: Any) -> float:
    """Return the contrast ratio of WCAG 2, from 1 to 21."""
    light, dim = sorted((_linear(one), _linear(other)), reverse=True)
    return (light + 0.05) / (dim + 0.05)


def _linear(color: Any) -> float:
    parts = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color[:3])  # noqa: PLR2004
    return float(sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True)))
