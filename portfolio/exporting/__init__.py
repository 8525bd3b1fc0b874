"""One project on its own: a single HTML file and Markdown, both made from the page as its template rendered it."""

from portfolio.exporting.export import Exported, export

__all__ = ["Exported", "export"]
