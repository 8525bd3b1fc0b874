"""The Jinja environment of the page templates: autoescape on, wrong names are errors, the author's files first."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portfolio.rendering.words import humanised, paragraphs, sentence


def environment(templates: Sequence[Path]) -> Environment:
    """Return an environment that looks for a template in each folder in turn."""
    made = Environment(
        loader=FileSystemLoader([str(folder) for folder in templates]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"humanised": humanised, "paragraphs": paragraphs, "sentence": sentence}
    return made
