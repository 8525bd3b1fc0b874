"""Source code as HTML, a line an element of its own; runs in `limited_process`, for a file can make it take minutes."""

from functools import cache

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_for_filename
from pygments.lexers.python import PythonLexer
from pygments.lexers.special import TextLexer
from pygments.util import ClassNotFound

_FORMATTER = HtmlFormatter(nowrap=True)


def highlighted(source: str, name: str) -> str:
    """Return the source of a file of that name, escaped, its parts in elements; no element spans two lines."""
    return highlight(source, _lexer(name), _FORMATTER).rstrip("\n")


@cache
def _lexer(name: str) -> Lexer:
    """Return the lexer of a file of that name; looking one up goes through hundreds of patterns, for 0.2 s."""
    if name.endswith(".py"):
        return PythonLexer(stripnl=False)
    try:
        return get_lexer_for_filename(name, stripnl=False)
    except ClassNotFound:
        return TextLexer(stripnl=False)
