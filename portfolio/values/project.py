"""A project as found on disk."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from portfolio.values.spec import Spec

if TYPE_CHECKING:
    from portfolio.values.environment import Needs


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One folder under `projects/`, its spec read and found valid."""

    slug: str
    folder: Path
    spec: Spec
    needs: "Needs | None" = None
    """What it asks of an environment of its own; None where it runs with what is installed here."""
    runs: bool = True
    """Whether there is anything to run; without a script the committed recorded run is all there is."""

    @property
    def script(self) -> Path:
        """The script's path."""
        return self.folder / self.spec.script

    @property
    def started(self) -> Path:
        """The file that says what runs: the script, or the spec where it names a command."""
        return self.folder / "spec.toml" if self.spec.run.command else self.script
