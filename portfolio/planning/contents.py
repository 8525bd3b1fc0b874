"""What files, sources and packages hold: what they mean where they are Python, their bytes where they are not."""

from collections.abc import Iterable
from pathlib import Path

from portfolio.digests import Digests, of_mapping
from portfolio.planning.packages import located_elsewhere
from portfolio.planning.sources import Source, Sources
from portfolio.workspace.inputs import Input, input_files


class Contents:
    """Digests of what lies on disk, of which each is made once."""

    def __init__(self, digests: Digests, cache: Path) -> None:
        """Take what remembers the bytes of files, and the file in which the meaning of sources is remembered."""
        self._digests = digests
        self._sources = Sources(digests, cache)
        self._elsewhere: dict[str, Path | None] = {}

    def of_bytes(self, path: Path) -> str:
        """Return the digest of a file's bytes; OSError where it cannot be read."""
        return self._digests.of(path)

    def of(self, path: Path) -> str:
        """Return the digest of what a file means; OSError where it cannot be read."""
        return self._sources.of(path).meaning if path.suffix == ".py" else self._digests.of(path)

    def source(self, path: Path) -> Source:
        """Return what is known of a source; OSError where it cannot be read."""
        return self._sources.of(path)

    def among(self, inputs: Iterable[Input]) -> list[Source]:
        """Return the sources among files."""
        return [self._sources.of(found.path) for found in inputs if found.name.endswith(".py")]

    def located(self, module: str) -> Path | None:
        """Return where a module lies that no distribution brought, if it is one."""
        if module not in self._elsewhere:
            self._elsewhere[module] = located_elsewhere(module)
        return self._elsewhere[module]

    def of_package(self, place: Path) -> tuple[str, list[str]]:
        """Return the digest of a package's files, and what its sources import."""
        found = input_files(place, ()) if place.is_dir() else (Input(place.name, place),)
        imports = [name for source in self.among(found) for name in source.imports if not name.startswith(".")]
        return of_mapping({inner.name: self.of(inner.path) for inner in found}), imports

    def save(self) -> None:
        """Keep what was learned."""
        self._sources.save()
        self._digests.save()
