"""Where a workspace begins, and where everything in it lies."""

from dataclasses import dataclass
from pathlib import Path

from portfolio.errors import UsageError


@dataclass(frozen=True, slots=True)
class Workspace:
    """The repository's root; paths only, nothing is read or made."""

    root: Path
    caches: Path | None = None
    """Where downloads and caches lie, if not below `build`: a cluster's worker has one place for all it runs."""

    @property
    def projects(self) -> Path:
        """The author's projects, one folder each."""
        return self.root / "projects"

    @property
    def shared(self) -> Path:
        """Code and data that several projects use."""
        return self.projects / "_shared"

    @property
    def templates(self) -> Path:
        """The author's own templates, which override the shipped ones file by file."""
        return self.root / "site_templates"

    @property
    def mkdocs(self) -> Path:
        """The site's configuration."""
        return self.root / "mkdocs.yml"

    @property
    def resume(self) -> Path:
        """The author's CV."""
        return self.root / "resume.json"

    @property
    def build(self) -> Path:
        """Everything the tool makes and may delete."""
        return self.root / "build"

    @property
    def records(self) -> Path:
        """Stored runs."""
        return self.build / "records"

    @property
    def docs(self) -> Path:
        """The generated docs tree."""
        return self.build / "docs"

    @property
    def site(self) -> Path:
        """The built site."""
        return self.build / "site"

    @property
    def cache(self) -> Path:
        """What scripts download and libraries cache; it outlives runs."""
        return self.caches or self.build / "cache"

    def shown(self, path: Path) -> str:
        """Return `path` as a user of this workspace would write it."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return str(path)


def find_workspace(start: Path) -> Workspace:
    """Return the workspace around `start`: the nearest folder upward with `mkdocs.yml`, `projects/` or our settings.

    Raises:
        UsageError: there is none.
    """
    place = start.resolve()
    if not place.is_dir():
        raise UsageError(f"{start}: no such folder")
    for folder in (place, *place.parents):
        if (folder / "mkdocs.yml").is_file() or (folder / "projects").is_dir() or _has_settings(folder):
            return Workspace(folder)
    raise UsageError(f"{start}: no portfolio here or above", hint="'portfolio init' makes one in this folder")


def _has_settings(folder: Path) -> bool:
    import tomllib  # noqa: PLC0415 - rarely needed

    try:
        settings = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    tools = settings.get("tool")
    return isinstance(tools, dict) and "portfolio" in tools
