r"""Formulas of a write-up as MathML, which browsers draw themselves: nothing is loaded, and no script is needed.

`$x^2$` and `\(x^2\)` stand in a line, `$$…$$` and `\[…\]` on their own. Runs in `limited_process` alone.
"""

import re
from collections.abc import Callable
from html import escape, unescape
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.inlinepatterns import InlineProcessor

_TAGS = frozenset(
    ("math", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom", "mroot", "mrow", "mspace", "msqrt", "mstyle")
) | {"msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover"}
_ATTRIBUTES = re.compile(
    r"accent|columnalign|columnlines|depth|display|displaystyle|fence|form|height|linethickness|"
    r"lspace|mathcolor|mathvariant|maxsize|minsize|rowlines|rspace|scriptlevel|separator|stretchy|voffset|width"
)
_VALUE = re.compile(r"[A-Za-z0-9.#% +-]{1,60}")
_PATTERNS = (
    (r"(?<!\\)\$\$(.+?)\$\$", True),
    (r"\\\[(.+?)\\\]", True),
    (r"\\\((.+?)\\\)", False),
    (r"(?<![\\$\w])\$(?![\s$])([^$\n]+?)(?<![\s\\])\$(?![\w$])", False),
)
_BEFORE_ESCAPES = 185
_LONGEST = 5000
_FAULTS = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


class FormulaError(ValueError):
    """A formula cannot be read; the message holds its beginning."""


class MathExtension(Extension):
    """Hands each formula's MathML to `keep`, and puts what that returns in its place."""

    def __init__(self, keep: Callable[[str], str]) -> None:
        super().__init__()
        self._keep = keep

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown's own name
        """Register the patterns, before backslashes are read."""
        for number, (pattern, is_block) in enumerate(_PATTERNS):
            processor = _Formula(pattern, md, self._keep, is_block=is_block)
            md.inlinePatterns.register(processor, f"formula-{number}", _BEFORE_ESCAPES - number / 10)


class _Formula(InlineProcessor):
    def __init__(self, pattern: str, md: Markdown, keep: Callable[[str], str], *, is_block: bool) -> None:
        super().__init__(pattern, md)
        self._keep, self._is_block = keep, is_block

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]  # noqa: ARG002, N802
        return self._keep(mathml(m[1], is_block=self._is_block)), m.start(0), m.end(0)


def mathml(formula: str, *, is_block: bool) -> str:
    """Return a LaTeX formula as MathML of an allow-list.

    Raises:
        FormulaError: it cannot be read.
    """
    from latex2mathml import exceptions  # noqa: PLC0415 - only where there is a formula
    from latex2mathml.converter import convert_to_element  # noqa: PLC0415

    theirs = [each for each in vars(exceptions).values() if isinstance(each, type) and issubclass(each, Exception)]
    known: tuple[type[Exception], ...] = (*theirs, *_FAULTS)
    begins = " ".join(formula.split())[:60]
    if len(formula) > _LONGEST:
        raise FormulaError(f"the formula '{begins}…' is too long")
    try:
        element = convert_to_element(formula, display="block" if is_block else "inline")
    except known as error:
        raise FormulaError(f"the formula '{begins}' cannot be read: {type(error).__name__}") from error
    return _written(element)


def _written(element: Any) -> str:
    """Return the element and what is in it, escaped; of what is not on the list the content alone."""
    inner = escape(unescape(element.text or "")) + "".join(map(_written, element))
    tail = escape(unescape(element.tail or ""))
    if not isinstance(element, Element) or element.tag not in _TAGS:
        return inner + tail
    kept = {
        name: value for name, value in element.attrib.items() if _ATTRIBUTES.fullmatch(name) and _VALUE.fullmatch(value)
    }
    shown = "".join(f' {name}="{value}"' for name, value in sorted(kept.items()))
    return f"<{element.tag}{shown}>{inner}</{element.tag}>{tail}"
