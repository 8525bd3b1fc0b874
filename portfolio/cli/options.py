"""What all commands share: the global options, and how a workspace is found from them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from portfolio.errors import UsageError
from portfolio.workspace.root import Workspace, find_workspace

_Command = TypeVar("_Command", bound=Callable[..., Any])


def on_cluster(command: _Command) -> _Command:
    """Add the options that say where projects are run."""
    where = click.option(
        "--executor", type=click.Choice(["local", "dask"]), help="Run on this machine, or on a Dask cluster."
    )
    scheduler = click.option(
        "--scheduler",
        metavar="ADDRESS",
        help="The cluster's scheduler: tcp://…, tls://… or a scheduler file; without, dask uses the cores here.",
    )
    return where(scheduler(command))


@dataclass(frozen=True, slots=True, kw_only=True)
class Globals:
    """Options given before the command."""

    folder: Path
    quiet: bool
    verbose: bool

    def workspace(self) -> Workspace:
        """Return the workspace around `-C DIR`, or around the current folder.

        Raises:
            UsageError: there is none.
        """
        try:
            return find_workspace(self.folder)
        except OSError as error:
            raise UsageError(f"{self.folder}: {error.strerror}") from error
