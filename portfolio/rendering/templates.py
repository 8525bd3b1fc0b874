"""The Jinja environment of the page templates: autoescape on, wrong names are errors, the author's files first."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined

from portfolio.rendering.words import humanised, paragraphs, sentence


def environment(templates: Sequence[Path], compiled: Path | None = None) -> Environment:
    """Return an environment that looks for a template in each folder in turn.

    Args:
        templates: the folders.
        compiled: where compiled templates are remembered; compiling all of them takes a fifth of a second.
    """
    if compiled:
        compiled.mkdir(parents=True, exist_ok=True)
    made = Environment(
        loader=FileSystemLoader([str(folder) for folder in templates]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=FileSystemBytecodeCache(str(compiled)) if compiled else None,
    )
    made.filters |= {"humanised": humanised, "paragraphs": paragraphs, "sentence": sentence}
    return made
