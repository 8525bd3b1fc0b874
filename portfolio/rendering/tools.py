"""Which packages each step of a script uses, read from its text: nothing is imported or run for it."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from portfolio.rendering.files import beneath
from portfolio.statements import parsed_file
from portfolio.values.entry import Entry

_CALLED = {"sklearn": "scikit-learn", "skimage": "scikit-image", "PIL": "pillow", "cv2": "opencv-python"} | {
    "yaml": "pyyaml",
    "bs4": "beautifulsoup4",
}
"""Distributions that are not named like their module."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """A package in a step, with the version its run had."""

    step: str
    """Empty for what stands in no step."""
    package: str
    version: str


def tools_used(entry: Entry) -> tuple[Used, ...]:
    """Return the packages of each step in the order of the script; nothing where the code is not published."""
    project, packages = entry.project, entry.record.circumstances.packages if entry.record else {}
    tree = _tree(project.folder, project.spec.script) if project.spec.code else None
    if tree is None:
        return ()
    sources = _imported(tree, project.folder, packages)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    found: dict[tuple[str, str], None] = {}
    steps = list(_steps(tree))
    for name, nodes in steps or [("", tree.body)]:
        for used in _names(nodes, functions):
            found |= {(name, package): None for package in sources.get(used, ())}
    return tuple(Used(step=step, package=package, version=packages[package]) for step, package in found)


def _tree(folder: Path, name: str) -> ast.Module | None:
    path = beneath(folder, name)
    try:
        return None if path is None else parsed_file(path)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _imported(tree: ast.Module, folder: Path, packages: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the packages behind each name the script imports; a module of its own folder stands for what it uses."""
    found: dict[str, tuple[str, ...]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                found[alias.asname or alias.name.partition(".")[0]] = _packages(alias.name, folder, packages)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                found[alias.asname or alias.name] = _packages(node.module, folder, packages)
    return found


def _packages(module: str, folder: Path, packages: Mapping[str, str]) -> tuple[str, ...]:
    top = module.partition(".")[0]
    name = _CALLED.get(top, top.replace("_", "-").lower())
    if name in packages:
        return (name,)
    own = _tree(folder, f"{top}.py")
    if own is None:
        return ()
    modules = [alias.name for node in ast.walk(own) if isinstance(node, ast.Import) for alias in node.names]
    modules += [node.module for node in ast.walk(own) if isinstance(node, ast.ImportFrom) and node.module]
    tops = (each.partition(".")[0] for each in modules)
    known = (_CALLED.get(each, each.replace("_", "-").lower()) for each in tops)
    return tuple(dict.fromkeys(each for each in known if each in packages))


def _steps(tree: ast.Module) -> Iterator[tuple[str, list[ast.stmt]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.With):
            for item in node.items:
                call = item.context_expr
                if isinstance(call, ast.Call) and _is_step(call.func) and call.args:
                    named = call.args[0]
                    if isinstance(named, ast.Constant) and isinstance(named.value, str):
                        yield named.value, node.body


def _is_step(called: ast.expr) -> bool:
    return isinstance(called, ast.Name | ast.Attribute) and getattr(called, "id", getattr(called, "attr", "")) == "step"


def _names(nodes: Iterable[ast.AST], functions: Mapping[str, ast.AST]) -> list[str]:
    """Return the names that are used in `nodes`, and in the functions of the script they use."""
    waiting = list(nodes)
    seen: dict[str, None] = {}
    while waiting:
        for node in ast.walk(waiting.pop(0)):
            if isinstance(node, ast.Name) and node.id not in seen:
                seen[node.id] = None
                if node.id in functions:
                    waiting.append(functions[node.id])
    return list(seen)
