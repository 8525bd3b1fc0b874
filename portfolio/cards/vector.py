"""The SVG that matplotlib writes, drawn as pixels: paths, markers, clips and embedded images; nothing else is known.

An SVG of another program may hold what is not known here; it is refused rather than drawn wrong. Everything is drawn
three times too large and made smaller, which smooths the edges.
"""

import base64
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from xml.etree import ElementTree as ET

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageOps

from portfolio.cards.curves import Affine, Points, after, dashed, moved, subpaths, transform

_FINE = 3
_SVG, _LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
_KNOWN = {f"{_SVG}{name}" for name in ("defs", "style", "title", "desc", "metadata", "clipPath")}
_STYLES = frozenset(
    ("fill", "stroke", "stroke-width", "opacity", "fill-opacity", "stroke-opacity", "stroke-dasharray", "clip-path")
)
_URL = re.compile(r"url\(#([^)]+)\)")
_IMAGE = re.compile(r"data:image/(png|jpeg);base64,", re.IGNORECASE)
_DEEPEST = 60
_START = {"fill": "#000000", "stroke": "none", "stroke-width": "1"}


class UnknownError(Exception):
    """The image holds something that is not drawn here."""


@dataclass(frozen=True, slots=True)
class _State:
    """What holds for an element: where it lies, how it looks, and the part of the paper it may touch."""

    place: Affine
    style: Mapping[str, str]
    clip: Image.Image | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The paper, and all elements that others refer to."""

    paper: Image.Image
    named: Mapping[str, ET.Element]
    clips: dict[tuple[str, Affine], Image.Image] = field(default_factory=dict)


def drawn(content: bytes, most: tuple[int, int]) -> Image.Image:
    """Return the image on white, as large as fits into `most` pixels.

    Raises:
        UnknownError, ValueError, SyntaxError: it cannot be drawn here.
    """
    root = ET.fromstring(content)  # noqa: S314 - from a record, where entities are refused
    left, top, width, height = (float(part) for part in re.findall(r"[-+.\deE]+", root.get("viewBox", "")))
    scale = min(most[0] / width, most[1] / height)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    fine = scale * _FINE
    paper = Image.new("RGB", (size[0] * _FINE, size[1] * _FINE), "white")
    sheet = _Sheet(paper, {name: each for each in root.iter() if (name := each.get("id"))})
    _draw_inside(sheet, root, _State((fine, 0.0, 0.0, fine, -left * fine, -top * fine), _START))
    return paper.resize(size, Image.Resampling.LANCZOS)


def _draw_inside(sheet: _Sheet, parent: ET.Element, state: _State) -> None:
    for element in parent:
        _draw(sheet, element, state)


def _draw(sheet: _Sheet, element: ET.Element, above: _State) -> None:
    if element.tag in _KNOWN or not element.tag.startswith(_SVG):
        return
    if above.depth > _DEEPEST:
        raise UnknownError("nested too deeply")
    state = _inherited(sheet, element, above)
    name = element.tag.removeprefix(_SVG)
    if name == "g":
        _draw_inside(sheet, element, state)
    elif name == "use":
        target = sheet.named[element.get(_LINK, element.get("href", "")).removeprefix("#")]
        shift = float(element.get("x", 0)), float(element.get("y", 0))
        _draw(sheet, target, replace(state, place=after(state.place, (1, 0, 0, 1, *shift))))
    elif name == "path":
        _draw_path(sheet, subpaths(element.get("d", ""), state.place), state)
    elif name == "image":
        _draw_image(sheet, element, state)
    else:
        raise UnknownError(name)


def _inherited(sheet: _Sheet, element: ET.Element, above: _State) -> _State:
    """Return the state of `element`; opacity of a group is taken for that of each of its elements."""
    own = {name: value for name, value in element.attrib.items() if name in _STYLES}
    for rule in element.get("style", "").split(";"):
        key, _, value = rule.partition(":")
        if key.strip() in _STYLES:
            own[key.strip()] = value.strip()
    if "opacity" in own:
        own["opacity"] = str(float(own["opacity"]) * float(above.style.get("opacity", 1)))
    place = after(above.place, transform(element.get("transform", "")))
    found, clip = _URL.match(own.pop("clip-path", "")), above.clip
    if found:
        clip = _clip(sheet, found[1], place)
    return _State(place, {**above.style, **own}, clip, above.depth + 1)


def _clip(sheet: _Sheet, name: str, place: Affine) -> Image.Image:
    """Return the mask that a clip path stands for. Matplotlib's are never within one another."""
    if (name, place) not in sheet.clips:
        mask = Image.new("L", sheet.paper.size, 0)
        for shape in sheet.named[name]:
            if shape.tag == f"{_SVG}rect":
                x, y, width, height = (float(shape.get(key, 0)) for key in ("x", "y", "width", "height"))
                corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
                ImageDraw.Draw(mask).polygon(moved(corners, place), fill=255)
            elif shape.tag == f"{_SVG}path":
                for points, _ in subpaths(shape.get("d", ""), place):
                    ImageDraw.Draw(mask).polygon(points, fill=255)
            else:
                raise UnknownError(shape.tag)
        sheet.clips[name, place] = mask
    return sheet.clips[name, place]


def _draw_path(sheet: _Sheet, paths: Sequence[tuple[Points, bool]], state: _State) -> None:
    style = state.style
    whole = float(style.get("opacity", 1))
    if style["fill"] != "none":
        _fill(sheet, paths, style["fill"], whole * float(style.get("fill-opacity", 1)), state.clip)
    if style["stroke"] != "none":
        a, b, c, d, _, _ = state.place
        scale = abs(a * d - b * c) ** 0.5
        width = max(float(style["stroke-width"].removesuffix("px")) * scale, 1.0)
        lengths = [float(part) * scale for part in re.findall(r"[.\d]+", style.get("stroke-dasharray", ""))]
        lines = [(*points, points[0]) if closed else points for points, closed in paths]
        cut = [piece for line in lines for piece in dashed(line, lengths)] if sum(lengths) > 1 else lines
        _stroke(sheet, cut, style["stroke"], width, (whole * float(style.get("stroke-opacity", 1)), state.clip))


def _fill(
    sheet: _Sheet, paths: Sequence[tuple[Points, bool]], color: str, alpha: float, clip: Image.Image | None
) -> None:
    """Fill what an odd number of outlines surrounds, as of a letter with a hole in it."""
    box = _box([points for points, _ in paths], 1, sheet.paper.size)
    if box is None:
        return
    mask = Image.new("1", (box[2] - box[0], box[3] - box[1]), 0)
    for points, _ in paths:
        if len(points) > 2:  # noqa: PLR2004 - fewer have no inside
            one = Image.new("1", mask.size, 0)
            ImageDraw.Draw(one).polygon([(x - box[0], y - box[1]) for x, y in points], fill=1)
            mask = ImageChops.logical_xor(mask, one)
    _lay(sheet, mask.convert("L"), box, color, (alpha, clip))


def _stroke(
    sheet: _Sheet, lines: Sequence[Points], color: str, width: float, shown: tuple[float, Image.Image | None]
) -> None:
    box = _box(lines, width, sheet.paper.size)
    if box is None:
        return
    mask = Image.new("L", (box[2] - box[0], box[3] - box[1]), 0)
    pen = ImageDraw.Draw(mask)
    for points in lines:
        pen.line([(x - box[0], y - box[1]) for x, y in points], fill=255, width=round(width), joint="curve")
    _lay(sheet, mask, box, color, shown)


def _lay(
    sheet: _Sheet,
    mask: Image.Image,
    box: tuple[int, int, int, int],
    color: str,
    shown: tuple[float, Image.Image | None],
) -> None:
    """Put a colour onto the paper where the mask and the clip let it."""
    alpha, clip = shown
    if alpha < 1:
        mask = mask.point(lambda value: round(value * alpha))
    if clip is not None:
        mask = ImageChops.multiply(mask, clip.crop(box))
    sheet.paper.paste(ImageColor.getrgb(color)[:3], box, mask)


def _draw_image(sheet: _Sheet, element: ET.Element, state: _State) -> None:
    given = element.get(_LINK, element.get("href", ""))
    found = _IMAGE.match(given)
    if not found:
        raise UnknownError("image")
    with Image.open(io.BytesIO(base64.b64decode(given[found.end() :])), formats=["PNG", "JPEG"]) as opened:
        pixels = opened.convert("RGBA")
    x, y = float(element.get("x", 0)), float(element.get("y", 0))
    width, height = (float(element.get(key, 0)) for key in ("width", "height"))
    (left, top), (right, bottom) = moved(((x, y), (x + width, y + height)), state.place)
    if state.place[1] or state.place[2]:
        raise UnknownError("a turned image")
    box = (round(min(left, right)), round(min(top, bottom)), round(max(left, right)), round(max(top, bottom)))
    pixels = pixels.resize((max(box[2] - box[0], 1), max(box[3] - box[1], 1)), Image.Resampling.NEAREST)
    if right < left:
        pixels = ImageOps.mirror(pixels)
    if bottom < top:
        pixels = ImageOps.flip(pixels)
    mask = pixels.getchannel("A")
    if state.clip is not None:
        mask = ImageChops.multiply(mask, state.clip.crop((box[0], box[1], box[0] + mask.width, box[1] + mask.height)))
    sheet.paper.paste(pixels.convert("RGB"), (box[0], box[1]), mask)


def _box(lines: Sequence[Points], around: float, size: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """Return the part of the paper the points lie in, or None where that is none of it."""
    xs, ys = [x for points in lines for x, _ in points], [y for points in lines for _, y in points]
    if not xs:
        return None
    left, top = max(int(min(xs) - around), 0), max(int(min(ys) - around), 0)
    right, bottom = min(int(max(xs) + around) + 2, size[0]), min(int(max(ys) + around) + 2, size[1])
    return (left, top, right, bottom) if right > left and bottom > top else None
