"""The house stands as architecture.md draws it: rooms import downwards, and each library has one home."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import portfolio

HOUSE = Path(portfolio.__file__).parent
FLOORS = {
    **dict.fromkeys(("errors", "words", "terminal", "files", "folders", "durable", "digests", "walk", "shares"), 0),
    **dict.fromkeys(("compiled", "statements", "literate", "version", "cells", "svg", "hiding", "identity"), 0),
    **dict.fromkeys(("values", "starters"), 0),
    **dict.fromkeys(("log", "workspace", "planning", "rendering", "templates", "demo", "evaluation"), 1),
    "environments": 1,
    **dict.fromkeys(("skill", "completeness", "gate", "packed", "tracked", "presenting", "unwritten"), 1),
    **dict.fromkeys(("running", "store", "recorded", "results", "provenance", "publishing", "unchanged"), 2),
    "cards": 2,
    **dict.fromkeys(("accepting", "versions", "locking"), 2),
    **dict.fromkeys(("reading", "reporting", "ready", "executing", "planned", "entries"), 3),
    **dict.fromkeys(("build", "verifying", "cleaning", "starting", "serving", "holding"), 3),
    **dict.fromkeys(("adopting", "beginning", "diagnosis", "handing", "owned", "upgrading"), 3),
    "keeping": 3,
    "cluster": 2,
    "distributing": 3,
    "splitting": 3,
    **dict.fromkeys(("differing", "completing", "checking", "withholding", "surveying", "exporting"), 3),
    "importing": 4,
    "service": 4,
    "cli": 5,
}
ON_ONE_FLOOR = {
    ("literate", "statements"),
    ("literate", "values"),
    ("starters", "literate"),
    ("digests", "files"),
    ("values", "words"),
    ("log", "demo"),
    ("evaluation", "log"),
    ("planning", "workspace"),
    ("planning", "environments"),
    ("environments", "workspace"),
    ("rendering", "workspace"),
    ("templates", "workspace"),
    ("recorded", "store"),
    ("provenance", "versions"),
    ("versions", "results"),
    ("accepting", "results"),
    ("differing", "reading"),
    *(("adopting", room) for room in ("owned", "starting", "upgrading")),
    *(("handing", room) for room in ("holding", "reading", "reporting")),
    *((room, "owned") for room in ("beginning", "starting", "upgrading")),
    *(("completing", room) for room in ("reading", "reporting", "surveying")),
    *(("surveying", room) for room in ("build", "entries", "planned", "reading", "reporting")),
    *(("checking", room) for room in ("completing", "surveying")),
    ("rendering", "completeness"),
    ("unwritten", "completeness"),
    ("rendering", "skill"),
    ("executing", "reporting"),
    ("executing", "keeping"),
    ("cluster", "running"),
    *(("distributing", room) for room in ("executing", "keeping", "reporting")),
    ("build", "distributing"),
    *(("splitting", room) for room in ("planned", "reading", "reporting")),
    ("keeping", "reporting"),
    ("entries", "reporting"),
    ("planned", "executing"),
    *((room, "keeping") for room in ("build", "planned", "verifying")),
    ("planned", "reading"),
    ("planned", "reporting"),
    ("verifying", "executing"),
    ("verifying", "planned"),
    ("verifying", "reading"),
    ("verifying", "reporting"),
    ("cleaning", "holding"),
    ("executing", "holding"),
    ("checking", "reading"),
    ("withholding", "reporting"),
    *(
        (("build", room))
        for room in ("entries", "executing", "planned", "reading", "ready", "reporting", "withholding")
    ),
}
HOMES = {
    "pydantic": {"values", "workspace", "service"},
    "yaml": {"workspace", "rendering"},
    "jinja2": {"rendering"},
    "markupsafe": {"rendering"},
    "latex2mathml": {"rendering"},
    "markdown": {"rendering"},
    "nh3": {"rendering"},
    "pygments": {"rendering"},
    "matplotlib": {"running", "evaluation"},
    "PIL": {"running", "cards"},
    "git": {"provenance", "versions"},
    "click": {"cli"},
    "dask": {"cluster"},
    "distributed": {"cluster"},
    "rich": {"cli"},
    "watchdog": {"serving"},
    "numpy": {"running", "evaluation", "demo"},
    "pandas": {"evaluation", "demo"},
    "scipy": {"evaluation", "skill"},
    "sklearn": {"evaluation", "demo"},
    "skops": {"demo"},
    "skore": {"evaluation"},
    "skl2onnx": {"demo"},
    "onnxruntime": {"demo"},
    "fastapi": {"service"},
    "starlette": {"service"},
    "uvicorn": {"service"},
    "threadpoolctl": {"evaluation"},
    "vl_convert": {"running"},
    "plotly": {"running"},
    "kaleido": {"running"},
    "docutils": {"rendering"},
    "nbclient": {"running"},
    "nbformat": {"running"},
    "ipykernel": {"running"},
    "jupyter_client": {"running"},
    "matplotlib_inline": {"running"},
}


def test_every_room_has_a_floor() -> None:
    rooms = {_room(path) for path in _sources()} - {"__init__"}

    assert rooms <= set(FLOORS)


def test_a_room_imports_from_lower_floors_only() -> None:
    found = {(_room(path), other) for path in _sources() for other in _rooms_used(path)}

    upwards = {(room, other) for room, other in found - ON_ONE_FLOOR if FLOORS[room] <= FLOORS[other]}

    assert upwards == set()


def test_each_library_has_one_home() -> None:
    found = {(name, _room(path)) for path in _sources() for name in _libraries(ast.walk(_parsed(path)))}

    astray = {(name, room) for name, room in found if room not in HOMES.get(name, set())}

    assert astray == set()


def test_what_runs_beside_a_script_loads_no_library_but_what_draws() -> None:
    sources = [path for path in _sources() if _room(path) == "running"]

    found = {name for path in sources for name in _libraries(iter(_parsed(path).body))}

    assert found <= {"PIL", "matplotlib", "numpy"}


def _sources() -> list[Path]:
    theirs = {"projects", "example", "workspace"}
    return [path for path in sorted(HOUSE.rglob("*.py")) if not theirs & _starter_folders(path)]


def _starter_folders(path: Path) -> set[str]:
    """Return the folder below `starters/`, whose files are a user's and not ours."""
    parts = path.relative_to(HOUSE).parts
    return set(parts[1:2]) if parts[0] == "starters" else set()


def _room(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _rooms_used(path: Path) -> set[str]:
    if _room(path) == "__init__":
        return set()
    names = [name.split(".") for name in _imports(ast.walk(_parsed(path)))]
    return {parts[1] for parts in names if parts[0] == "portfolio" and len(parts) > 1} - {_room(path)}


def _libraries(nodes: Iterator[ast.AST]) -> set[str]:
    return {name.split(".")[0] for name in _imports(nodes)} - {"portfolio"} - sys.stdlib_module_names


def _imports(nodes: Iterator[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "portfolio":
            yield from (f"portfolio.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
