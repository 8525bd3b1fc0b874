"""The run key: the digest of all that decides a project's numbers, its parts kept readable.

It has two halves. The base is known before a run: what lies in the folder, what the sources import and name, what the
spec decides. The observed parts are what the run was seen to use beyond that (`portfolio.planning.uses`).
"""

import sys
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from portfolio.digests import Digests, of_mapping
from portfolio.planning.contents import Contents
from portfolio.planning.declared import declared_data, from_spec, is_source
from portfolio.planning.own import of_needs
from portfolio.planning.packages import Installed
from portfolio.planning.reasons import UNPARSED
from portfolio.planning.sources import Source
from portfolio.planning.used import used_shared
from portfolio.planning.uses import STYLE, Uses
from portfolio.values.project import Project
from portfolio.values.settings import Settings
from portfolio.workspace.inputs import Input, input_files, shared_files
from portfolio.workspace.root import Workspace

CAPTURE = "3"
"""Version of what is captured from a run and how; another one makes every record stale."""
CELLS = "1"
"""Version of what is captured from the cells of a notebook or a script, and how."""
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
        self._contents = Contents(digests, workspace.cache / "sources.json")
        self.uses = Uses(workspace, packages, style, self._contents)

    def of(self, project: Project) -> RunKey:
        """Return the base key of `project`."""
        inputs = input_files(project.folder)
        own = {found.name: self._contents.source(found.path) for found in inputs if is_source(found, project)}
        runs_foreign = project.spec.run.command is not None
        by_bytes = runs_foreign or project.spec.run.expect_failure is not None or not project.spec.run.execute
        shared = self._shared if runs_foreign else used_shared(own, self._shared, self._contents)
        data = list(declared_data(project))
        parts = {
            f"file {found.name}": own[found.name].meaning
            if found.name in own and not by_bytes
            else self._contents.of_bytes(found.path)
            for found in inputs
            if found.name != "spec.toml" and not (project.needs and project.needs.owns(found.name))
        }
        parts |= {f"{UNPARSED} {name}": "" for name, source in own.items() if not source.parses}
        parts |= {f"shared {found.name}": self._contents.of(found.path) for found in shared}
        parts |= {f"data {found.name}": self._contents.of_bytes(found.path) for found in data}
        parts |= from_spec(project, self._settings)
        sources = [*own.values(), *self._contents.among(shared)]
        parts |= of_needs(project.needs) if project.needs else {}
        parts |= self._of_own(sources) if project.needs else self._from_imports(sources, own)
        script = own.get(project.spec.script)
        if (script and script.in_cells and not runs_foreign) or not project.spec.run.execute:
            parts["cells"] = CELLS
        parts |= {"python": f"{sys.version_info.major}.{sys.version_info.minor}", "capture": CAPTURE}
        contents = {found.path: self._contents.of_bytes(found.path) for found in (*inputs, *self._shared, *data)}
        return RunKey(digest=of_mapping(parts), parts=parts, contents=contents)

    def afresh(self) -> "Keys":
        """Return keys that look at the disk again; what is known by content is kept."""
        again = copy(self)
        again.__dict__.pop("_shared", None)
        return again

    def save(self) -> None:
        """Keep what was learned of files and sources."""
        self._contents.save()

    @cached_property
    def _shared(self) -> tuple[Input, ...]:
        return shared_files(self._workspace.shared)

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
                parts["tool evaluation"] = self._contents.of_package(_EVALUATION)[0]
            if module in modules or module in here:
                continue
            modules.add(module)
            elsewhere = self._contents.located(module)
            if elsewhere is not None:
                parts[f"local {module}"], inner = self._contents.of_package(elsewhere)
                waiting.extend(inner)
        needed = self._packages.needed_by(modules)
        parts |= {f"package {name}": version for name, version in needed.items()}
        if "matplotlib" in needed:
            parts[STYLE] = self.uses.style()
        return parts

    def _of_own(self, sources: Iterable[Source]) -> dict[str, str]:
        """Return what of this tool decides the result of a run in an environment of its own."""
        if any(name.startswith("portfolio.evaluation") for source in sources for name in source.imports):
            return {"tool evaluation": self._contents.of_package(_EVALUATION)[0]}
        return {}
