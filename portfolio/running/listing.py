"""What each cell shows, listed as it happens: events of the log that say at which byte of the output they belong.

`cell` begins the code cell of that number, `end` ends the last one, and `shown` is one thing beside what was printed:
a value, or the name of a figure or table. Prints need no event: they are what the output holds in between.
"""

import base64
import binascii
import os
import re
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from portfolio import log
from portfolio.running.images import BadImageError, check
from portfolio.running.outputs import free_name
from portfolio.values.record import UNTOLD

MOST = 200
"""Of what one cell shows."""
_LONGEST = 100_000
"""Characters of one value."""
_IMAGES = {
    "image/svg+xml": ".svg",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "image/gif": ".gif",
}
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]{6,}")
_TERMINAL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_PASSIVE = re.compile(r"<(style|script)\b.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
"""What a page would leave out in any case; most of what some libraries send."""
_OPERATED = re.compile(r"<(?:input|button|details|label|select|canvas|svg)\b", re.IGNORECASE)
"""A table within what is there to be clicked on is no table of values."""
_TABULAR = re.compile(r"\\begin\{(?:tabular|longtable|table|document)\b")
"""LaTeX that is no formula."""
_WIDGET = "application/vnd.jupyter.widget-view+json"
_NAMELESS = re.compile(r"<.*>", re.DOTALL)
_SVG = re.compile(r"<svg(?![^>]*\sxmlns=)")
_NAMED_SVG = '<svg xmlns="http://www.w3.org/2000/svg"'
"""HTML draws an image that says nothing of its namespace, and a file has to say it."""
_END = "end"


class PlacingLog(log.Log):
    """A log that tells what it takes, as it does, so that it stands at its place among the outputs of its cell."""

    tell: Callable[[str, str], None]

    def write(self, event: str, name: str, **fields: Any) -> None:
        """Append one event, and tell of it where a page shows it by its name."""
        super().write(event, name, **fields)
        if event in ("figure", "table"):
            self.tell(event, name)


class Listing:
    """Writes down what cells show; the cell that was begun last is the one that shows it."""

    def __init__(self, writer: log.Log) -> None:
        """Take the log of the run; what is printed goes to this process's own output."""
        self._writer = writer
        self._cell = 0
        self._shown = 0
        self._last = ("", "")

    def begin(self, number: int) -> None:
        """Begin the code cell of that number."""
        self._cell, self._shown = number, 0
        self._writer.write("cell", str(number), at=_written())

    def end(self) -> None:
        """End the last cell."""
        self._writer.write("cell", _END, at=_written())

    def printed(self, text: str) -> None:
        """Print in the name of the cell, right now."""
        left = memoryview(text.encode("utf-8", "replace"))
        while left:
            left = left[os.write(1, left) :]

    def named(self, kind: str, name: str) -> None:
        """Show a figure or table that the run logged, at this place."""
        if (kind, name) != self._last and self._has_room():
            self._last = kind, name
            self._writer.write("shown", kind, text=name, at=_written())

    def value(self, bundle: Mapping[str, Any], key: str = "") -> None:
        """Show a value by the best of its forms; a later one of the same `key` takes its place."""
        if not self._has_room():
            return
        kind = next((kind for kind in _IMAGES if kind in bundle), None)
        if kind and (name := self._image(_joined(bundle[kind]), _IMAGES[kind], _plain(bundle))):
            self.named("figure", name)
            return
        kind, text, plain = _best(bundle)
        if text:
            self._writer.write("shown", kind, text=text, plain=plain, at=_written(), key=key)

    def failed(self, traceback: str) -> None:
        """Show an error that the cell may end with."""
        self._writer.write("shown", "error", text=_cut(_TERMINAL.sub("", traceback)), at=_written())

    def cleared(self) -> None:
        """Forget what the cell showed and printed so far."""
        self._shown = 0
        self._writer.write("shown", "cleared", text="", at=_written())

    def _has_room(self) -> bool:
        """Whether the cell may show one thing more; the first one too many is said."""
        self._shown += 1
        if self._shown == MOST + 1:
            said = f"The cell showed more than {MOST} things; the rest is left out."
            self._writer.write("shown", "note", text=said, at=_written())
        return self._shown <= MOST

    def _image(self, content: str, suffix: str, plain: str) -> str:
        """Keep an image that is no figure of the log; return the name of the figure it becomes, if it is one."""
        raw = _SVG.sub(_NAMED_SVG, content, count=1).encode("utf-8", "replace") if suffix == ".svg" else b""
        with suppress(binascii.Error, ValueError):
            raw = raw or base64.b64decode("".join(content.split()), validate=True)
        if not raw:
            return ""
        name = free_name(self._writer, "figure", f"cell_{self._cell}_image")  # a bad one keeps it
        target = self._writer.place("figures", f"{name}{suffix}")
        target.write_bytes(raw)
        try:
            check(target)
        except BadImageError:
            target.unlink()
            return ""
        told = "" if _NAMELESS.fullmatch(plain) else plain.strip()[:300]
        alt = told or f"Image shown by cell {self._cell}, {UNTOLD}"
        self._writer.write("figure", name, files={"light": f"figures/{target.name}"}, alt=alt, caption="")
        return name


def _best(bundle: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return the kind of text that says most of a value, that text, and what stands for it if it cannot be shown.

    HTML is better than all other where it holds a table, of which LaTeX would be for paper; and better than plain text
    that is but the name of a class.
    """
    plain = _plain(bundle)
    html = _PASSIVE.sub("", _joined(bundle.get("text/html"))).strip()
    html = html if len(html) <= _LONGEST else ""
    if "<table" in html and not _OPERATED.search(html):
        return "html", html, plain
    for form in ("text/markdown", "text/latex"):
        if 0 < len(text := _joined(bundle.get(form)).strip()) <= _LONGEST and not _TABULAR.search(text):
            return "markdown", text, plain
    if html and (not plain or _NAMELESS.fullmatch(plain)):
        return "html", html, plain
    if _NAMELESS.fullmatch(plain) and any(kind in bundle for kind in _IMAGES):
        return "note", "An image that cannot be shown.", ""
    if _NAMELESS.fullmatch(plain) and ("text/html" in bundle or _WIDGET in bundle):
        return "note", "Something that can only be used in a running notebook.", ""
    return "plain", plain, ""


def _written() -> int:
    """Return how many bytes of output there are."""
    with suppress(OSError, ValueError, AttributeError):
        sys.stdout.flush()
        sys.stderr.flush()
    with suppress(OSError):
        return os.fstat(1).st_size
    return 0


def _plain(bundle: Mapping[str, Any]) -> str:
    """Return the plain text of a value, without the addresses in memory that differ from run to run."""
    return _cut(_ADDRESS.sub("", _joined(bundle.get("text/plain"))))


def _joined(text: Any) -> str:
    return "".join(map(str, text)) if isinstance(text, list) else text if isinstance(text, str) else ""


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]}\n…\n{text[-_LONGEST // 2 :]}"
