"""Charts of Vega-Lite, such as Altair's, drawn by vl-convert: no browser, and scripts of its own alone.

`python -P -m portfolio.running.vega` draws one that comes from elsewhere, read from standard input, under limits.
"""

import base64
import json
import sys
from collections.abc import Mapping
from functools import partial
from typing import Any

from portfolio.log.drawn import Image
from portfolio.running.colors import LIGHT_INK
from portfolio.running.foreign import smaller

_INK = "#{:02x}{:02x}{:02x}".format(*(round(255 * part) for part in LIGHT_INK))
_PROCESSOR_SECONDS, _MEMORY = 30, 2 << 30
_FAINT = "#4a4f5c"
"""Grid and frame on the dark page."""
_LINES = {"domainColor": _INK, "tickColor": _INK, "gridColor": _FAINT, "labelColor": _INK, "titleColor": _INK}
_DARK: Mapping[str, Any] = {
    "background": "transparent",
    "title": {"color": _INK, "subtitleColor": _INK},
    "style": {"guide-label": {"fill": _INK}, "guide-title": {"fill": _INK}},
    "axis": _LINES,
    "header": {"labelColor": _INK, "titleColor": _INK},
    "legend": {"labelColor": _INK, "titleColor": _INK},
    "view": {"stroke": _FAINT},
    "text": {"color": _INK},
    "rule": {"color": _INK},
}
"""Colours nobody chose; what a chart says itself is left as it says."""


def drawn_vega(spec: Mapping[str, Any], *, reaches_out: bool = True) -> list[tuple[str, Image]]:
    """Return the images of a chart by role; a dark one only where the chart has no background of its own.

    Args:
        spec: the chart.
        reaches_out: whether data it names by their address are fetched, as the script that drew it could do too.

    Raises:
        ImportError: vl-convert is not installed.
        ValueError: the chart cannot be drawn.
    """
    import vl_convert  # noqa: PLC0415 - 50 MB, only where a chart is drawn

    version = _version(spec, vl_convert.get_vegalite_versions())

    def image(config: Mapping[str, Any]) -> Image:
        given: dict[str, Any] = {"vl_spec": spec, "vl_version": version, "config": config}
        given |= {} if reaches_out else {"allowed_base_urls": []}
        text = vl_convert.vegalite_to_svg(**given).encode("utf-8")
        return smaller(text, partial(vl_convert.vegalite_to_png, scale=2, **given))

    found = [("light", image({}))]
    chosen = spec.get("config")
    has_own = "background" in spec or (isinstance(chosen, Mapping) and "background" in chosen)
    return found if has_own else [*found, ("dark", image(_DARK))]


def _version(spec: Mapping[str, Any], known: list[str]) -> str | None:
    """Return the version of Vega-Lite to draw with: the newest of the chart's own major one."""
    _, _, named = str(spec.get("$schema", "")).rpartition("/v")
    major = named.partition(".")[0]
    numbers = [tuple(map(int, version.lstrip("v").split("."))) for version in known]
    same = [found for found in numbers if str(found[0]) == major]
    return ".".join(map(str, max(same))) if same else None


def main() -> None:
    """Draw the chart on standard input; write each image with its role and suffix as JSON to standard output."""
    import resource  # noqa: PLC0415 - not on Windows

    resource.setrlimit(resource.RLIMIT_CPU, (_PROCESSOR_SECONDS, _PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
    images = drawn_vega(json.load(sys.stdin), reaches_out=False)
    found = [(role, suffix, base64.b64encode(content).decode()) for role, (content, suffix) in images]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
