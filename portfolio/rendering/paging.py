"""Many cards on several pages: the first ones at home, so that it stays light, and the rest on lists behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from portfolio.rendering.escape import path_address
from portfolio.rendering.home import Card
from portfolio.values.untrusted import Href

MOST_CARDS = 60
"""On one page, those shown first included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """One of the pages that together hold all cards."""

    number: int
    address: Href
    is_here: bool


def paged(cards: Sequence[Card], already: int) -> list[tuple[Card, ...]]:
    """Return the cards of each page: the first one, at least, on which there are `already` others."""
    room = MOST_CARDS - already
    rest = cards[room:]
    return [tuple(cards[:room])] + [tuple(rest[at : at + MOST_CARDS]) for at in range(0, len(rest), MOST_CARDS)]


def paging(here: int, pages: int, root: str) -> tuple[PageLink, ...]:
    """Return links to all pages as seen from one that is `root` away from the site's top; none where there is one."""
    if pages == 1:
        return ()
    addresses = [root, *(f"{root}work/{number}/" for number in range(2, pages + 1))]
    return tuple(
        PageLink(number=number, address=path_address(address), is_here=number == here)
        for number, address in enumerate(addresses, start=1)
    )
