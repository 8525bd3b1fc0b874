"""Save a figure twice, light and dark: small ones as SVG, the others as WebP at twice the size."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl

from portfolio.running.restyle import dark, transparent

LARGEST_SVG = 64 << 10
MOST_POINTS = 8000
"""Above this many points an SVG is not tried: it would be megabytes."""
_DPI = 100
_STABLE: Any = {"svg.hashsalt": "portfolio", "svg.fonttype": "path", "savefig.dpi": "figure"}


def save_pair(figure: Any, stem: Path) -> Mapping[str, str]:
    """Save `figure` as `<stem>.svg` or `.webp` and its dark counterpart; return the names by role.

    The figure is left as it was. The dark one is missing where the figure is dark already.
    """
    with mpl.rc_context(_STABLE), transparent(figure) as faces:
        light, suffix = _image(figure, "svg" if _points(figure) <= MOST_POINTS else "webp")
        files = {"light": _write(stem, f"{suffix}", light)}
        if faces:
            with dark(figure):
                files["dark"] = _write(stem, f"dark.{suffix}", _image(figure, suffix)[0])
    return files


def _image(figure: Any, suffix: str) -> tuple[bytes, str]:
    if suffix == "svg":
        drawn = _save(figure, format="svg", metadata={"Date": None, "Creator": None})
        if len(drawn) <= LARGEST_SVG:
            return drawn, "svg"
    options = {"quality": 88, "method": 4}
    return _save(figure, format="webp", dpi=2 * _DPI, pil_kwargs=options), "webp"


def _save(figure: Any, **options: Any) -> bytes:
    stream = io.BytesIO()
    figure.savefig(stream, bbox_inches="tight", pad_inches=0.08, **options)
    return stream.getvalue()


def _write(stem: Path, suffix: str, content: bytes) -> str:
    target = stem.parent / f"{stem.name}.{suffix}"
    target.write_bytes(content)
    return target.name


def _points(figure: Any) -> int:
    """Estimate how many points a vector image would hold."""
    lines = sum(len(line.get_xdata(orig=False)) for axes in figure.axes for line in axes.get_lines())
    marks = sum(len(found.get_offsets()) for axes in figure.axes for found in axes.collections)
    cells = sum(found.get_array().size for axes in figure.axes for found in axes.collections if _is_mesh(found))
    return int(lines + 3 * marks + 5 * cells)


def _is_mesh(artist: Any) -> bool:
    return type(artist).__name__ in ("QuadMesh", "PolyQuadMesh") and artist.get_array() is not None
