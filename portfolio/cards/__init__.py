"""The image that a link to a page is shown with: drawn from its words, its number and its first figure."""

from portfolio.cards.drawn import draw_cards

__all__ = ["draw_cards"]
