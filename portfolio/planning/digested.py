"""The data behind a run: the digests of its input files that are no code, by the name its script opens them by."""

from collections.abc import Mapping

_CODE = (".py", ".ipynb", ".toml")
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
        if is_data and not name.endswith(_CODE):
            found[name] = digest
    return found
