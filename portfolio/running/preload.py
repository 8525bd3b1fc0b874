"""What a zygote may import before it is forked, read from the sources of projects, and which projects it would mislead.

Only libraries whose import is known to change nothing for anybody else are imported for all. seaborn registers colour
maps, torch starts threads, `sklearn.experimental` unlocks estimators: a script that wants them imports them itself.
"""

import ast
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.machinery import all_suffixes
from pathlib import Path

from portfolio.statements import parsed_file

_LIBRARIES = frozenset({"PIL", "joblib", "matplotlib", "numpy", "pandas", "portfolio", "scipy", "sklearn"})
_NOT_FOR_ALL = ("matplotlib.backends", "matplotlib.testing", "numpy.distutils", "numpy.f2py", "sklearn.experimental")
_BY_NAME = frozenset({"__import__", "import_module", "importlib", "runpy", "exec", "eval"})
_METHODS = frozenset({"exec", "eval"})
"""Frames and models have methods of these names."""
_SERVING = ("numpy", "scipy")
"""Packages that import a submodule for whoever reaches for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """What the Python sources of a project import, and what they reach through what they import."""

    imports: frozenset[str]
    """Dotted names and all packages above them; the names of `from` imports too, be they modules or not."""
    reaches: frozenset[str]
    """Dotted paths of attributes of modules, such as `matplotlib.ticker` for `mpl.ticker`."""
    own: frozenset[str]
    """Names of the project's own files and folders that Python could import."""
    is_dynamic: bool
    """Whether it may import what no text names; of a module that is there already, nobody would notice."""

    @property
    def preloadable(self) -> frozenset[str]:
        """What a zygote may import for all."""
        wanted = {name for name in self.imports if name.partition(".")[0] in _LIBRARIES}
        return frozenset(name for name in wanted if not any(f"{name}.".startswith(f"{no}.") for no in _NOT_FOR_ALL))

    def fits(self, brought: Mapping[str, Sequence[str]]) -> bool:
        """Whether the project cannot tell that modules are loaded which it did not import.

        Args:
            brought: the modules that were loaded, by the import that loaded them first.

        Returns:
            False where a file of the project has the name of a loaded module, or would find in a package what only
            others import: `matplotlib.pyplot` without an import of it is an error of the script, with or without them.
        """
        loaded = {module for modules in brought.values() for module in modules}
        known = {module for name in self.imports for module in brought.get(name, ())} | self.imports
        doubtful = {name for name in self.reaches & loaded if name.partition(".")[0] not in _SERVING}
        return not self.is_dynamic and not self.own & loaded and doubtful <= known


def uses_of(folder: Path) -> Uses:
    """Read the Python sources below `folder`; one that does not parse imports nothing."""
    imports: set[str] = set()
    reaches: set[str] = set()
    own: set[str] = set()
    is_dynamic = False
    for path, names in _importable(folder):
        own.update(names)
        tree = _parsed(path) if path.suffix == ".py" else None
        if tree is not None:
            bound = list(_bindings(tree))
            imports.update(above for _, dotted in bound for above in _prefixes(dotted))
            is_dynamic = is_dynamic or _imports_by_name(tree)
            reaches.update(above for dotted in _reached(tree, dict(bound)) for above in _prefixes(dotted))
    return Uses(imports=frozenset(imports), reaches=frozenset(reaches), own=frozenset(own), is_dynamic=is_dynamic)


def _importable(folder: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Yield what Python could import from anywhere below `folder`, and the names that could stand first in its own."""
    suffixes = tuple(all_suffixes())
    for top, _, names in os.walk(folder):
        for name in names:
            if name.endswith(suffixes):
                yield Path(top, name), (*Path(top).relative_to(folder).parts, name.partition(".")[0])


def _parsed(path: Path) -> ast.Module | None:
    try:
        return parsed_file(path)
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _bindings(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield every import: the name it binds, or its own where it binds that of its package, and the module's name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.asname or alias.name, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _imports_by_name(tree: ast.Module) -> bool:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            names = {node.id}
        elif isinstance(node, ast.Attribute):
            names = {node.attr} - _METHODS
        elif isinstance(node, ast.alias):
            names = set(node.name.split("."))
        else:
            names = set((node.module or "").split(".")) if isinstance(node, ast.ImportFrom) else set()
        if names & _BY_NAME:
            return True
    return False


def _reached(tree: ast.Module, bound: Mapping[str, str]) -> Iterator[str]:
    """Yield the dotted paths that chains of attributes spell, with names replaced by the modules they are bound to."""
    for node in ast.walk(tree):
        parts: list[str] = []
        inner: ast.expr | None = node if isinstance(node, ast.Attribute) else None
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if isinstance(inner, ast.Name) and parts:
            yield ".".join([bound.get(inner.id, inner.id), *reversed(parts)])


def _prefixes(dotted: str) -> list[str]:
    parts = dotted.split(".")
    return [".".join(parts[: end + 1]) for end in range(len(parts))]
