"""What a machine has that decides results: Python, this tool, and distributions.

The text of this module is sent and executed where it asks, also where this tool is not installed or is another: it
needs the standard library alone, of any version.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import sys

OURS = "finished-portfolio"


def surroundings(names: "list[str]", modules: "list[str]") -> "dict[str, object]":
    """Return the versions of Python, the tool and the distributions `names`, and digests of local `modules`."""
    return {
        "python": "%d.%d" % sys.version_info[:2],  # noqa: UP031
        "portfolio": _version(OURS),
        "tool": _content("portfolio"),
        "versions": {name: _version(name) for name in names},
        "local": {name: _content(name) for name in modules},
    }


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _content(module: str) -> str:
    """Return a digest of the sources of a module; empty where there is none."""
    try:
        found = importlib.util.find_spec(module)
    except (ImportError, ValueError):
        found = None
    if found is None or not found.origin:
        return ""
    top = os.path.dirname(found.origin) if found.submodule_search_locations else ""  # noqa: PTH120
    paths = [os.path.join(at, name) for at, _, names in os.walk(top) for name in names] if top else [found.origin]  # noqa: PTH118
    summed = hashlib.sha256()
    for path in sorted(path for path in paths if path.endswith(".py")):
        summed.update(os.path.relpath(path, top or os.path.dirname(path)).encode())  # noqa: PTH120
        with open(path, "rb") as stream:  # noqa: PTH123
            summed.update(stream.read())
    return summed.hexdigest()[:12]
