"""The observed half of a run key: what a run was seen to use beyond what decides its base.

Each record brings the names of its own observed parts; looking it up compares what they are now with what they were.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from portfolio.planning.contents import Contents
from portfolio.planning.declared import is_source
from portfolio.planning.own import RESOLVED, resolved
from portfolio.planning.packages import Installed
from portfolio.values.project import Project
from portfolio.words import normal
from portfolio.workspace.inputs import input_files, names_in
from portfolio.workspace.root import Workspace

_LISTING = "listing"
_PATHS = ("read", "module", _LISTING)
STYLE = "style"
"""The part that holds what figures look like, of all that draw with matplotlib; seen where no import says that."""
OBSERVED_KINDS = (*_PATHS, "loaded", "version", RESOLVED, STYLE)
"""Kinds of parts that a run was seen to use.

A file's bytes, a source's meaning, the names in a folder; a module it looked for, a version it asked for; a version
that was found for an environment without a lock; the style of figures.
"""
_DRAWS = "loaded matplotlib"
_ABSENT = "absent"


class Uses:
    """What runs of one workspace were seen to use, as it is on disk now."""

    def __init__(self, workspace: Workspace, packages: Installed, style: Path, contents: Contents) -> None:
        self._workspace = workspace
        self._packages = packages
        self._style = style
        self._contents = contents

    def now(self, project: Project, names: Iterable[str]) -> dict[str, str]:
        """Return the observed parts of those names; other names are left out."""
        versions = resolved(self._workspace.cache, project.needs) if project.needs else {}
        now = {name: self._observe(project.folder, name) for name in names if _kind(name) in OBSERVED_KINDS}
        return now | {name: versions.get(name, _ABSENT) for name in now if _kind(name) == RESOLVED}

    def complete(self, project: Project, base: Mapping[str, str], last: Mapping[str, str]) -> dict[str, str]:
        """Return the parts `base` with what the run behind the parts `last` was seen to use besides.

        Versions that have not been found yet, for an environment that is not there any more, are those of that run.
        """
        is_known = project.needs is None or bool(resolved(self._workspace.cache, project.needs))
        kept = {} if is_known else {name: last[name] for name in last if _kind(name) == RESOLVED}
        return {**base, **self.now(project, last), **kept}

    def beside(self, project: Project, base: Mapping[str, str], names: Iterable[str]) -> tuple[str, ...]:
        """Return which observed `names` say more than the parts `base`.

        Modules whose versions it holds say nothing new, and what a library looked for in advance (`preloaded`, both
        names) concerns only those who import that library, themselves or by what they need.
        """
        imported = {name.split(".")[0] for name in self.imported(project)}
        found = set()
        for name in names:
            kind, _, rest = name.partition(" ")
            if kind == "preloaded":
                by, _, module = rest.partition(" ")
                top = by.split(".")[0]
                needed = any(f"package {inner}" in base for inner in self._packages.by_module.get(top, ()))
                found |= {f"loaded {module}"} if top in imported or needed else set()
            else:
                found.add(name)
        found.update(resolved(self._workspace.cache, project.needs) if project.needs else ())
        found |= {STYLE} if _DRAWS in found and STYLE not in base else set()
        return tuple(sorted(name for name in found if not self._is_known(project, base, name)))

    def imported(self, project: Project) -> tuple[str, ...]:
        """Return the dotted names that the sources of `project` import."""
        found = [found.path for found in input_files(project.folder) if is_source(found, project)]
        return tuple(sorted({name for path in found for name in self._contents.source(path).imports}))

    def outside(self, project: Project) -> tuple[Path, ...]:
        """Return the folders and files beyond the workspace's own that decide the base key of `project`."""
        declared = [(project.folder / found.path).resolve() for found in project.spec.data if found.path]
        modules = set() if project.needs else {name.split(".")[0] for name in self.imported(project)}
        return (*declared, *(place for module in sorted(modules) if (place := self._contents.located(module))))

    def style(self) -> str:
        """Return the digest of the style of figures."""
        return self._contents.of_bytes(self._style) if self._style.is_file() else "none"

    def _observe(self, folder: Path, name: str) -> str:
        kind, _, shown = name.partition(" ")
        if kind == STYLE:
            return self.style()
        if kind == "version":
            return self._packages.versions.get(normal(shown), _ABSENT)
        if kind == "loaded":
            return self._loaded(folder, shown)
        path = _place(folder, shown)
        try:
            if kind == _LISTING:
                return sha256("\0".join(names_in(path)).encode("utf-8", "surrogateescape")).hexdigest()
            return self._contents.of(path) if kind == "module" else self._contents.of_bytes(path)
        except OSError:
            return _ABSENT

    def _is_known(self, project: Project, base: Mapping[str, str], name: str) -> bool:
        kind, _, shown = name.partition(" ")
        if project.needs and kind in ("version", "loaded"):
            return True  # its environment answers for all that it imports
        if kind == "version":
            return f"package {normal(shown)}" in base
        if kind != "loaded":
            return False
        if shown in sys.stdlib_module_names or shown in ("portfolio", "__main__", "__mp_main__"):
            return True
        names = self._packages.by_module.get(shown, ())
        is_counted = bool(names) and all(f"package {inner}" in base for inner in names)
        return is_counted or f"local {shown}" in base or self._is_own(project.folder, shown)

    def _is_own(self, folder: Path, module: str) -> bool:
        """Whether a file of the project or of `_shared` answers an import of that name."""
        places = (folder / module, self._workspace.shared / module)
        return any(place.is_dir() or place.with_name(f"{module}.py").is_file() for place in places)

    def _loaded(self, folder: Path, module: str) -> str:
        if self._is_own(folder, module):
            return "own"
        names = self._packages.by_module.get(module, ())
        if names:
            return ", ".join(self._packages.versions.get(name, _ABSENT) for name in names)
        elsewhere = self._contents.located(module)
        return self._contents.of_package(elsewhere)[0] if elsewhere else _ABSENT


def files_seen(project: Project, parts: Mapping[str, str]) -> Iterator[Path]:
    """Yield each file that the run behind `parts` was seen to read or import."""
    yield from (_place(project.folder, name.partition(" ")[2]) for name in parts if _kind(name) in ("read", "module"))


def folders_listed(project: Project, parts: Mapping[str, str]) -> Iterator[Path]:
    """Yield each folder whose names, not whose contents, the run behind `parts` was seen to look at."""
    yield from (_place(project.folder, name.partition(" ")[2]) for name in parts if _kind(name) == _LISTING)


def _place(folder: Path, shown: str) -> Path:
    """Return the path that an observed part names: relative to the project's folder, to the home folder, or whole."""
    return Path(shown).expanduser() if shown.startswith("~") else Path(os.path.normpath(folder / shown))


def _kind(name: str) -> str:
    return name.partition(" ")[0]
