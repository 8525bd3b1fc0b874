"""Links in the prose of cells: one to a file that lay beside a notebook leads nowhere on a page, and its words stay."""

import re
from collections.abc import Sequence
from html import escape, unescape
from urllib.parse import unquote

from portfolio.rendering.pieces import pieces
from portfolio.rendering.words import anchor

_HREF = re.compile(r' href="([^"]*)"')
_ID = re.compile(r' id="([^"]*)"')
_AWAY = re.compile(r"(?:https?|mailto):", re.IGNORECASE)


def with_links(parts: Sequence[str], own: str, prefix: str) -> list[str]:
    """Return sanitised HTML whose links lead somewhere.

    Args:
        parts: the HTML of a page's cells.
        own: the file that lies beside the page, which may be linked to; nothing where none does.
        prefix: what ids begin with here, before the number of the part. Jupyter links to a heading by its words alone.
    """
    ids = [found for part in parts for found in _ID.findall(part)]
    places = {re.sub(rf"{prefix}-\d+-", "", each, count=1): each for each in reversed(ids)} | {
        each: each for each in ids
    }

    def led(found: re.Match[str]) -> str:
        address = unescape(found[1])
        if _AWAY.match(address) or (own and address.removeprefix("./") == own):
            return found[0]
        name = unquote(address[1:]) if address.startswith("#") else ""
        place = places.get(name) or places.get(anchor(name), "")
        return f' href="#{escape(place)}"' if place else ""

    return ["".join(_HREF.sub(led, piece) if is_tag else piece for is_tag, piece in pieces(part)) for part in parts]
