"""Three kinds of text that a type checker tells from others: what has passed the sink, and may reach a reader.

Any other `str` is a project's until it has: it can stand in a value, be compared and be stored, and cannot become the
text of a page, a part of one, or the place a link leads to. `rendering/escape.py` makes them, and nobody else.
"""

from typing import NewType

PageText = NewType("PageText", str)
"""The whole text of a file in the docs tree."""
Href = NewType("Href", str)
"""Where a link of ours may lead."""
