"""Logs objects that draw themselves, each in one of the ways there are; one brings a script along."""

import base64
from pathlib import Path

from portfolio import log_figure

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><script>alert(1)</script>'
    '<image href="https://elsewhere.example/x.png"/><rect width="9" height="9" onclick="alert(2)"/></svg>'
)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


class Saves:
    def savefig(self, target):
        Path(target).write_bytes(PNG)


class IsText:
    def to_svg(self):
        return SVG


class Writes:
    def write_image(self, target):
        Path(target).write_text(SVG, encoding="utf-8")


class ShowsInNotebooks:
    def _repr_svg_(self):
        return SVG, {"isolated": True}


class IsPixels:
    def _repr_svg_(self):
        return None

    def _repr_png_(self):
        return base64.b64encode(PNG).decode()


class IsTooDeep:
    def to_svg(self):
        return '<svg xmlns="http://www.w3.org/2000/svg">' + "<g>" * 500 + "</g>" * 500 + "</svg>"

    def _repr_png_(self):
        return PNG


for name, drawn in {
    "saves": Saves(),
    "is_text": IsText(),
    "writes": Writes(),
    "shows_in_notebooks": ShowsInNotebooks(),
    "is_pixels": IsPixels(),
    "is_too_deep": IsTooDeep(),
}.items():
    log_figure(name, drawn, alt=f"What {name}")
