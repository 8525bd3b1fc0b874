"""What a project uses of `_shared`: the modules it imports, and those they import, and data its sources name."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from portfolio.planning.contents import Contents
from portfolio.planning.sources import Source
from portfolio.workspace.inputs import Input

_PACKAGE = "_shared"


def used_shared(own: Mapping[str, Source], shared: Iterable[Input], contents: Contents) -> tuple[Input, ...]:
    """Return the files of `_shared` that the sources `own`, by name in the project's folder, are seen to use.

    What they open or import in ways that no text shows is observed when they run.
    """
    files = {found.name: found for found in shared}
    if not files:
        return ()
    hidden = {name.split("/")[0].removesuffix(".py") for name in own}
    known = {name: contents.source(found.path) for name, found in files.items() if name.endswith(".py")}
    waiting = [module for source in own.values() for module in _absolute(source, hidden)]
    used: dict[str, Input] = {}
    while waiting:
        for name in _files_of(waiting.pop(), files):
            if name in used:
                continue
            used[name] = files[name]
            waiting.extend(_absolute(known[name], hidden, Path(name)))
    looked = [*own.values(), *(known[name] for name in used)]
    mentioned = {name for source in looked for name in source.names}
    if used or _PACKAGE in mentioned:
        used |= {name: found for name, found in files.items() if name not in known and name.split("/")[-1] in mentioned}
    return tuple(used[name] for name in sorted(used))


def _absolute(source: Source, hidden: set[str], place: Path | None = None) -> Iterator[str]:
    """Yield the imports of a source as names below `_shared`, less those the project's own modules answer."""
    for name in source.imports:
        dots = len(name) - len(name.lstrip("."))
        if dots and place is not None:
            above = place.parts[: len(place.parts) - dots]
            yield ".".join((*above, name[dots:])) if name[dots:] else ".".join(above)
        elif name.split(".")[0] == _PACKAGE:
            yield name.removeprefix(_PACKAGE).lstrip(".") or "__init__"
        elif not dots and name.split(".")[0] not in hidden:
            yield name


def _files_of(module: str, files: Mapping[str, Input]) -> Iterator[str]:
    """Yield the files that importing a dotted name executes: every package on the way, and the module."""
    parts = module.split(".")
    for length in range(1, len(parts) + 1):
        path = "/".join(parts[:length])
        yield from (name for name in (f"{path}.py", f"{path}/__init__.py") if name in files)
