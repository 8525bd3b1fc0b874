"""The Jinja environment of the page templates: autoescape on, wrong names are errors, the author's files first."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import portfolio
from portfolio.rendering.words import humanised, paragraphs, sentence


def shipped_templates() -> Path:
    """Return the folder of the templates that come with the tool: inside the wheel, or at the repository's top."""
    package = Path(portfolio.__file__).parent
    inside = package / "site_templates"
    return inside if inside.is_dir() else package.parent / "site_templates"


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
