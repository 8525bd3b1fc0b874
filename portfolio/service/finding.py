"""The model a user wants to serve: one that a project's last run left, or a downloaded file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portfolio.demo.loading import read_description
from portfolio.errors import UsageError
from portfolio.rendering.models import LoggedModel, logged_models, with_metric
from portfolio.surveying import entry_of
from portfolio.workspace.root import Workspace

SUFFIX = ".skops"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A model file with its description, and what to say before it is served."""

    name: str
    path: Path
    description: Mapping[str, Any]
    note: str


def find_file(path: Path) -> Found:
    """Return a downloaded model.

    Raises:
        UsageError: it is not there, or has no description beside it.
    """
    if not path.is_file():
        raise UsageError(f"{path}: no such file", hint="name a project, or the .skops file that its page offers")
    return Found(name=path.stem, path=path, description=read_description(path.with_suffix(".json")), note="")


def find_in_project(workspace: Workspace, slug: str, name: str | None) -> Found:
    """Return a model that the project's last good run logged.

    Args:
        workspace: where the project is.
        slug: the project's.
        name: of the model; None where there is only one.

    Raises:
        WorkspaceError: see `reading.read`.
        UsageError: there is no such project, no run of it, or no such model.
    """
    entry = entry_of(workspace, slug)
    if entry.record is None or entry.files is None:
        raise UsageError(f"projects/{slug}: has no result yet", hint=f"portfolio build {slug}")
    model = _chosen(slug, logged_models(entry, entry.record), name)
    path = entry.files / f"{model.stem}{SUFFIX}"
    description = with_metric(read_description(entry.files / f"{model.stem}.json"), entry)
    note = f"projects/{slug}: has changed since this model was fitted: {entry.reason}" if entry.reason else ""
    return Found(name=model.name, path=path, description=description, note=note)


def _chosen(slug: str, models: tuple[LoggedModel, ...], name: str | None) -> LoggedModel:
    if not models:
        hint = 'log_model("model", pipeline, example=X_train) in the script'
        raise UsageError(f"projects/{slug}: its run logged no model", hint=hint)
    chosen = [model for model in models if name in (None, model.name)]
    if len(chosen) == 1:
        return chosen[0]
    listed = " or ".join(f"--model {model.name}" for model in models)
    what = "its run logged several models" if name is None else f"its run logged no model {name!r}"
    raise UsageError(f"projects/{slug}: {what}", hint=f"portfolio serve-model {slug} {listed}")
