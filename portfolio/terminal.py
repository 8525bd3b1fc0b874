"""The one place where a project's text reaches a terminal or a log: no control sequence, no workflow command."""

import re

_UNSAFE = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # what terminals act on, C1's escapes included
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # what turns the order of characters round
    "\u2028\u2029"  # what some call the end of a line
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"  # what is read by programs and seen by nobody
    "\ud800-\udfff"  # what cannot be encoded
)
_REMOVED = re.compile(f"[{_UNSAFE}]")
_ESCAPED = re.compile(f"[{_UNSAFE}]|(?<=#)#(?=\\w*\\[)")
_NEW_STYLE = re.compile(r"^([^\S\n]*)(?=::)", re.MULTILINE)
_OLD_STYLE = re.compile(r"##(?=\w*\[)")
_UNSEEN = "\u200b"
_LONGEST = 2000


def plain(text: str) -> str:
    """Return `text` so that it can be shown: nothing a terminal acts on, nothing a runner of workflows takes as said.

    A runner obeys `::error::` at the start of a line, space before it or not, and `##[error]` or `##vso[…]` anywhere.
    """
    kept = _REMOVED.sub("", text.replace("\u2028", "\n").replace("\u2029", "\n"))
    return _OLD_STYLE.sub(f"#{_UNSEEN}#", _NEW_STYLE.sub(rf"\1{_UNSEEN}", kept))


def one_line(text: str) -> str:
    """Return `text` as `plain` does, on one line that is not endless: no line of it can be taken for one of ours."""
    shown = " ".join(plain(text).split())
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]} …"


def plain_json(document: str) -> str:
    """Return a JSON document that means the same, and in which nothing that `plain` removes stands as it is."""
    return _ESCAPED.sub(_escaped, document)


def _escaped(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[place : place + 2].hex()}" for place in range(0, len(units), 2))
