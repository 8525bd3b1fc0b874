"""The run key: the digest of all that decides a project's numbers, its parts kept readable."""

import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from portfolio import files
from portfolio.planning.packages import Installed, imported_modules
from portfolio.values.project import Project
from portfolio.values.settings import Settings
from portfolio.workspace.inputs import Input, input_files, shared_files
from portfolio.workspace.root import Workspace

CAPTURE = "1"
"""Version of what is captured from a run and how; another one makes every record stale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunKey:
    """The digest and its parts, by kind and name such as `file data/train.csv`."""

    digest: str
    parts: Mapping[str, str]


def run_key(project: Project, workspace: Workspace, settings: Settings, packages: Installed, style: Path) -> RunKey:
    """Return the key of `project` as its inputs lie on disk now."""
    inputs = input_files(project.folder)
    parts = {f"file {found.name}": files.digest(found.path) for found in inputs if found.name != "spec.toml"}
    parts |= _shared(inputs, workspace) | _declared_data(project)
    parts |= _from_spec(project, settings)
    modules = {module for found in inputs if found.name.endswith(".py") for module in _modules(found.path)}
    parts |= {f"package {name}": version for name, version in packages.needed_by(modules).items()}
    parts["python"] = f"{sys.version_info.major}.{sys.version_info.minor}"
    parts["capture"] = CAPTURE
    parts["style"] = files.digest(style) if style.is_file() else "none"
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True)
    return RunKey(digest=sha256(text.encode()).hexdigest(), parts=parts)


def _from_spec(project: Project, settings: Settings) -> dict[str, str]:
    run = project.spec.run
    parts = {
        "script": project.spec.script,
        "command": json.dumps(run.command),
        "seed": str(run.seed),
        "threads": str(run.threads or settings.threads),
        "network": str(run.network).lower(),
    }
    parts |= {f"param {name}": json.dumps(value, sort_keys=True) for name, value in project.spec.params.items()}
    for name in run.env:
        value = os.environ.get(name)
        parts[f"variable {name}"] = "unset" if value is None else sha256(value.encode()).hexdigest()
    return parts


def _shared(inputs: tuple[Input, ...], workspace: Workspace) -> dict[str, str]:
    """Return the parts for `_shared`, where any source of the project names it or imports one of its modules."""
    shared = shared_files(workspace.shared)
    if not shared:
        return {}
    modules = {re.split(r"[/.]", found.name)[0] for found in shared}
    sources = [found.path for found in inputs if found.name.endswith(".py")]
    used = any("_shared" in _text(path) or modules & _modules(path) for path in sources)
    return {f"shared {found.name}": files.digest(found.path) for found in shared} if used else {}


def _declared_data(project: Project) -> dict[str, str]:
    """Return the parts for declared data outside the project's folder."""
    parts: dict[str, str] = {}
    for declared in project.spec.data:
        if not declared.path:
            continue
        path = (project.folder / declared.path).resolve()
        if path.is_relative_to(project.folder.resolve()):
            continue
        found = [Input(declared.path, path)] if path.is_file() else input_files(path) if path.is_dir() else ()
        parts |= {f"data {declared.path}:{inner.name}": files.digest(inner.path) for inner in found}
    return parts


def _modules(path: Path) -> set[str]:
    return imported_modules(_text(path))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
