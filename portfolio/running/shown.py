"""Figures of Plotly and Altair that a script shows or writes as a web page: kept as images, pages run no scripts."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from portfolio import log
from portfolio.log.instead import log_instead
from portfolio.running.foreign import save_foreign
from portfolio.running.outputs import MOST_FILES, free_name, spoken
from portfolio.values.record import UNTOLD


class ShownCapture:
    """Keeps what a script would have opened in a browser."""

    def __init__(self) -> None:
        self._kept = 0

    def attach_plotly(self, module: Any) -> None:
        """Take the place of browsers, right after `plotly.basedatatypes` was imported."""
        figure_class = module.BaseFigure
        figure_class.show = lambda figure, *_args, **_keywords: self._keep(figure, _plotly_title(figure))
        figure_class.write_html = self._beside(figure_class.write_html, _plotly_title)

    def attach_altair(self, module: Any) -> None:
        """Take the place of browsers, right after Altair's charts were imported."""
        chart_class = module.TopLevelMixin
        for name in ("show", "display"):
            setattr(chart_class, name, lambda chart, *_args, **_keywords: self._keep(chart, _altair_title(chart)))
        chart_class.save = self._beside(chart_class.save, _altair_title)

    def _beside(self, write: Callable[..., Any], titled: Callable[[Any], str]) -> Callable[..., Any]:
        """Return `write`, which also keeps the figure where it writes a web page."""

        @wraps(write)
        def written(figure: Any, target: Any, *args: Any, **keywords: Any) -> Any:
            done = write(figure, target, *args, **keywords)
            named = Path(str(getattr(target, "name", target)))
            if named.suffix.lower() in (".html", ".htm"):
                self._keep(figure, titled(figure), wish=named.stem)
            return done

        return written

    def _keep(self, figure: Any, title: str, *, wish: str = "") -> None:
        if self._kept >= MOST_FILES:
            return
        self._kept += 1
        writer = log.current()
        name = free_name(writer, "figure", wish or f"figure_{self._kept}")
        alt = title or f"Figure {spoken(name)}, {UNTOLD}"
        try:
            files = save_foreign(figure, writer.place("figures", name))
        except log.UndrawnError as undrawn:
            log_instead(writer, name, undrawn, f"{alt}.")
            return
        kept = {role: f"figures/{file}" for role, file in files.items()}
        writer.write("figure", name, files=kept, alt=alt, caption=title)


def _plotly_title(figure: Any) -> str:
    return _line(getattr(figure.layout.title, "text", None))


def _altair_title(chart: Any) -> str:
    title = getattr(chart, "title", None)
    return _line(title if isinstance(title, str) else getattr(title, "text", None))


def _line(text: object) -> str:
    return " ".join(text.split())[:300] if isinstance(text, str) else ""
