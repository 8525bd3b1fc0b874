"""Whether a project's code stands on its own, or needs this tool to be installed."""

import re
from pathlib import Path

from portfolio.rendering.files import is_regular
from portfolio.values.entry import Entry
from portfolio.walk import files_below
from portfolio.workspace.inputs import is_seen

_ASKS = re.compile(r'^[ \t"]*(?:from|import)[ \t]+(?:[\w., \t]*[ ,\t])?portfolio\b(?![ \t]*=)', re.MULTILINE)
"""An import of ours, in a script or in a notebook's cells; a text that looks like one counts, which does no harm."""
_SHARED = "_shared"
_MOST_BYTES = 4 << 20
"""Of a module; a larger one is data."""


def needs_tool(entry: Entry) -> bool:
    """Whether the script, a module beside it, or one of `_shared` where the project names that, imports portfolio."""
    folder, script = entry.project.folder, entry.project.spec.script
    own = [_text(path) for path in {folder / script, *_modules(folder)}]
    shared = folder.parent / _SHARED
    names = {path.relative_to(shared).parts[0].removesuffix(".py") for path in _modules(shared)} | {_SHARED}
    asks_shared = any(re.search(rf"\b{re.escape(name)}\b", text) for name in names for text in own)
    return any(map(_ASKS.search, own)) or (asks_shared and any(_ASKS.search(_text(path)) for path in _modules(shared)))


def _modules(folder: Path) -> list[Path]:
    return [path for name, path in files_below(folder, is_seen) if name.endswith(".py")]


def _text(path: Path) -> str:
    if not is_regular(path) or path.stat().st_size > _MOST_BYTES:
        return ""
    return path.read_text(encoding="utf-8", errors="replace")
