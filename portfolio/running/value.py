"""What the last expression of a cell is worth showing: the forms a notebook would ask it for."""

import pprint
import sys
from collections.abc import Mapping
from typing import Any

_FORMS = {
    "text/html": "_repr_html_",
    "text/markdown": "_repr_markdown_",
    "image/svg+xml": "_repr_svg_",
    "text/latex": "_repr_latex_",
}
_WIDTH = 100
_LONGEST = 20_000


def forms_of(value: object) -> Mapping[str, Any]:
    """Return the forms of a value by media type, its plain text among them."""
    found: dict[str, Any] = {"text/plain": _plain(value)}
    for form, name in _FORMS.items():
        ask = getattr(type(value), name, None)
        if callable(ask):
            try:
                text = ask(value)
            except Exception:  # noqa: BLE001, S112 - a form that cannot be made is none, as in a notebook
                continue
            if isinstance(text, str):
                found[form] = text
    return found


def _plain(value: object) -> str:
    """Return what Python would print of a value, a container of some length over several lines."""
    try:
        text = repr(value)
        is_long = isinstance(value, dict | list | tuple | set) and _WIDTH < len(text) <= _LONGEST
        return pprint.pformat(value, width=_WIDTH, sort_dicts=False) if is_long else text
    except Exception:  # noqa: BLE001 - a value that cannot be printed was never asked to be
        return f"<{type(value).__name__}>"


def is_drawing(value: object) -> bool:
    """Whether a value is of matplotlib, alone or in a list: its figure is shown, and its name tells nothing."""
    artist = getattr(sys.modules.get("matplotlib.artist"), "Artist", None)
    if artist is None:
        return False
    if isinstance(value, artist):
        return True
    container = getattr(sys.modules.get("matplotlib.container"), "Container", ())
    if container and isinstance(value, container):
        return True
    if isinstance(value, dict):
        return bool(value) and all(is_drawing(inner) for inner in value.values())
    if type(value).__name__ == "ndarray" and str(getattr(value, "dtype", "")) == "object":
        return is_drawing(value.ravel().tolist())  # type: ignore[attr-defined]
    if isinstance(value, list | tuple):
        return any(map(is_drawing, value)) if len(value) else False
    return False
