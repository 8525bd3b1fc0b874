"""How a preview image looks: the finding on the left, its number below, the figure on the right, and whose it is.

Read at the size of a stamp beside a link: few words, large. Drawn with Pillow, which takes a fiftieth of a second; the
letters are those that come with matplotlib, so that every machine has the same.
"""

from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from portfolio.cards.orders import HEIGHT, WIDTH
from portfolio.cards.picture import picture
from portfolio.values.preview import Preview

_INK, _QUIET, _PAPER, _WASH, _RULE, _ACCENT = "#1d2328", "#57616b", "#ffffff", "#f5f7f6", "#dde2e1", "#0f6b62"
_MARGIN, _BAR = 64, 14
_FIGURE = (500, 420)
"""Of the plate on the right, in pixels."""
_TITLE_SIZES = (60, 54, 48, 42, 36, 32)
_NUMBER_SIZES = (128, 112, 96, 80, 64, 48)
_BYLINE_TOP = HEIGHT - 92


def card(preview: Preview) -> Image.Image:
    """Return the image."""
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, _BAR, HEIGHT), fill=_ACCENT)
    figure = picture(preview.figure, _FIGURE) if preview.figure else None
    right = WIDTH - _MARGIN
    if figure:
        right -= _FIGURE[0] + _MARGIN // 2
        _put_figure(image, figure)
    left = _BAR + _MARGIN
    top = _number(draw, preview, left, right) if preview.number else _BYLINE_TOP - 24
    _title(draw, preview.title, (left, _MARGIN - 8, right, top - 16))
    draw.line((left, _BYLINE_TOP, WIDTH - _MARGIN, _BYLINE_TOP), fill=_RULE, width=2)
    byline = _fitting(preview.byline, _font(28), WIDTH - _MARGIN - left)
    draw.text((left, _BYLINE_TOP + 20), byline, font=_font(28), fill=_QUIET)
    return image.quantize(128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def _put_figure(image: Image.Image, figure: Image.Image) -> None:
    width, height = _FIGURE
    x = WIDTH - _MARGIN - width + (width - figure.width) // 2
    y = _MARGIN + (height - figure.height) // 2
    image.paste(figure, (x, y))


def _number(draw: ImageDraw.ImageDraw, preview: Preview, left: int, right: int) -> int:
    """Draw the number with its unit and what it stands against, from below; return where it begins."""
    bottom = _BYLINE_TOP - 24
    for said in reversed(list(_wrapped(preview.against, _font(30), right - left))[:2]):
        bottom -= 40
        draw.text((left, bottom), said, font=_font(30), fill=_QUIET)
    for size in _NUMBER_SIZES:
        figures, unit = _font(size, bold=True), _font(max(size // 3, 28))
        if (
            figures.getlength(preview.number) + unit.getlength(preview.unit) <= right - left
            or size == _NUMBER_SIZES[-1]
        ):
            break
    base = bottom - size // 4
    number = _fitting(preview.number, figures, right - left)
    draw.text((left, base), number, font=figures, fill=_ACCENT, anchor="ls")
    room = right - left - figures.getlength(number)
    behind = _fitting(preview.unit, unit, room)
    draw.text((left + figures.getlength(number), base), behind, font=unit, fill=_ACCENT, anchor="ls")
    return base - size


def _title(draw: ImageDraw.ImageDraw, title: str, box: tuple[int, int, int, int]) -> None:
    """Draw the title as large as fits the box; what does not fit even small is cut off."""
    left, top, right, bottom = box
    for size in _TITLE_SIZES:
        font, height = _font(size, bold=True), size * 5 // 4
        lines = list(_wrapped(title, font, right - left))
        if len(lines) * height <= bottom - top:
            break
    else:
        most = max((bottom - top) // height, 1)
        lines = [*lines[: most - 1], _fitting(" ".join(lines[most - 1 :]), font, right - left)]
    for number, said in enumerate(lines):
        draw.text((left, top + number * height), said, font=font, fill=_INK)


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: float) -> Iterator[str]:
    """Yield the lines of `text` that fit `width`; a word that is wider alone is cut off."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and font.getlength(longer) > width:
            yield _fitting(line, font, width)
            longer = word
        line = longer
    if line:
        yield _fitting(line, font, width)


def _fitting(text: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(f"{text}…") > width:
        text = text[:-1]
    return f"{text.rstrip()}…" if text else ""


@cache
def _font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    found = find_spec("matplotlib")
    folder = Path((found.origin if found else None) or "").parent / "mpl-data" / "fonts" / "ttf"
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(str(folder / name), size, layout_engine=ImageFont.Layout.BASIC)
