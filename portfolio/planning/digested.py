"""The data behind a run: the digests of its input files that are no code, by the name its script opens them by."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from portfolio.workspace.inputs import SOURCES

_NO_DATA = {*SOURCES, ".ipynb", ".toml"}
_SHARED = "../_shared/"


def data_digests(parts: Mapping[str, str]) -> dict[str, str]:
    """Return digests by name from the parts of a run's key: of the project's own files and of those in `_shared`.

    Files elsewhere are left out, for their names are places on a machine.
    """
    found = {}
    for part, digest in parts.items():
        kind, _, rest = part.partition(" ")
        name = f"{_SHARED}{rest}" if kind == "shared" else rest
        is_data = kind in ("file", "shared") or (kind == "read" and name.startswith(_SHARED))
        if is_data and PurePosixPath(name).suffix.lower() not in _NO_DATA:
            found[name] = digest
    return found
