"""What a Python source means: its syntax tree without comments and layout, what it imports, what it names.

Known by the digest of its bytes, so a source is parsed once, however often it is asked about.
"""

import ast
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from portfolio import files, literate
from portfolio.digests import Digests
from portfolio.statements import MOST_BYTES, parsed
from portfolio.values.scripts import is_notebook

_VERSION = f"3 {sys.version_info.major}.{sys.version_info.minor}"
"""Of the shape of the cache; a syntax tree is of its Python version."""
_CELL = re.compile(r"\s*#\s*%%.*")
_INLINE = re.compile(r"^# /// script\s*$.*?^# ///\s*$", re.MULTILINE | re.DOTALL)
_TELLS_LINES = re.compile(r".*lineno|getsource.*|findsource|getcomments|getframeinfo|currentframe|_getframe|co_lines")
"""Names by which a script learns where in its own text it stands."""
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is known of one source without running it."""

    meaning: str
    """Digest that comments and layout do not change; the digest of the bytes where they may matter."""
    imports: tuple[str, ...] = ()
    """Dotted names of what it imports anywhere, relative ones with their dots in front."""
    names: tuple[str, ...] = ()
    """Last parts of the paths in its text, such as `values.csv` of `../_shared/values.csv`."""
    parses: bool = True
    """Whether it is Python, and not too large to be parsed; if not, nothing is known of its imports and names."""
    in_cells: bool = False
    """Whether it is a notebook or has cells, so that its page shows what each of them left."""


class Sources:
    """Sources by path, remembered in a cache file."""

    def __init__(self, digests: Digests, cache: Path | None = None) -> None:
        self._digests = digests
        self._cache = cache
        self._known = _read(cache) if cache else {}
        self._used: dict[str, Source] = {}

    def of(self, path: Path) -> Source:
        """Return what the source at `path` means.

        Raises:
            OSError: it cannot be read.
        """
        digest = self._digests.of(path)
        known = self._known.get(digest)
        found = known or _understood(path, digest)
        self._known[digest] = self._used[digest] = found
        return found

    def save(self) -> None:
        """Write the cache file."""
        if self._cache:
            kept = self._used if len(self._known) > 2 * len(self._used) else self._known
            document = {"version": _VERSION, "sources": {digest: asdict(found) for digest, found in kept.items()}}
            files.write_text(self._cache, json.dumps(document, sort_keys=True))


def _understood(path: Path, digest: str) -> Source:
    if is_notebook(path.name):
        return understand_notebook(path.read_bytes(), digest)
    if path.stat().st_size > MOST_BYTES:
        return Source(meaning=digest, parses=False)
    return understand(path.read_bytes(), digest)


def understand(content: bytes, digest: str) -> Source:
    """Return what `content`, whose digest is given, means; only its bytes where it does not parse."""
    try:
        tree = parsed(content)
        told = ast.dump(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Source(meaning=digest, parses=False)
    text = content.decode("utf-8", errors="replace")
    names = sorted({name for constant in _texts(tree) for name in _path_names(constant)})
    imports = tuple(sorted(set(_imports(tree))))
    in_cells = "%%" in text and bool(literate.script_cells(content))
    meaning = sha256("\0".join([told, *_markers(text, tree), *_INLINE.findall(text)]).encode("utf-8", "replace"))
    tells = any(_TELLS_LINES.fullmatch(name) for name in _identifiers(tree))
    kept = digest if tells else meaning.hexdigest()
    return Source(meaning=kept, imports=imports, names=tuple(names), in_cells=in_cells)


def understand_notebook(content: bytes, digest: str) -> Source:
    """Return what a notebook means: what its code cells do, not its prose, its outputs or the counts beside them."""
    try:
        found = [cell for cell in literate.notebook_cells(content) if cell.number]
    except literate.NotebookError:
        return Source(meaning=digest, parses=False)
    told, imports, names = ["notebook"], set[str](), set[str]()
    for cell in found:
        text, magics = literate.as_python(cell.text)
        source = understand(text.encode("utf-8", "replace"), sha256(text.encode("utf-8", "replace")).hexdigest())
        catches = "raises-exception" in cell.tags
        told += [source.meaning, *magics, f"{text.rstrip().endswith(';')} {catches}"]
        imports.update(source.imports)
        names.update(source.names)
    meaning = sha256("\0".join(told).encode("utf-8", "replace")).hexdigest()
    return Source(meaning=meaning, imports=tuple(sorted(imports)), names=tuple(sorted(names)), in_cells=True)


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield module
            yield from (module + ("" if module.endswith(".") else ".") + alias.name for alias in node.names)


def _identifiers(tree: ast.AST) -> Iterator[str]:
    """Yield names and attributes, and the words of its texts: a format of `logging` may ask for `lineno`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield node.name
    for text in _texts(tree):
        yield from re.findall(r"\w+", text) if "lineno" in text else ()


def _texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _path_names(text: str) -> Iterator[str]:
    if len(text) <= _LONGEST_NAME and "\n" not in text:
        yield from (part for part in re.split(r"[/\\]", text) if part == "_shared" or "." in part.strip("."))


def _markers(text: str, tree: ast.Module) -> Iterator[str]:
    """Yield the cell markers, each with the number of statements above it."""
    starts = [node.lineno for node in tree.body]
    for number, line in enumerate(text.splitlines(), start=1):
        if _CELL.fullmatch(line):
            yield f"{sum(start < number for start in starts)} {line.strip()}"


def _read(cache: Path) -> dict[str, Source]:
    try:
        document = json.loads(cache.read_text(encoding="utf-8"))
        if document["version"] != _VERSION:
            return {}
        return {str(digest): _source(found) for digest, found in document["sources"].items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def _source(found: dict[str, object]) -> Source:
    listed = {name: found[name] for name in ("imports", "names")}
    if not isinstance(found["meaning"], str) or not all(isinstance(value, list) for value in listed.values()):
        raise ValueError("not a source")
    if not isinstance(found["parses"], bool) or not isinstance(found["in_cells"], bool):
        raise ValueError("not a source")  # noqa: TRY004 - what is cached is no argument
    texts = {name: tuple(map(str, value)) for name, value in listed.items() if isinstance(value, list)}
    return Source(
        meaning=found["meaning"],
        parses=found["parses"],
        imports=texts["imports"],
        names=texts["names"],
        in_cells=found["in_cells"],
    )
