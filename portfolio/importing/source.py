"""The files of a source, read as hostile input: regular ones of bearable size, whose bytes are in its digest."""

import json
import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from portfolio import files
from portfolio.errors import UsageError
from portfolio.workspace.yaml_file import read_yaml

MOST_BYTES = 20 << 20
MOST_FILES = 5_000
IMAGES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg")
KEPT_AS_FILES = (".txt", ".md", ".json", ".yaml", ".yml", ".log", ".toml")
_REASONS = {
    ".html": "a web page, whose scripts nobody here knows",
    ".htm": "a web page, whose scripts nobody here knows",
    ".pkl": "a pickle, which can hold any code",
    ".joblib": "a pickle, which can hold any code",
    ".pt": "a pickle, which can hold any code",
}


class Source:
    """A folder or a file that is read and never written."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self._digest = sha256()
        self.left_out: list[str] = []

    @property
    def digest(self) -> str:
        """Of the names and bytes of all that was read so far."""
        return self._digest.hexdigest()

    def read(self, path: Path) -> bytes | None:
        """Return the bytes of a file, or None with its reason noted where it is not to be read."""
        name = path.relative_to(self.top).as_posix() if path != self.top else path.name
        try:
            content = files.read_regular(path, MOST_BYTES)
        except OSError as error:
            self.left_out.append(f"{name}: {error.strerror or error}")
            return None
        self._digest.update(f"{name}\0{len(content)}\0".encode("utf-8", "surrogateescape") + content)
        return content

    def text(self, path: Path) -> str:
        """Return the text of a file; empty where it is not to be read."""
        return (self.read(path) or b"").decode("utf-8", "replace")

    def json(self, path: Path) -> Any:
        """Return the document of a JSON file, infinities and NaNs among its numbers.

        Raises:
            UsageError: it is none.
        """
        try:
            return json.loads(self.text(path) or "null")
        except (ValueError, RecursionError) as error:
            raise UsageError(f"{path}: is not JSON: {error}") from error

    def yaml(self, path: Path) -> dict[str, Any]:
        """Return the mapping of a YAML file; empty where there is none.

        Raises:
            UsageError: it is not YAML.
        """
        if self.read(path) is None:
            return {}
        document, message, line, hint = read_yaml(path)
        if message:
            raise UsageError(f"{path}{f':{line}' if line else ''}: {message}", hint=hint)
        return document if isinstance(document, dict) else {}

    def files(self, folder: Path) -> Iterator[Path]:
        """Yield the regular files below `folder`, sorted; no link is followed.

        Raises:
            UsageError: there are too many.
        """
        count = 0
        for place, inner, names in os.walk(folder):
            inner.sort()
            for name in sorted(names):
                path = Path(place, name)
                if path.is_file() and not path.is_symlink():
                    count += 1
                    if count > MOST_FILES:
                        raise UsageError(f"{folder}: holds more than {MOST_FILES:,} files")
                    yield path

    def leave_out(self, path: Path, reason: str = "") -> None:
        """Note that a file is not brought along."""
        name = path.relative_to(self.top).as_posix()
        self.left_out.append(f"{name}: {reason or _REASONS.get(path.suffix.lower(), 'no kind of file a page shows')}")
