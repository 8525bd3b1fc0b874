"""Small changes of a state, from which edits are made; where there is nothing to change the state stays as it is."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random

from exact_projects import SHARED
from exact_state import Described, File, Source, State, Text, project

Change = Callable[[State, Random], State]


def drawing_from(seed: int | str) -> Random:
    """Return what draws the same things each time from the same seed."""
    return Random(seed)  # noqa: S311 - nothing secret is drawn


def code_of(kind: str, name: str) -> Change:
    """Change the number that a module of a project holds."""
    return lambda state, random: in_project(state, kind, name, lambda file: _renumbered(file, random))


def remark_in(kind: str, name: str) -> Change:
    """Change a remark in a module of a project."""
    return lambda state, random: in_project(state, kind, name, lambda file: _remarked(file, random))


def shared_code_of(name: str) -> Change:
    """Change the number that a shared module holds."""
    return lambda state, random: at(state, f"{SHARED}/{name}", lambda file: _renumbered(file, random))


def shared_remark_in(name: str) -> Change:
    """Change a remark in a shared module."""
    return lambda state, random: at(state, f"{SHARED}/{name}", lambda file: _remarked(file, random))


def elsewhere_code_of(name: str) -> Change:
    """Change the number that a module of the author's outside of the workspace holds."""
    return lambda state, random: at(state, f"elsewhere/source/{name}", lambda file: _renumbered(file, random))


def rows_of(path: str) -> Change:
    """Change the rows of a data file."""
    return lambda state, random: at(state, path, lambda _: other_rows(random))


def param(kind: str, name: str, *values: object) -> Change:
    """Set a param to one of `values`."""
    return lambda state, random: with_spec(state, state.slug(kind), params={name: random.choice(values)})


def run_field(kind: str, name: str, *values: object) -> Change:
    """Set a field of `[run]` to one of `values`."""
    return lambda state, random: with_spec(state, state.slug(kind), run={name: random.choice(values)})


def variable(name: str) -> Change:
    """Give a variable another value."""
    return lambda state, random: replace(state, variables={**state.variables, name: str(random.randrange(9))})


def in_project(state: State, kind: str, name: str, change: Callable[[File], File]) -> State:
    """Change a file of a project."""
    slug = state.slug(kind)
    return at(state, project(slug, name), change) if slug else state


def added_to(state: State, slug: str | None, name: str, file: File) -> State:
    """Write a file into a project."""
    return state.put(project(slug, name), file) if slug else state


def at(state: State, path: str, change: Callable[[File], File]) -> State:
    """Change the file at `path`."""
    return state.put(path, change(state.files[path])) if path in state.files else state


def with_spec(
    state: State,
    slug: str | None,
    *,
    script: str = "",
    words: Mapping[str, object] | None = None,
    params: Mapping[str, object] | None = None,
    run: Mapping[str, object] | None = None,
) -> State:
    """Change fields of a spec."""
    found = state.files.get(project(slug, "spec.toml")) if slug else None
    if not slug or not isinstance(found, Described):
        return state
    changed = replace(
        found,
        script=script or found.script,
        words={**found.words, **(words or {})},
        params={**found.params, **(params or {})},
        run={**found.run, **(run or {})},
    )
    return state.put(project(slug, "spec.toml"), changed)


def with_line(line: str) -> Callable[[File], File]:
    """Return what adds a line that counts to the end of a source."""

    def change(file: File) -> File:
        assert isinstance(file, Source)
        return file if line in file.statements else replace(file, statements=(*file.statements, line))

    return change


def other_rows(random: Random) -> Text:
    """Return a data file."""
    return Text("".join(f"{random.randrange(100)}\n" for _ in range(random.randrange(1, 4))))


def some_slug(state: State, random: Random) -> str:
    """Return any project's folder."""
    return random.choice(sorted(state.kinds))


def _renumbered(file: File, random: Random) -> File:
    """Return the module with another number in the first statement that names one."""
    assert isinstance(file, Source)
    names = [line.split(" = ")[0] for line in file.statements if " = " in line and "\n" not in line]
    changed = f"{names[0]} = {random.randrange(1000)}"
    lines = [changed if line.startswith(f"{names[0]} = ") else line for line in file.statements]
    return replace(file, statements=tuple(lines))


def _remarked(file: File, random: Random) -> File:
    assert isinstance(file, Source)
    return replace(file, remarks=(*file.remarks[:3], f"remark {random.randrange(1000)}"))
