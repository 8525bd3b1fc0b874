"""Entries to pages: the one place that escapes. Templates decide the layout, values what they show."""

from portfolio.rendering.pages import Rendered, render
from portfolio.rendering.trust import mark

__all__ = ["Rendered", "mark", "render"]
