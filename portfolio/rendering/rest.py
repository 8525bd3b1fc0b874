"""reStructuredText of a gallery's script to HTML, by docutils; runs in `limited_process` alone, and is sanitised there.

What only Sphinx knows, its roles and directives, is shown as plain text or left out: nothing of it can be found here.
"""

import re
from collections.abc import Callable
from html import unescape

from docutils.core import publish_parts

from portfolio.rendering.maths import FormulaError, mathml

_ROLE = re.compile(r":[\w:+.-]+:`~?([^`<]+?)(?:\s*<[^`>]*>)?`")
"""A role with its text, such as ``:func:`~matplotlib.pyplot.plot```."""
_SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "report_level": 5,
    "halt_level": 5,
    "syntax_highlight": "none",
    "math_output": "LaTeX",
    "doctitle_xform": False,
    "initial_header_level": 1,
    "embed_stylesheet": False,
    "_disable_config": True,
}
_WORD = re.compile(r'<span class="pre">(.*?)</span>', re.DOTALL)
_LITERAL = re.compile(r'<span class="docutils literal">(.*?)</span>', re.DOTALL)
_FORMULA = re.compile(r'<(tt|pre) class="math">\s*(.*?)\s*</\1>', re.DOTALL)
_OURS = re.compile(r"math|sub|sup|subscript|superscript|code|strong|emphasis")


def rest_html(text: str, keep: Callable[[str], str]) -> str:
    """Return the text as HTML, which is yet to be sanitised; `keep` returns the word for each formula's MathML."""
    plain = _ROLE.sub(lambda found: found[0] if _OURS.match(found[0][1:]) else f"``{found[1]}``", text)
    body = str(publish_parts(plain, writer="html5", settings_overrides=_SETTINGS)["body"])
    code = _LITERAL.sub(r"<code>\1</code>", _WORD.sub(r"\1", body))
    return _FORMULA.sub(lambda found: _formula(found, keep), code)


def _formula(found: re.Match[str], keep: Callable[[str], str]) -> str:
    """Return what stands for a formula: as it is written, if it cannot be read."""
    is_block = found[1] == "pre"
    try:
        kept = keep(mathml(unescape(found[2]), is_block=is_block))
    except FormulaError:
        return f"<code>{found[2]}</code>"
    return f"<p>{kept}</p>" if is_block else kept
