"""Curves through numbers that a run elsewhere logged, drawn like all other figures: light and dark."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from portfolio.templates import shipped_templates

MOST_DRAWN = 2_000
"""Points of a curve; of more, every k-th is drawn."""

Points = Sequence[tuple[int | float, int | float]]
Pair = tuple[bytes, bytes | None, str]
"""The light image, the dark one, and their suffix."""


def drawn_lines(curves: Mapping[str, Points], x_label: str, y_label: str) -> Pair | None:
    """Return the images of curves, named where there are several; None where none has two points."""
    shown = {name: _thinned(points) for name, points in curves.items() if len(points) > 1}
    if not shown:
        return None
    import matplotlib as mpl  # noqa: PLC0415 - only where something is drawn
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    from portfolio.running.drawing import save_pair  # noqa: PLC0415

    with mpl.rc_context(), tempfile.TemporaryDirectory() as folder:
        mpl.rcdefaults()
        mpl.rcParams["text.parse_math"] = False  # a dollar sign of somebody else's is no formula
        mpl.rc_file(shipped_templates() / "figures.mplstyle", use_default_template=False)
        figure = Figure(layout="constrained")
        axes = figure.add_subplot()
        for name, points in shown.items():
            steps, values = zip(*points, strict=True)
            axes.plot(steps, values, label=name, marker="o" if len(points) < 30 else "")  # noqa: PLR2004 - few are seen
        if all(isinstance(x, int) for points in shown.values() for x, _ in points):
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        if len(shown) > 1:
            axes.legend()
        files = save_pair(figure, Path(folder, "curves"))
        dark = Path(folder, files["dark"]).read_bytes() if "dark" in files else None
        return Path(folder, files["light"]).read_bytes(), dark, Path(files["light"]).suffix


def _thinned(points: Points) -> Points:
    step = -(-len(points) // MOST_DRAWN)
    return [*points[::step], *([points[-1]] if (len(points) - 1) % step else [])]
