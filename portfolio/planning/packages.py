"""The distributions a project's imports need, and their versions; what the metadata says is cached."""

import json
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from portfolio import files
from portfolio.words import normal

if TYPE_CHECKING:
    from importlib.metadata import Distribution

OURS = "finished-portfolio"
_INSTALLED = {"site-packages", "dist-packages"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What is installed here: distributions by module, and by distribution its version and what it requires."""

    by_module: Mapping[str, Sequence[str]]
    versions: Mapping[str, str]
    requires: Mapping[str, Sequence[str]]

    def needed_by(self, modules: Iterable[str]) -> dict[str, str]:
        """Return the versions of the distributions behind `modules` and of all they require, less our own."""
        waiting = [name for module in modules for name in self.by_module.get(module, ())]
        needed: dict[str, str] = {}
        while waiting:
            name = waiting.pop()
            if name in needed or name == OURS or name not in self.versions:
                continue
            needed[name] = self.versions[name]
            waiting.extend(self.requires.get(name, ()))
        return dict(sorted(needed.items()))


def installed(cache: Path) -> Installed:
    """Return what is installed; read from `cache` while no folder of `sys.path` changed, since asking costs 0.5 s."""
    state = import_path_state()
    remembered = cache / "packages.json"
    try:
        document = json.loads(remembered.read_text(encoding="utf-8"))
        if document["state"] == state:
            return Installed(**document["installed"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    found = _ask()
    content = {"by_module": found.by_module, "versions": found.versions, "requires": found.requires}
    files.write_text(remembered, json.dumps({"state": state, "installed": content}, sort_keys=True))
    return found


def located_elsewhere(module: str) -> Path | None:
    """Return the folder or file of a top-level module that is neither Python's nor installed in a fixed version.

    Such a module was installed editable, or found by `PYTHONPATH`: its version says nothing, its content does.
    """
    if module in sys.stdlib_module_names or module == "portfolio":
        return None
    try:
        spec = find_spec(module)
    except (ImportError, ValueError, AttributeError):
        return None
    if spec is None:
        return None
    places = list(spec.submodule_search_locations or ()) or ([spec.origin] if spec.origin else [])
    path = Path(places[0]) if places else None
    is_fixed = path is None or not path.exists() or bool(_INSTALLED & set(path.parts))
    return None if is_fixed or (path and path.is_relative_to(sys.base_prefix)) else path


def import_path_state() -> str:
    """Return a digest that changes when something is installed or removed where Python imports from.

    The folder that Python puts first depends on how this command was started, and nothing is installed there.
    """
    summed = sha256(sys.version.encode())
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    for folder in sys.path:
        if folder in named or folder.startswith(sys.base_prefix) or _INSTALLED & set(Path(folder).parts):
            with suppress(OSError):
                summed.update(f"{folder}\0{os.stat(folder).st_mtime_ns}\0".encode())  # noqa: PTH116
    return summed.hexdigest()


def _ask() -> Installed:
    from importlib import metadata  # noqa: PLC0415 - 60 ms, and only when something was installed

    versions: dict[str, str] = {}
    requires: dict[str, list[str]] = {}
    by_module: dict[str, set[str]] = {}
    for distribution in metadata.distributions():
        told = (distribution.read_text("METADATA") or distribution.read_text("PKG-INFO") or "").partition("\n\n")[0]
        fields = re.findall(r"^(Name|Version|Requires-Dist):[ \t]*(.+?)[ \t]*$", told, re.MULTILINE)
        single = dict(fields)
        name = normal(single.get("Name", ""))
        if not name or name in versions:
            continue
        versions[name] = single.get("Version", "")
        wanted = [text for field, text in fields if field == "Requires-Dist" and "extra ==" not in text]
        requires[name] = sorted({normal(re.split(r"[\s;<>=!~\[(@]", text, maxsplit=1)[0]) for text in wanted})
        for module in _modules_of(distribution):
            by_module.setdefault(module, set()).add(name)
    for name in versions:  # an editable distribution lists no modules; by convention it is named like its own
        by_module.setdefault(name.replace("-", "_"), {name})
    return Installed(
        by_module={module: sorted(names) for module, names in by_module.items()}, versions=versions, requires=requires
    )


def _modules_of(distribution: "Distribution") -> set[str]:
    """Return the top-level names of a distribution; read by hand, `packages_distributions` takes half a second."""
    listed = (distribution.read_text("top_level.txt") or "").split()
    if listed:
        return set(listed)
    recorded = (distribution.read_text("RECORD") or "").splitlines()
    firsts = {line.partition(",")[0].strip('"').partition("/")[0] for line in recorded}
    return {first.partition(".")[0] for first in firsts if first.isidentifier() or first.endswith((".py", ".so"))}
