"""Capture matplotlib's figures in the worker: logged, shown, saved to a file or left open, each once.

A figure that is logged is the author's business and is not captured again. One that is shown or left open is captured
in order, named after the file it was saved to, with alt text from its titles and labels.
"""

import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from weakref import WeakSet

from portfolio import log
from portfolio.running.outputs import IMAGES, free_name, spoken


class FigureCapture:
    """Keeps what a script draws; knows which figures and files it has already."""

    def __init__(self) -> None:
        self.saved: list[Path] = []
        """Files that hold a captured figure, so they are not captured as images again."""
        self._logged: WeakSet[Any] = WeakSet()
        self._seen: set[bytes] = set()
        self._busy = False

    def attach(self, pyplot: Any) -> None:
        """Replace `show` and watch `savefig`, right after matplotlib.pyplot was imported."""
        figure_class = sys.modules["matplotlib.figure"].Figure
        save = figure_class.savefig

        def show(*_args: Any, **_keywords: Any) -> None:
            self.keep_open()

        def show_one(figure: Any, *_args: Any, **_keywords: Any) -> None:
            self._keep(figure)

        def savefig(figure: Any, fname: Any, *args: Any, **keywords: Any) -> Any:
            done = save(figure, fname, *args, **keywords)
            if not self._busy and isinstance(fname, str | Path):
                self._note_saved(figure, Path(fname))
            return done

        pyplot.show = show
        figure_class.show = show_one
        figure_class.savefig = savefig

    def save(self, figure: Any, stem: Path) -> Mapping[str, str]:
        """Save a figure the script logs itself; the log's `FigureSaver` during a build."""
        if type(figure).__module__.startswith("matplotlib"):
            self._logged.add(figure)
            return self._render(figure, stem)[0]
        return log.save_light(figure, stem)

    def keep_open(self) -> None:
        """Capture every open figure in order and close them, as a window closed by its reader."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is None:
            return
        for number in pyplot.get_fignums():
            self._keep(pyplot.figure(number))
        pyplot.close("all")

    def _note_saved(self, figure: Any, path: Path) -> None:
        """Remember a figure saved to a file: the file stands for the figure, captured as it is now."""
        if path.suffix and path.suffix.lower() not in (*IMAGES, ".pdf", ".eps", ".ps", ".tif", ".tiff"):
            return
        self.saved.append(path.absolute() if path.suffix else path.absolute().with_suffix(".png"))
        if figure not in self._logged:
            self._keep(figure, wish=path.stem)

    def _keep(self, figure: Any, wish: str = "") -> None:
        """Capture `figure` unless it is logged, empty, or looks as it did when it was captured."""
        if figure in self._logged or self._busy or not figure.get_children()[1:]:
            return
        writer = log.current()
        name = free_name(writer, "figure", wish or _wish(figure, len(self._seen) + 1), claim=False)
        files, light = self._render(figure, writer.place("figures", name))
        if light in self._seen:
            for file in files.values():
                writer.place("figures", file).unlink()
            return
        self._seen.add(light)
        writer.claim("figure", name, "figure")
        kept = {role: f"figures/{file}" for role, file in files.items()}
        writer.write("figure", name, files=kept, alt=_alt(figure, name), caption=_title(figure))

    def _render(self, figure: Any, stem: Path) -> tuple[Mapping[str, str], bytes]:
        from portfolio.running.drawing import save_pair  # noqa: PLC0415 - imports matplotlib

        self._busy = True
        try:
            files = save_pair(figure, stem)
        finally:
            self._busy = False
        return files, sha256((stem.parent / files["light"]).read_bytes()).digest()


def _wish(figure: Any, number: int) -> str:
    label = str(figure.get_label() or "")
    return label if label and not label.isdigit() else f"figure_{number}"


def _title(figure: Any) -> str:
    """Return the figure's own title: the one above all, else that of a single axes."""
    above = figure.get_suptitle()
    titles = [title for axes in figure.axes for title in [_axes_title(axes)] if title]
    text = above or (titles[0] if len(titles) == 1 else "")
    return " ".join(text.split())[:300]


def _axes_title(axes: Any) -> str:
    return next((text for place in ("center", "left", "right") if (text := axes.get_title(loc=place).strip())), "")


def _alt(figure: Any, name: str) -> str:
    """Return alt text from titles and axis labels, else from the figure's name."""
    parts = [figure.get_suptitle()]
    for axes in figure.axes:
        x, y = axes.get_xlabel().strip(), axes.get_ylabel().strip()
        against = f"{y} against {x}" if x and y else x or y
        parts.append(": ".join(filter(None, [_axes_title(axes), against])))
    said = "; ".join(dict.fromkeys(" ".join(part.split()) for part in parts if part.strip()))
    return (said or f"Figure {spoken(name)}, drawn by the script without a title")[:500]
