"""What a spec decides of its project's key: values, variables, data elsewhere, and which files count by meaning."""

import json
import os
from collections.abc import Iterable
from hashlib import sha256

from portfolio.values.project import Project
from portfolio.values.scripts import is_notebook
from portfolio.values.settings import Settings
from portfolio.workspace.inputs import Input, input_files


def is_source(found: Input, project: Project) -> bool:
    """Whether a file counts by what it means: Python, and the notebook that is run."""
    is_run = found.name == project.spec.script and project.spec.run.execute
    return found.name.endswith(".py") or (is_run and is_notebook(found.name))


def from_spec(project: Project, settings: Settings) -> dict[str, str]:
    """Return the parts that stand in the spec and the settings, and variables by their digests."""
    run = project.spec.run
    parts = {
        "script": project.spec.script,
        "command": json.dumps(run.command),
        "seed": str(run.seed),
        "threads": str(run.threads or settings.threads),
        "network": str(run.network).lower(),
        "expect_failure": str(run.expect_failure is not None).lower(),
    }
    if not run.execute:
        parts["execute"] = "false"
    parts |= {f"param {name}": json.dumps(value, sort_keys=True) for name, value in project.spec.params.items()}
    for name in run.env:
        value = os.environ.get(name)
        parts[f"variable {name}"] = "unset" if value is None else sha256(value.encode()).hexdigest()
    return parts


def declared_data(project: Project) -> Iterable[Input]:
    """Yield the files of declared data outside the project's folder, named by its path and theirs in it."""
    for declared in project.spec.data:
        if not declared.path:
            continue
        path = (project.folder / declared.path).resolve()
        if path.is_relative_to(project.folder.resolve()):
            continue
        if path.is_file():
            yield Input(f"{declared.path}:{declared.path}", path)
        elif path.is_dir():
            yield from (Input(f"{declared.path}:{inner.name}", inner.path) for inner in input_files(path))
