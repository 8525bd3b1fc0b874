"""The outputs of a notebook's cells, each as what a page can show of it: a figure, a table, or plain text."""

import base64
import binascii
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from portfolio.importing.found import Names, Picture, Tabled, without_jinja
from portfolio.importing.html_tables import first_table
from portfolio.log.drawn import FAULTS
from portfolio.log.traces import of_plotly, of_vega

_IMAGES = {
    "image/svg+xml": ".svg",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
}
_PLOTLY, _VEGA = "application/vnd.plotly.v1+json", re.compile(r"application/vnd\.vegalite\.v\d+\+json")
_PICTURE = re.compile(r"!(?=\[)|<img\b[^>]{0,2000}>", re.IGNORECASE)
"""What makes Markdown show a picture, which would be of some other place."""
_SECONDS = 60
"""For one chart."""
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-_]")
_LONGEST, _LONGEST_HTML = 10_000, 2_000_000
"""Characters of one text output; of a longer one the middle is left out."""


class Outputs:
    """Turns outputs into Markdown that embeds what they are."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.pictures: list[Picture] = []
        self.tables: list[Tabled] = []
        self.left_out: list[str] = []
        self._named = Names()

    def written(self, output: Mapping[str, Any]) -> str:
        """Return one output as Markdown with Jinja."""
        kind = output.get("output_type")
        if kind == "stream":
            return self._text(_joined(output.get("text")))
        if kind == "error":
            said = f"{output.get('ename')}: {output.get('evalue')}"
            return self._text(_joined("\n".join(map(str, output.get("traceback") or ()))) or said)
        data = output.get("data")
        return self.bundle(data, "") if isinstance(data, dict) else ""

    def bundle(self, data: Mapping[str, Any], alt: str) -> str:
        """Return the best of what one output offers; whatever runs in a browser is replaced by its plain form."""
        numbers, drawn = None, None
        vega = next((inner for kind, inner in data.items() if _VEGA.fullmatch(str(kind))), None)
        if isinstance(data.get(_PLOTLY), dict):
            numbers = of_plotly(data[_PLOTLY])
        elif isinstance(vega, dict):
            numbers, drawn = of_vega(vega), _drawn(vega)
        picture = drawn or self._image(data)
        if picture:
            content, suffix, dark = picture
            name = self.names.new("", "figure") if not alt else self.names.new(alt, "figure")
            said = alt or _told(data)
            self.pictures.append(
                Picture(name=name, suffix=suffix, content=content, dark=dark, alt=said, numbers=numbers)
            )
            return f"{{{{ figures.{name} }}}}"
        table = numbers or first_table(_joined(data.get("text/html"))[:_LONGEST_HTML])
        if table:
            caption = "A figure that this notebook held as a script: its numbers." if numbers else ""
            name = self._named.new("", "table")
            self.tables.append(Tabled(name=name, text=table, caption=caption))
            return f"{{{{ tables.{name} }}}}"
        return self._plain(data)

    def _image(self, data: Mapping[str, Any]) -> tuple[bytes, str, bytes | None] | None:
        for kind, suffix in _IMAGES.items():
            text = _joined(data.get(kind))
            if text and suffix == ".svg":
                return text.encode("utf-8"), suffix, None
            if text:
                try:
                    return base64.b64decode(text), suffix, None
                except (binascii.Error, ValueError):
                    self.left_out.append(f"an output of kind {kind}: cannot be read")
        return None

    def _plain(self, data: Mapping[str, Any]) -> str:
        if data.get("text/markdown"):
            return without_jinja(_PICTURE.sub("", _joined(data["text/markdown"])))
        text = _joined(data.get("text/plain")) or _joined(data.get("text/latex"))
        known = ("text/plain", "text/latex")
        self.left_out += [f"an output of kind {kind}: shown in its plain form" for kind in data if kind not in known]
        return self._text(text)

    def _text(self, text: str) -> str:
        if len(text) > _LONGEST:
            self.left_out.append(f"{len(text) - _LONGEST:,} characters from the middle of an output")
            text = f"{text[: _LONGEST // 2]}\n…\n{text[-_LONGEST // 2 :]}"
        clean = _ANSI.sub("", text).strip("\n")
        return fenced(clean, "text") if clean.strip() else ""


def fenced(text: str, language: str) -> str:
    """Return a text as a block of code, its fence longer than any row of backticks in it."""
    longest = max((len(row) for row in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{without_jinja(text.rstrip())}\n{fence}"


def _drawn(spec: Mapping[str, Any]) -> tuple[bytes, str, bytes | None] | None:
    """Return a chart drawn from what stands in it, where vl-convert is installed, in a process under limits."""
    command = [sys.executable, "-P", "-m", "portfolio.running.vega"]
    try:
        given = json.dumps(spec).encode("utf-8", "replace")
        ended = subprocess.run(command, input=given, capture_output=True, timeout=_SECONDS, check=True)
        images = {role: (base64.b64decode(text), suffix) for role, suffix, text in json.loads(ended.stdout)}
    except (subprocess.SubprocessError, *FAULTS):
        return None
    content, suffix = images["light"]
    dark, other = images.get("dark", (None, suffix))
    return content, f".{suffix}", dark if other == suffix else None


def _told(data: Mapping[str, Any]) -> str:
    """Return what a figure's own text says of it, such as `<Figure size 640x480 with 1 Axes>`."""
    text = " ".join(_joined(data.get("text/plain")).split())
    return f"Figure of the notebook: {text.strip('<>')[:200]}" if text else "Figure of the notebook"


def _joined(text: Any) -> str:
    if isinstance(text, list):
        return "".join(line for line in text if isinstance(line, str))
    return text if isinstance(text, str) else ""
