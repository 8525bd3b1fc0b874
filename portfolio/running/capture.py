"""Capture matplotlib's figures in the worker: logged, shown, saved to a file or left open, each once.

A figure that is logged is the author's business and is not captured again. One that is shown or left open is captured
in order, named after the file it was saved to, with alt text from its titles and labels.
"""

import sys
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakKeyDictionary, WeakSet

from portfolio import log
from portfolio.running.outputs import IMAGES, MOST_FILES, free_name, spoken
from portfolio.values.record import UNTOLD

_Drawn = TypeVar("_Drawn")
_UNDRAWABLE = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError)
"""What drawing raises besides the errors of values and files, such as for a formula that needs TeX."""


class FigureCapture:
    """Keeps what a script draws; knows which figures and files it has already."""

    def __init__(self) -> None:
        self.saved: list[Path] = []
        """Files that hold a captured figure, so they are not captured as images again."""
        self._logged: WeakSet[Any] = WeakSet()
        self._looks: WeakKeyDictionary[Any, bytes] = WeakKeyDictionary()
        self._waiting: WeakSet[Any] = WeakSet()
        self._kept = 0
        self._busy = False

    def attach(self, pyplot: Any) -> None:
        """Take the place of windows and watch `savefig`, right after matplotlib.pyplot was imported."""
        bases, figure_class = sys.modules["matplotlib.backend_bases"], sys.modules["matplotlib.figure"].Figure
        _stay_without_windows(pyplot)

        def show(*_args: Any, block: bool | None = None, **_keywords: Any) -> None:
            if block or (block is None and not pyplot.isinteractive()):
                self.keep_open()
            else:
                self._waiting.update(map(pyplot.figure, pyplot.get_fignums()))

        def close(manager: Any) -> None:
            """Capture what was shown without waiting and is done with now."""
            if manager.canvas.figure in self._waiting:
                self._keep(manager.canvas.figure)

        pyplot.show = show
        figure_class.show = lambda figure, *_args, **_keywords: self._waiting.add(figure)
        figure_class.savefig = self._watching(figure_class.savefig)
        bases.FigureManagerBase.destroy = close
        bases.FigureCanvasBase.start_event_loop = _answer_at_once

    def save(self, figure: Any, stem: Path) -> Mapping[str, str]:
        """Save a figure the script logs itself; the log's `FigureSaver` during a build."""
        if type(figure).__module__.startswith("matplotlib"):
            from portfolio.running.drawing import save_pair  # noqa: PLC0415 - imports matplotlib

            self._logged.add(figure)
            return self._quietly(save_pair, figure, stem)
        from portfolio.running.foreign import save_foreign  # noqa: PLC0415 - for those who use other libraries

        return log.save_light(figure, stem) if hasattr(figure, "savefig") else save_foreign(figure, stem)

    def keep(self, figure: Any) -> None:
        """Capture one figure where it is shown by itself."""
        self._keep(figure)

    def keep_open(self) -> None:
        """Capture every open figure in order and close them, as windows closed by their reader."""
        if pyplot := self.keep_so_far():
            pyplot.close("all")

    def keep_so_far(self) -> Any:
        """Capture every open figure that looks otherwise than it did, and leave it open; return pyplot, if loaded.

        The current one stays the current one.
        """
        pyplot: Any = sys.modules.get("matplotlib.pyplot")
        numbers = pyplot.get_fignums() if pyplot else []
        current = pyplot.gcf().number if pyplot and numbers else None
        for number in numbers:
            self._keep(pyplot.figure(number))
        if pyplot and current is not None:
            pyplot.figure(current)
        return pyplot

    def _watching(self, save: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(save)
        def savefig(figure: Any, fname: Any, *args: Any, **keywords: Any) -> Any:
            done = save(figure, fname, *args, **keywords)
            caller = sys._getframe(1).f_globals.get("__name__")  # noqa: SLF001 - frames of a film are no figures
            if not self._busy and caller != "matplotlib.animation":
                self._note_saved(figure, fname)
            return done

        return savefig

    def _note_saved(self, figure: Any, target: Any) -> None:
        """Remember a figure saved to a file: the file stands for the figure, captured as it is now."""
        named = getattr(target, "name", target)  # an open file has the name of its path
        if hasattr(target, "savefig"):  # a PDF of several pages
            self._keep(figure)
        elif isinstance(named, str | Path) and self._kept < MOST_FILES:
            path = Path(named)
            if path.suffix.lower() in ("", *IMAGES, ".pdf", ".eps", ".ps", ".tif", ".tiff"):
                added = f".{sys.modules['matplotlib'].rcParams['savefig.format']}"
                self.saved.append(path.absolute() if path.suffix else path.absolute().with_suffix(added))
                self._keep(figure, wish=path.stem)

    def _keep(self, figure: Any, wish: str = "") -> None:
        """Capture `figure` unless it is logged, empty, or looks as it did when it was captured."""
        self._waiting.discard(figure)
        if figure in self._logged or self._busy or not figure.get_children()[1:]:
            return
        from portfolio.running.drawing import save_changed  # noqa: PLC0415 - imports matplotlib

        writer = log.current()
        name = free_name(writer, "figure", wish or _wish(figure, self._kept + 1), claim=False)
        stem = writer.place("figures", name)
        files, self._looks[figure] = self._quietly(save_changed, figure, stem, self._looks.get(figure))
        if files:
            self._kept += 1
            writer.claim("figure", name, "figure")
            kept = {role: f"figures/{file}" for role, file in files.items()}
            writer.write("figure", name, files=kept, alt=_alt(figure, name), caption=_title(figure))

    def _quietly(self, draw: Callable[..., _Drawn], figure: Any, *arguments: Any) -> _Drawn:
        """Draw without noticing what is saved."""
        self._busy = True
        try:
            return draw(figure, *arguments)
        except _UNDRAWABLE as error:
            raise ValueError(f"a figure cannot be drawn: {error}") from error
        finally:
            self._busy = False


def _stay_without_windows(pyplot: Any) -> None:
    """Give a script that asks for a backend with windows the one without: nobody would see them."""
    matplotlib = sys.modules["matplotlib"]
    quiet = _quiet_backends()
    switch = pyplot.switch_backend

    @wraps(switch)
    def switch_backend(newbackend: Any) -> None:
        switch(newbackend if str(newbackend).lower() in quiet else "agg")

    pyplot.switch_backend = switch_backend
    if str(dict.get(matplotlib.rcParams, "backend")).lower() not in quiet:  # asked otherwise, it looks for a window
        matplotlib.rcParams["backend"] = "agg"


def _quiet_backends() -> list[str]:
    """Return the names of the backends without windows; before matplotlib 3.9 there was no registry of them."""
    backends = sys.modules.get("matplotlib.backends")
    if backends and hasattr(backends, "backend_registry"):
        return list(backends.backend_registry.list_builtin(backends.BackendFilter.NON_INTERACTIVE))
    return [name.lower() for name in sys.modules["matplotlib.rcsetup"].non_interactive_bk]


def _answer_at_once(*_args: Any, **_keywords: Any) -> None:
    """Wait for no click, key or pause: nobody watches."""


def _wish(figure: Any, number: int) -> str:
    label = str(figure.get_label() or "")
    return label if label and not label.isdigit() else f"figure_{number}"


def _title(figure: Any) -> str:
    """Return the figure's own title: the one above all, else that of a single axes."""
    above = _above(figure)
    titles = [title for axes in figure.axes for title in [_axes_title(axes)] if title]
    text = above or (titles[0] if len(titles) == 1 else "")
    return " ".join(text.split())[:300]


def _above(figure: Any) -> str:
    """Return the title above all axes, for which matplotlib had no question before 3.8."""
    if hasattr(figure, "get_suptitle"):
        return str(figure.get_suptitle())
    return figure._suptitle.get_text() if figure._suptitle else ""  # noqa: SLF001 - there


def _axes_title(axes: Any) -> str:
    return next((text for place in ("center", "left", "right") if (text := axes.get_title(loc=place).strip())), "")


def _alt(figure: Any, name: str) -> str:
    """Return alt text from titles and axis labels, else from the figure's name."""
    parts = [_above(figure)]
    for axes in figure.axes:
        x, y = axes.get_xlabel().strip(), axes.get_ylabel().strip()
        against = f"{y} against {x}" if x and y else x or y
        parts.append(": ".join(filter(None, [_axes_title(axes), against])))
    said = "; ".join(dict.fromkeys(" ".join(part.split()) for part in parts if part.strip()))
    return (said or f"Figure {spoken(name)}, {UNTOLD}")[:500]
