"""Entries to pages: the one place that escapes. Templates decide the layout, values what they show."""

from portfolio.rendering.page_cache import page_cache
from portfolio.rendering.page_key import page_changes
from portfolio.rendering.pages import Rendered, page_keys, render
from portfolio.rendering.trust import mark

__all__ = ["Rendered", "mark", "page_cache", "page_changes", "page_keys", "render"]
