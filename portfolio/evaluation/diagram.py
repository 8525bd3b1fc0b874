"""A model's parts as boxes one below the other, so that they are read on a phone too."""

import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

_WIDTH = 5.0
_LINE = 0.21
_PAD = 0.1
_GAP = 0.24
_INDENT = 0.16
_LETTERS_AN_INCH = 12.0
_MOST_COLUMNS = 4
_MOST_PARAMS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A part of a model: its name, what was set, and the parts inside it; `parallel` ones see the same rows."""

    title: str
    notes: tuple[str, ...] = ()
    inside: tuple["Box", ...] = ()
    parallel: bool = False


def boxes(model: Any, label: str = "") -> Box:
    """Return the model as boxes: pipelines in order, branches, and searches around what they tune."""
    title = f"{label}: {type(model).__name__}" if label else type(model).__name__
    if isinstance(model, str):
        return Box(title=f"{label}: {model}" if label else model)
    if hasattr(model, "steps"):
        steps = [part for _, part in model.steps if part is not None and part != "passthrough"]
        return Box(title=title, inside=tuple(boxes(part) for part in steps))
    if hasattr(model, "transformers"):
        branches = [boxes(part, _columns(columns)) for _, part, columns in model.transformers]
        return Box(title=title, inside=tuple(branches), parallel=True)
    for several in ("transformer_list", "estimators"):
        listed = getattr(model, several, None)
        if isinstance(listed, list) and listed and all(isinstance(pair, tuple) for pair in listed):
            return Box(
                title=title, notes=_settings(model), inside=tuple(boxes(p, n) for n, p, *_ in listed), parallel=True
            )
    params = model.get_params(deep=False) if hasattr(model, "get_params") else {}
    inner = next((params[name] for name in ("estimator", "regressor") if hasattr(params.get(name), "get_params")), None)
    return Box(title=title, notes=_settings(model), inside=(boxes(inner),) if inner is not None else ())


def diagram(model: Any) -> Any:
    """Return a matplotlib figure of the model's parts, data coming in at the top and predictions leaving below."""
    top = boxes(model)
    chain = top.inside if top.inside and not top.parallel and not top.notes else (top,)
    height = sum(_height(box, _WIDTH) + _GAP for box in chain) + 2 * _LINE + _GAP
    figure = Figure(figsize=(_WIDTH, height))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, _WIDTH), ylim=(height, 0))
    axes.set_axis_off()
    middle, y = _WIDTH / 2, _LINE
    axes.text(middle, y / 2 + 0.04, "rows", ha="center", va="center", fontsize=10, color="0.4")
    for box in chain:
        _arrow(axes, middle, y, y + _GAP)
        y = _draw(axes, box, 0.05, y + _GAP, _WIDTH - 0.1)
    _arrow(axes, middle, y, y + _GAP)
    axes.text(middle, y + _GAP + _LINE / 2, "predictions", ha="center", va="center", fontsize=10, color="0.4")
    return figure


def described(model: Any) -> str:
    """Return the parts in order, in words."""
    return _said(boxes(model))


def _said(box: Box) -> str:
    if not box.inside:
        return box.title
    joined = (" beside " if box.parallel else ", then ").join(_said(part) for part in box.inside)
    return joined if box.title == "Pipeline" else f"{box.title} of ({joined})"


def _columns(columns: Any) -> str:
    if isinstance(columns, str):
        return columns
    if callable(columns):
        return "columns by kind"
    names = [str(name) for name in columns] if hasattr(columns, "__iter__") else [str(columns)]
    shown = ", ".join(names[:_MOST_COLUMNS])
    return f"{shown} and {len(names) - _MOST_COLUMNS} more" if len(names) > _MOST_COLUMNS else shown


def _settings(model: Any) -> tuple[str, ...]:
    """Return what differs from the defaults, as scikit-learn prints it."""
    defaults = inspect.signature(type(model).__init__).parameters
    changed = []
    for name, value in sorted(model.get_params(deep=False).items()) if hasattr(model, "get_params") else ():
        plain = isinstance(value, str | int | float | bool) or value is None
        if name in defaults and plain and repr(value) != repr(defaults[name].default):
            changed.append(f"{name} = {value}")
    more = len(changed) - _MOST_PARAMS
    return (*changed[:_MOST_PARAMS], f"and {more} more") if more > 0 else tuple(changed)


def _wrapped(box: Box, width: float) -> Iterator[tuple[str, bool]]:
    """Yield the lines of a box and whether each belongs to its title."""
    letters = max(12, int((width - 2 * _PAD) * _LETTERS_AN_INCH))
    for line in textwrap.wrap(box.title, letters) or [""]:
        yield line, True
    for line in textwrap.wrap(", ".join(box.notes), letters):
        yield line, False


def _height(box: Box, width: float) -> float:
    text = _LINE * len(list(_wrapped(box, width))) + 2 * _PAD
    between = _PAD if box.parallel else _GAP
    inner = sum(_height(part, width - 2 * _INDENT) + between for part in box.inside)
    return text + inner - (between - _PAD if box.inside else 0)


def _draw(axes: Any, box: Box, left: float, top: float, width: float) -> float:
    """Draw a box with all that is inside it and return where it ends."""
    bottom = top + _height(box, width)
    shape = FancyBboxPatch(
        (left, top), width, bottom - top, boxstyle="round,pad=0,rounding_size=0.06", linewidth=1, edgecolor="C0"
    )
    shape.set_facecolor("none" if box.inside else (0.09, 0.56, 0.5, 0.12))
    axes.add_patch(shape)
    y = top + _PAD
    for line, is_title in _wrapped(box, width):
        color, weight = ("0.1", "bold") if is_title else ("0.3", "normal")
        axes.text(left + _PAD, y + _LINE / 2, line, va="center", fontsize=10, color=color, weight=weight)
        y += _LINE
    y += _PAD
    for place, part in enumerate(box.inside):
        if place:
            if not box.parallel:
                _arrow(axes, left + width / 2, y, y + _GAP)
            y += _PAD if box.parallel else _GAP
        y = _draw(axes, part, left + _INDENT, y, width - 2 * _INDENT)
    return bottom


def _arrow(axes: Any, x: float, start: float, end: float) -> None:
    axes.annotate("", (x, end), (x, start), arrowprops={"arrowstyle": "->", "color": "0.5", "shrinkA": 1, "shrinkB": 1})
