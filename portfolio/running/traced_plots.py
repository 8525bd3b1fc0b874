"""Figures of Plotly, drawn by kaleido with the Chrome or Chromium that is there; no script comes from elsewhere."""

import re
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from portfolio.log.drawn import Image
from portfolio.running.foreign import smaller

_WIDTH, _HEIGHT = 700, 500
"""Pixels of a figure that says nothing of its size, as Plotly has it."""
_SECONDS = 60
_CLEAR = "rgba(0,0,0,0)"
_BACKGROUNDS = ("paper_bgcolor", "plot_bgcolor")
_CHANCE = re.compile(rb'\bid="defs-([0-9a-f]{6})"|\btrace([0-9a-f]{6})\b')


def drawn_plotly(figure: Any) -> list[tuple[str, Image]]:
    """Return the images of a figure by role.

    Raises:
        ImportError: kaleido is not installed.
        RuntimeError: there is no browser, or it drew nothing.
    """
    looks = looks_of(figure)
    return [
        (role, smaller(_without_chance(content), partial(_pixels, look)))
        for (role, look), content in zip(looks.items(), _drawn(list(looks.values()), "svg"), strict=True)
    ]


def looks_of(figure: Any) -> Mapping[str, Mapping[str, Any]]:
    """Return the documents of a figure by role; a dark one only where its look is Plotly's own."""
    from plotly.io import templates  # noqa: PLC0415 - it was imported by whoever made the figure

    light = figure.to_dict()
    layout = light.get("layout", {})
    if any(name in layout for name in _BACKGROUNDS) or figure.layout.template != templates["plotly"]:
        return {"light": light}
    night = templates["plotly_dark"].to_plotly_json()
    night["layout"] = {**night["layout"], **dict.fromkeys(_BACKGROUNDS, _CLEAR)}
    return {"light": light, "dark": {**light, "layout": {**layout, "template": night}}}


def _pixels(look: Mapping[str, Any]) -> bytes:
    return _drawn([look], "png")[0]


def _drawn(looks: list[Mapping[str, Any]], suffix: str) -> list[bytes]:
    """Return the images of figures, in their order; one browser draws all of them."""
    import kaleido  # noqa: PLC0415 - only where such a figure is drawn

    layout = looks[0].get("layout", {})
    size = {"width": layout.get("width") or _WIDTH, "height": layout.get("height") or _HEIGHT}
    options = {"format": suffix, "scale": 2 if suffix == "png" else 1, **size}
    with tempfile.TemporaryDirectory() as folder:
        targets = [Path(folder, f"{number}.{suffix}") for number in range(len(looks))]
        wanted = [{"fig": look, "path": path, "opts": options} for look, path in zip(looks, targets, strict=True)]
        failed = kaleido.write_fig_from_object_sync(wanted, kopts={"mathjax": False, "timeout": _SECONDS})
        if failed or not all(path.is_file() for path in targets):
            raise RuntimeError(f"the browser drew nothing: {next(iter(failed or ()), 'no file was written')}")
        return [path.read_bytes() for path in targets]


def _without_chance(content: bytes) -> bytes:
    """Return the SVG with the same names each time: Plotly draws six digits of figure and traces by lot."""
    drawn_by_lot = dict.fromkeys(found[1] or found[2] for found in _CHANCE.finditer(content))
    for number, digits in enumerate(drawn_by_lot):
        content = content.replace(digits, b"n%d" % number)
    return content
