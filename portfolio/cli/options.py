"""What all commands share: the global options, and how a workspace is found from them."""

from dataclasses import dataclass
from pathlib import Path

from portfolio.errors import UsageError
from portfolio.workspace.root import Workspace, find_workspace


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
