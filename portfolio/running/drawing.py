"""Save a figure twice, light and dark: small ones as SVG, the others as WebP at twice the size."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.transforms import Bbox

from portfolio.running.restyle import dark, is_light, light

LARGEST_SVG = 64 << 10
MOST_POINTS = 8000
"""Above this many points an SVG is not tried: it would be megabytes."""
_DPI = 100
_PAD = 0.08
_LONGEST = 16_000
"""Pixels a side; WebP ends at 16,383."""
_MOST_PIXELS = 40_000_000
_FAULTS = (AttributeError, TypeError, ValueError, LookupError, NotImplementedError, ArithmeticError)
"""What restyling can meet in artists of other libraries: attributes they lack, colours they write their own way."""
_STABLE: Any = {
    "svg.hashsalt": "portfolio",
    "svg.fonttype": "path",
    "savefig.facecolor": "auto",
    "savefig.edgecolor": "auto",
    "savefig.transparent": False,
    "figure.autolayout": False,
    "figure.constrained_layout.use": False,
}


def save_pair(figure: Any, stem: Path) -> Mapping[str, str]:
    """Save `figure` as `<stem>.svg` or `.webp` and its dark counterpart; return the names by role.

    The figure is left as it was. The dark one is missing where the figure is dark already, or where it holds an artist
    that cannot be restyled: pages show a light one without a dark one on a white plate.
    """
    with mpl.rc_context(_STABLE), _laid_out(figure) as paper:
        with light(figure):
            drawn, suffix = _smallest(figure, paper)
        files = {"light": _write(stem, suffix, drawn)}
        if is_light(figure):
            try:
                with dark(figure):
                    files["dark"] = _write(stem, f"dark.{suffix}", _save(figure, paper, suffix))
            except _FAULTS:
                pass
    return files


@contextmanager
def _laid_out(figure: Any) -> Iterator[Bbox]:
    """Lay the figure out once and yield the box around all it holds, in inches; meanwhile nothing moves."""
    figure.draw_without_rendering()
    around = figure.get_tightbbox().padded(_PAD)
    whole = figure.bbox_inches
    is_stray = around.width > 2 * whole.width + 2 or around.height > 2 * whole.height + 2
    engine = figure.get_layout_engine()
    figure.set_layout_engine(None)
    try:
        yield whole if is_stray else around
    finally:
        figure.set_layout_engine(engine)


def _smallest(figure: Any, paper: Bbox) -> tuple[bytes, str]:
    if _points(figure) <= MOST_POINTS:
        drawn = _save(figure, paper, "svg")
        if len(drawn) <= LARGEST_SVG:
            return drawn, "svg"
    return _save(figure, paper, "webp"), "webp"


def _save(figure: Any, paper: Bbox, suffix: str) -> bytes:
    stream = io.BytesIO()
    if suffix == "svg":
        figure.savefig(stream, format="svg", bbox_inches=paper, metadata={"Date": None, "Creator": None})
    else:
        most = min(_LONGEST / max(paper.width, paper.height), (_MOST_PIXELS / (paper.width * paper.height)) ** 0.5)
        options = {"quality": 88, "method": 4}
        figure.savefig(stream, format="webp", dpi=min(2 * _DPI, most), bbox_inches=paper, pil_kwargs=options)
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
