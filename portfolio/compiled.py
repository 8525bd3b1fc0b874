"""Remember compiled templates: compiling them takes longer than everything else of a small site.

Jinja's own cache on disk trusts what it reads and ignores what else a compiled template depends on. Here a template is
taken from the cache only if its digest holds and source, syntax, extensions and surroundings are the same; and not at
all where filters come from elsewhere, since Jinja folds what they make of constants into the code.
"""

import importlib.util
import marshal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import CodeType
from typing import Any

_SYNTAX = (
    "block_start_string",
    "block_end_string",
    "variable_start_string",
    "variable_end_string",
    "comment_start_string",
    "comment_end_string",
    "line_statement_prefix",
    "line_comment_prefix",
    "trim_blocks",
    "lstrip_blocks",
    "newline_sequence",
    "keep_trailing_newline",
    "optimized",
    "is_async",
    "autoescape",
)
_KNOWN = {"jinja2", "markupsafe", "mkdocs", "portfolio", "builtins", "_operator"}
"""Where the filters and tests of a plain environment come from."""
_DIGEST = 32


@dataclass(slots=True)
class Bucket:
    """One template: what it is filed under, and its code; Jinja fills in what is missing."""

    path: Path | None
    """None where the environment is not plain: what is compiled there is not kept."""
    wanted: bytes
    code: CodeType | None = None


class Compiled:
    """The compiled templates in `folder`, in the shape Jinja asks for.

    `versions` tells apart what else their code depends on: of Jinja, and of where the filters come from.
    """

    def __init__(self, folder: Path, versions: Sequence[str]) -> None:
        self._folder = folder
        self._versions = list(versions)

    def get_bucket(self, environment: Any, name: str, filename: str | None, source: str) -> Bucket:
        """Return the template's bucket, with its code where it is known."""
        path = self._folder / sha256(f"{name}\n{filename}".encode()).hexdigest()[:32]
        wanted = sha256(repr((self._surroundings(environment), name, filename, source)).encode()).digest()
        if not _is_plain(environment):
            return Bucket(path=None, wanted=wanted)
        return Bucket(path=path, wanted=wanted, code=_read(path, wanted))

    def set_bucket(self, bucket: Bucket) -> None:
        """Keep the code Jinja compiled, if that is possible. It need not reach the disk: its digest is looked at."""
        if bucket.path is None:
            return
        code = marshal.dumps(bucket.code)
        temporary = bucket.path.with_suffix(".tmp")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(bucket.wanted + sha256(code).digest() + code)
            temporary.replace(bucket.path)
        except OSError:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)

    def _surroundings(self, environment: Any) -> list[object]:
        syntax = [repr(getattr(environment, name)) for name in _SYNTAX]
        return [importlib.util.MAGIC_NUMBER, self._versions, syntax, sorted(environment.extensions)]


def _is_plain(environment: Any) -> bool:
    found = (*environment.filters.values(), *environment.tests.values())
    return {str(getattr(function, "__module__", "")).split(".")[0] for function in found} <= _KNOWN


def _read(path: Path, wanted: bytes) -> CodeType | None:
    try:
        content = path.read_bytes()
    except OSError:
        return None
    head, code = content[: 2 * _DIGEST], content[2 * _DIGEST :]
    if head != wanted + sha256(code).digest():
        return None
    found = marshal.loads(code)  # noqa: S302 - we wrote it: its digest holds
    return found if isinstance(found, CodeType) else None
