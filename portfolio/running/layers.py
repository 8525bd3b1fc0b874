"""What a figure's artists consist of, and what they lie on: the page, a plate, an image, something filled."""

from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis, Tick
from matplotlib.collections import Collection, PolyCollection
from matplotlib.colors import to_rgba, to_rgba_array
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.path import Path
from matplotlib.spines import Spine
from matplotlib.transforms import Bbox

from portfolio.running.colors import GREY, Rgb, is_pale, over_page

_UNLISTED = (
    *("patch", "arrow_patch", "_bbox_patch", "_text", "text", "vector", "pane", "line", "label", "offsetText"),
    *("major_ticks", "minor_ticks", "major_ticklabels", "minor_ticklabels"),
)
"""Where artists hide that `get_children` leaves out: of tables, arrows, quiver keys, 3D and axisartist's axes."""
_COVERS = ("QuadMesh", "PolyQuadMesh", "TriMesh", "PolyCollection", "QuadContourSet", "TriContourSet")


def parts(artist: Any) -> list[Any]:
    """Return what an artist consists of, listed or not."""
    unlisted = (getattr(artist, name, None) for name in _UNLISTED)
    return [*artist.get_children(), *getattr(artist, "parasites", ()), *(f for f in unlisted if isinstance(f, Artist))]


def all_axes(figure: Any) -> list[Any]:
    """Return all axes in the order they are drawn in, insets after what they lie on."""
    found: list[Any] = []
    for axes in sorted(figure.axes, key=lambda axes: axes.get_zorder()):
        found += [axes, *(inset for inset in axes.child_axes if inset not in figure.axes)]
    return [axes for axes in found if axes.get_visible()]


def lowest(drawn: list[Any]) -> list[Any]:
    """Return the axes that lie on the page itself and hide no other axes."""
    return [axes for index, axes in enumerate(drawn) if not any(_overlap(axes, below) for below in drawn[:index])]


def _overlap(above: Any, below: Any) -> bool:
    return bool(below.axison and _area(above.bbox, below.bbox) > 0.02 * _area(above.bbox, above.bbox))


def has_plate(axes: Any) -> bool:
    """Whether axes have a background that hides what is below."""
    return bool(axes.axison and axes.patch.get_visible() and to_rgba(axes.get_facecolor())[3] > 0.5)  # noqa: PLR2004


def _area(one: Any, other: Any) -> float:
    shared = Bbox.intersection(one, other)
    return 0.0 if shared is None else float(shared.width * shared.height)


def keeps_inside(axes: Any) -> bool:
    """Whether a plate, an image or a mesh covers most of the axes, so that all on it was drawn for that."""
    if has_plate(axes) and not is_pale(axes.get_facecolor()):
        return True
    boxes = [image.get_window_extent() for image in axes.images if _is_opaque(image)]
    for found in axes.collections:
        if is_cover(found) and _is_opaque(found):
            if axes.name != "rectilinear":
                return True
            boxes.append(found.get_datalim(axes.transData).transformed(axes.transData))
    return sum(_area(box, axes.bbox) for box in boxes) > 0.5 * _area(axes.bbox, axes.bbox)


def is_cover(found: Any) -> bool:
    """Whether a collection fills an area with colours that stand for numbers."""
    return type(found).__name__ in _COVERS and found.get_array() is not None and getattr(found, "filled", True)


def _is_opaque(artist: Any) -> bool:
    alpha = artist.get_alpha()
    return artist.get_visible() and (not isinstance(alpha, float | int) or alpha > 0.6)  # noqa: PLR2004


def is_inside(part: Any, holder: Any) -> bool:
    """Whether a part of axes that keep what is inside lies inside."""
    if isinstance(holder, Tick):
        return part is holder.gridline
    if not isinstance(holder, Axes) or isinstance(part, Axis | Axes | Spine):
        return False
    if isinstance(part, Line2D | Patch | Collection | AxesImage):
        return True
    point = middle(part)
    return point is not None and bool(holder.bbox.contains(*point))


def middle(artist: Any) -> tuple[float, float] | None:
    """Return the middle of an artist in pixels; None in 3D, where it is not settled before it is drawn."""
    if hasattr(artist, "do_3d_projection") or hasattr(artist, "get_position_3d"):
        return None
    box = artist.get_window_extent()
    return (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2


def filled_areas(axes: Any) -> list[tuple[Bbox, Path, Rgb]]:
    """Return where in axes something filled lies and its colour on the dark page, topmost first."""
    found = [artist for artist in (*axes.patches, *axes.collections) if artist.get_visible()]
    fills = []
    for artist in sorted(found, key=lambda artist: -artist.get_zorder()):
        paths = [artist.get_path()] if isinstance(artist, Patch) else _polygons(artist)
        faces = to_rgba_array(artist.get_facecolor())
        for index, path in enumerate(paths if len(faces) else ()):
            face = faces[index % len(faces)]
            if face[3] > GREY:
                drawn = artist.get_transform().transform_path(path)
                fills.append((drawn.get_extents(), drawn, over_page(face)))
    return fills


def _polygons(found: Any) -> list[Path]:
    """Return the areas of `fill_between` and its kin; marks are too small for a text."""
    is_area = isinstance(found, PolyCollection) and found.get_array() is None
    return list(found.get_paths()) if is_area and not hasattr(found, "do_3d_projection") else []
