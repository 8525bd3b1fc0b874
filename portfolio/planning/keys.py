"""The run key: the digest of all that decides a project's numbers, its parts kept readable.

It has two halves. The base is known before a run: what lies in the folder, what the sources import and name, what the
spec decides. The observed parts are what the run was seen to use beyond that; they are compared when a stored record
is looked up, so each record brings its own.
"""

import os
import sys
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from portfolio.digests import Digests, of_mapping
from portfolio.planning.declared import declared_data, from_spec, is_source
from portfolio.planning.own import RESOLVED, of_needs, resolved
from portfolio.planning.packages import Installed, located_elsewhere
from portfolio.planning.reasons import UNPARSED
from portfolio.planning.sources import Source, Sources
from portfolio.planning.used import used_shared
from portfolio.values.project import Project
from portfolio.values.settings import Settings
from portfolio.words import normal
from portfolio.workspace.inputs import Input, input_files, is_seen, shared_files
from portfolio.workspace.root import Workspace

CAPTURE = "3"
"""Version of what is captured from a run and how; another one makes every record stale."""
CELLS = "1"
"""Version of what is captured from the cells of a notebook or a script, and how."""
_PATHS = ("read", "module", "listing")
OBSERVED_KINDS = (*_PATHS, "loaded", "version", RESOLVED)
"""Kinds of parts that a run was seen to use.

A file's bytes, a source's meaning, the names in a folder; a module it looked for, a version it asked for; a version
that was found for an environment without a lock.
"""
ABSENT = "absent"
_EVALUATION = Path(__file__).parent.parent / "evaluation"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunKey:
    """The digest of the base and its parts, by kind and name such as `file data/train.csv`."""

    digest: str
    parts: Mapping[str, str]
    contents: Mapping[Path, str]
    """Digests of the bytes of every file that is copied for the run, by where it really lies."""


class Keys:
    """Makes the keys of one workspace as it lies on disk now."""

    def __init__(
        self, workspace: Workspace, settings: Settings, packages: Installed, style: Path, digests: Digests
    ) -> None:
        self._workspace = workspace
        self._settings = settings
        self._packages = packages
        self._style = style
        self._digests = digests
        self._sources = Sources(digests, workspace.cache / "sources.json")
        self._elsewhere: dict[str, Path | None] = {}

    def of(self, project: Project) -> RunKey:
        """Return the base key of `project`."""
        inputs = input_files(project.folder)
        own = {found.name: self._sources.of(found.path) for found in inputs if is_source(found, project)}
        runs_foreign = project.spec.run.command is not None
        by_bytes = runs_foreign or project.spec.run.expect_failure is not None or not project.spec.run.execute
        shared = self._shared if runs_foreign else used_shared(own, self._shared, self._sources)
        data = list(declared_data(project))
        parts = {
            f"file {found.name}": own[found.name].meaning
            if found.name in own and not by_bytes
            else self._digests.of(found.path)
            for found in inputs
            if found.name != "spec.toml" and not (project.needs and project.needs.owns(found.name))
        }
        parts |= {f"{UNPARSED} {name}": "" for name, source in own.items() if not source.parses}
        parts |= {f"shared {found.name}": self._meaning(found.path) for found in shared}
        parts |= {f"data {found.name}": self._digests.of(found.path) for found in data}
        parts |= from_spec(project, self._settings)
        sources = [*own.values(), *self._sources_among(shared)]
        parts |= of_needs(project.needs) if project.needs else {}
        parts |= self._of_own(sources) if project.needs else self._from_imports(sources, own)
        script = own.get(project.spec.script)
        if (script and script.in_cells and not runs_foreign) or not project.spec.run.execute:
            parts["cells"] = CELLS
        parts |= {"python": f"{sys.version_info.major}.{sys.version_info.minor}", "capture": CAPTURE}
        contents = {found.path: self._digests.of(found.path) for found in (*inputs, *self._shared, *data)}
        return RunKey(digest=of_mapping(parts), parts=parts, contents=contents)

    def observed(self, project: Project, names: Iterable[str]) -> dict[str, str]:
        """Return the observed parts of those names as they are now; other names are left out."""
        versions = resolved(self._workspace.cache, project.needs) if project.needs else {}
        now = {name: self._observe(project.folder, name) for name in names if is_observed(name)}
        return now | {name: versions.get(name, ABSENT) for name in now if name.partition(" ")[0] == RESOLVED}

    def beside_base(self, project: Project, base: RunKey, names: Iterable[str]) -> tuple[str, ...]:
        """Return which observed `names` say more than `base`.

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
                needed = any(f"package {inner}" in base.parts for inner in self._packages.by_module.get(top, ()))
                found |= {f"loaded {module}"} if top in imported or needed else set()
            else:
                found.add(name)
        found.update(resolved(self._workspace.cache, project.needs) if project.needs else ())
        return tuple(sorted(name for name in found if not self._is_known(project, base, name)))

    def complete(self, project: Project, base: RunKey, last: Mapping[str, str]) -> dict[str, str]:
        """Return the parts of `base` with what the run behind the parts `last` was seen to use besides.

        Versions that have not been found yet, for an environment that is not there any more, are those of that run.
        """
        is_known = project.needs is None or bool(resolved(self._workspace.cache, project.needs))
        kept = {} if is_known else {name: last[name] for name in last if name.partition(" ")[0] == RESOLVED}
        return {**base.parts, **self.observed(project, last), **kept}

    def imported(self, project: Project) -> tuple[str, ...]:
        """Return the dotted names that the sources of `project` import."""
        found = [found.path for found in input_files(project.folder) if is_source(found, project)]
        return tuple(sorted({name for path in found for name in self._sources.of(path).imports}))

    def outside(self, project: Project) -> tuple[Path, ...]:
        """Return the folders and files beyond the workspace's own that decide the key of `project`."""
        declared = [(project.folder / found.path).resolve() for found in project.spec.data if found.path]
        modules = set() if project.needs else {name.split(".")[0] for name in self.imported(project)}
        return (*declared, *(place for module in sorted(modules) if (place := self._located(module))))

    def beyond(self, project: Project, parts: Mapping[str, str]) -> tuple[Path, ...]:
        """Return `outside` and every place that the run behind `parts` was seen to use."""
        seen = (name.partition(" ")[2] for name in parts if name.partition(" ")[0] in _PATHS)
        return (*self.outside(project), *(_place(project.folder, shown) for shown in seen))

    def afresh(self) -> "Keys":
        """Return keys that look at the disk again; what is known by content is kept."""
        again = copy(self)
        again.__dict__.pop("_shared", None)
        return again

    def save(self) -> None:
        """Keep what was learned of files and sources."""
        self._sources.save()
        self._digests.save()

    @cached_property
    def _shared(self) -> tuple[Input, ...]:
        return shared_files(self._workspace.shared)

    def _sources_among(self, inputs: Iterable[Input]) -> list[Source]:
        return [self._sources.of(found.path) for found in inputs if found.name.endswith(".py")]

    def _meaning(self, path: Path) -> str:
        return self._sources.of(path).meaning if path.suffix == ".py" else self._digests.of(path)

    def _from_imports(self, sources: Iterable[Source], own: Mapping[str, Source]) -> dict[str, str]:
        """Return versions of what is installed, content of what is not, the style where anything may be drawn."""
        here = {name.split("/")[0].removesuffix(".py") for name in own}
        here |= {found.name.split("/")[0].removesuffix(".py") for found in self._shared}
        waiting = [name for source in sources for name in source.imports if not name.startswith(".")]
        parts: dict[str, str] = {}
        modules: set[str] = set()
        while waiting:
            name = waiting.pop()
            module = name.split(".")[0]
            if name.startswith("portfolio.evaluation") and _EVALUATION.is_dir():
                parts["tool evaluation"] = self._content(_EVALUATION)[0]
            if module in modules or module in here:
                continue
            modules.add(module)
            elsewhere = self._located(module)
            if elsewhere is not None:
                parts[f"local {module}"], inner = self._content(elsewhere)
                waiting.extend(inner)
        needed = self._packages.needed_by(modules)
        parts |= {f"package {name}": version for name, version in needed.items()}
        if "matplotlib" in needed:
            parts["style"] = self._digests.of(self._style) if self._style.is_file() else "none"
        return parts

    def _of_own(self, sources: Iterable[Source]) -> dict[str, str]:
        """Return what of this tool decides the result of a run in an environment of its own."""
        parts = {"style": self._digests.of(self._style) if self._style.is_file() else "none"}
        if any(name.startswith("portfolio.evaluation") for source in sources for name in source.imports):
            parts["tool evaluation"] = self._content(_EVALUATION)[0]
        return parts

    def _located(self, module: str) -> Path | None:
        if module not in self._elsewhere:
            self._elsewhere[module] = located_elsewhere(module)
        return self._elsewhere[module]

    def _content(self, place: Path) -> tuple[str, list[str]]:
        """Return the digest of a package's files, and what its sources import."""
        found = input_files(place, ()) if place.is_dir() else (Input(place.name, place),)
        sources = self._sources_among(found)
        imports = [name for source in sources for name in source.imports if not name.startswith(".")]
        return of_mapping({inner.name: self._meaning(inner.path) for inner in found}), imports

    def _observe(self, folder: Path, name: str) -> str:
        kind, _, shown = name.partition(" ")
        if kind == "version":
            return self._packages.versions.get(normal(shown), ABSENT)
        if kind == "loaded":
            return self._loaded(folder, shown)
        path = _place(folder, shown)
        try:
            if kind == "listing":
                names = sorted(entry.name for entry in path.iterdir() if is_seen(entry.name))
                return sha256("\0".join(names).encode("utf-8", "surrogateescape")).hexdigest()
            return self._meaning(path) if kind == "module" else self._digests.of(path)
        except OSError:
            return ABSENT

    def _is_known(self, project: Project, base: RunKey, name: str) -> bool:
        kind, _, shown = name.partition(" ")
        if project.needs and kind in ("version", "loaded"):
            return True  # its environment answers for all that it imports
        if kind == "version":
            return f"package {normal(shown)}" in base.parts
        if kind != "loaded":
            return False
        if shown in sys.stdlib_module_names or shown in ("portfolio", "__main__", "__mp_main__"):
            return True
        names = self._packages.by_module.get(shown, ())
        is_counted = bool(names) and all(f"package {inner}" in base.parts for inner in names)
        return is_counted or f"local {shown}" in base.parts or self._is_own(project.folder, shown)

    def _is_own(self, folder: Path, module: str) -> bool:
        """Whether a file of the project or of `_shared` answers an import of that name."""
        places = (folder / module, self._workspace.shared / module)
        return any(place.is_dir() or place.with_name(f"{module}.py").is_file() for place in places)

    def _loaded(self, folder: Path, module: str) -> str:
        if self._is_own(folder, module):
            return "own"
        names = self._packages.by_module.get(module, ())
        if names:
            return ", ".join(self._packages.versions.get(name, ABSENT) for name in names)
        elsewhere = self._located(module)
        return self._content(elsewhere)[0] if elsewhere else ABSENT


def _place(folder: Path, shown: str) -> Path:
    """Return the path that an observed part names: relative to the project's folder, to the home folder, or whole."""
    return Path(shown).expanduser() if shown.startswith("~") else Path(os.path.normpath(folder / shown))


def is_observed(name: str) -> bool:
    """Whether the part of that name was seen in a run."""
    return name.partition(" ")[0] in OBSERVED_KINDS
