"""Colours on a dark page: which greys turn, which colours are raised, and how well one is told from another."""

from functools import lru_cache
from typing import Any

from matplotlib.colors import to_rgba

LIGHT_INK = (0.890, 0.902, 0.929)
BACKGROUND = (0.118, 0.129, 0.161)
"""The dark page, as Material's `slate` scheme has it: #1e2129."""
CLEAR, WHITE = (0.0, 0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
GREY = 0.12
"""How far the channels of a grey may lie apart: tints of paper and slate count as grey."""
DARK = 0.25
TEXT, LINE, AREA = 4.5, 3.0, 1.8
"""Contrast with the page, as WCAG 2 asks of text and of graphics; areas are seen with less."""

Rgb = tuple[float, float, float]
Rgba = tuple[float, float, float, float]


@lru_cache(maxsize=4096)
def outline(edge: Rgba, face: Rgba) -> Rgba:
    """Return the colour of an edge: a dark one around what is seen may stay, it separates as it did."""
    is_seen = face[3] > 0 and contrast(over_page(face), BACKGROUND) >= AREA
    return edge if is_seen and (luminance(edge) < 0.5 or not is_grey(edge)) else inked(edge, LINE)  # noqa: PLR2004


@lru_cache(maxsize=4096)
def filled(color: Rgba) -> Rgba:
    """Return the colour of an area on the page."""
    return turned(color) if is_grey(color) else raised(color, AREA)


@lru_cache(maxsize=4096)
def inked(color: Rgba, least: float) -> Rgba:
    """Return the colour of a text or line on the page: greys turn, and none is harder to see than on white."""
    if color[3] == 0:
        return color
    enough = min(least, contrast(color[:3], WHITE))
    return raised(turned(color), enough) if is_grey(color) else raised(color, enough)


@lru_cache(maxsize=4096)
def raised(color: Rgba, least: float) -> Rgba:
    """Return `color`, lighter by as much as it needs to be told from the page."""
    for step in range(20):
        lighter = mix(color[:3], WHITE, step / 20)
        if color[3] == 0 or contrast(lighter, BACKGROUND) >= least:
            return (*lighter, color[3])
    return (*WHITE, color[3])


def turned(color: Rgba) -> Rgba:
    """Return a grey with light and dark swapped."""
    return (*mix(LIGHT_INK, BACKGROUND, luminance(color)), color[3])


def over_page(color: Any) -> Rgb:
    """Return how a colour that may be see-through looks on the page."""
    return mix(BACKGROUND, color[:3], color[3])


def mix(one: Any, other: Any, share: float) -> Rgb:
    """Return what lies between two colours."""
    red, green, blue = ((1 - share) * a + share * b for a, b in zip(one, other, strict=True))
    return red, green, blue


def is_grey(color: Any) -> bool:
    """Whether a colour is grey or nearly so."""
    return bool(max(color[:3]) - min(color[:3]) < GREY)


def is_pale(color: Any) -> bool:
    """Whether a background is light; a grey one may be darker than a tinted one."""
    rgba = to_rgba(color)
    return rgba[3] == 0 or luminance(rgba) > (0.6 if is_grey(rgba) else 0.8)


def is_white(color: Any) -> bool:
    """Whether a background is white."""
    return to_rgba(color)[3] > 0 and luminance(to_rgba(color)) > 0.99  # noqa: PLR2004


def luminance(color: Any) -> float:
    """Return how bright a colour looks from 0 to 1 (Rec. 709 weights on sRGB values)."""
    return float(0.2126 * color[0] + 0.7152 * color[1] + 0.0722 * color[2])


def contrast(one: Any, other: Any) -> float:
    """Return the contrast ratio of WCAG 2, from 1 to 21."""
    light, dim = sorted((_linear(one), _linear(other)), reverse=True)
    return (light + 0.05) / (dim + 0.05)


def _linear(color: Any) -> float:
    parts = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color[:3])  # noqa: PLR2004
    return float(sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True)))
