"""Everything an author does to a workspace between two builds, as functions from state to state."""

from collections.abc import Mapping
from dataclasses import replace
from random import Random

import exact_changes as changes
from exact_changes import Change
from exact_meaning import BROKEN, STYLE
from exact_projects import (
    CHOOSES,
    COMMANDED,
    COUNTS,
    DECLARED,
    DECLARED_DATA,
    DRAWS,
    LEVEL,
    LINKED,
    MIRRORS,
    SHARED,
    UNDECLARED,
    files_of,
    installed,
)
from exact_state import Described, File, Link, Source, State, Text, project

from portfolio.templates import shipped_templates


def _script_statement(state: State, random: Random) -> State:
    kind = random.choice(sorted(set(state.kinds.values()) - {COMMANDED}))
    return changes.in_project(state, kind, "script.py", changes.with_line(f"print({random.randrange(1000)})"))


def _cell_marker(state: State, random: Random) -> State:
    line = f"# %% part {random.randrange(9)}"
    return changes.in_project(state, COUNTS, "script.py", changes.with_line(line))


def _inline_metadata(state: State, random: Random) -> State:
    block = f'# /// script\n# requires-python = ">=3.{random.randrange(8, 11)}"\n# ///'
    return changes.in_project(state, LINKED, "script.py", lambda file: changes.with_line(block)(_without_block(file)))


def _without_block(file: File) -> File:
    assert isinstance(file, Source)
    return replace(file, statements=tuple(line for line in file.statements if not line.startswith("# /// script")))


def _break(state: State, random: Random) -> State:
    kind = random.choice((COUNTS, LINKED, MIRRORS, DECLARED))
    return changes.in_project(state, kind, "script.py", changes.with_line(BROKEN))


def _repair(state: State, _random: Random) -> State:
    return replace(state, files={path: _without_break(file) for path, file in state.files.items()})


def _without_break(file: File) -> File:
    if not isinstance(file, Source):
        return file
    return replace(file, statements=tuple(line for line in file.statements if line != BROKEN))


def _same_size(state: State, random: Random) -> State:
    def change(file: File) -> File:
        assert isinstance(file, Text)
        return Text("".join(str(random.randrange(10)) if char.isdigit() else char for char in file.text))

    return changes.in_project(state, COUNTS, "data/rows.csv", change)


def _data(state: State, random: Random) -> State:
    return changes.in_project(state, COUNTS, "data/rows.csv", lambda _: changes.other_rows(random))


def _data_added(state: State, random: Random) -> State:
    return changes.added_to(state, state.slug(COUNTS), f"data/more{random.randrange(3)}.csv", Text("1\n"))


def _data_removed(state: State, random: Random) -> State:
    top = project(state.slug(COUNTS) or "", "data/more")
    more = [path for path in state.files if path.startswith(top)]
    return state.drop(random.choice(more)) if more else state


def _link_led_elsewhere(state: State, random: Random) -> State:
    target = random.choice(("rows", "other"))
    return changes.in_project(state, LINKED, "data/rows.csv", lambda _: Link(f"../../../material/{target}.csv"))


def _link_made_a_file(state: State, _random: Random) -> State:
    return changes.in_project(state, LINKED, "data/rows.csv", lambda _: state.files["workspace/material/rows.csv"])


def _words(state: State, random: Random) -> State:
    number = random.randrange(100)
    words = {"title": f"Title {number}", "limits": [f"Limit {number}."], "tags": ["small", f"tag{number % 3}"]}
    return changes.with_spec(state, changes.some_slug(state, random), words=words)


def _time_limit(state: State, random: Random) -> State:
    return changes.with_spec(state, changes.some_slug(state, random), run={"timeout": 60 + random.randrange(60)})


def _script_named(state: State, random: Random) -> State:
    return changes.with_spec(state, state.slug(COUNTS), script=random.choice(("script.py", "other.py")))


def _no_failure_expected(state: State, _random: Random) -> State:
    path = project(state.slug(COMMANDED) or "", "spec.toml")
    return changes.at(state, path, _without_expectation)


def _without_expectation(file: File) -> File:
    assert isinstance(file, Described)
    return replace(file, run={name: value for name, value in file.run.items() if name != "expect_failure"})


def _version(state: State, random: Random) -> State:
    old = [path for path in state.files if path.startswith("elsewhere/site-packages/scales")]
    new = {f"elsewhere/{name}": file for name, file in installed(f"1.{random.randrange(20)}").items()}
    without = state.drop(*old)
    return replace(without, files={**without.files, **new})


def _theme(state: State, random: Random) -> State:
    feature = random.choice(("search.highlight", "content.code.copy", "navigation.top"))
    text = f"site_name: Ada Example\ntheme:\n  name: material\n  features:\n    - {feature}\n"
    return state.put("workspace/mkdocs.yml", Text(text))


def _template(state: State, random: Random) -> State:
    shipped = (shipped_templates() / "tags.html").read_text(encoding="utf-8")
    return state.put("workspace/site_templates/tags.html", Text(f"{shipped}<p>Edition {random.randrange(99)}</p>\n"))


def _style(state: State, random: Random) -> State:
    shipped = (shipped_templates() / "figures.mplstyle").read_text(encoding="utf-8")
    return state.put(STYLE, Text(f"{shipped}\nlines.linewidth: {random.randrange(1, 9)}\n"))


def _prose(state: State, random: Random) -> State:
    name = random.choice(("writeup.md", "notes.md", "assets/remark.txt"))
    return changes.added_to(state, changes.some_slug(state, random), name, Text(f"Prose {random.randrange(99)}.\n"))


def _nobodys_file(state: State, random: Random) -> State:
    name = random.choice((".hidden", "script.py~", ".ipynb_checkpoints/script.py", "data/.cache"))
    return changes.added_to(state, changes.some_slug(state, random), name, Text(f"{random.randrange(99)}\n"))


def _settings(state: State, random: Random) -> State:
    lines = f"[tool.portfolio]\njobs = 2\ntimeout = {60 + random.randrange(60)}\n"
    return state.put("workspace/pyproject.toml", Text(lines))


def _settings_threads(state: State, random: Random) -> State:
    lines = f"[tool.portfolio]\njobs = 2\nthreads = {random.choice((1, 2))}\n"
    return state.put("workspace/pyproject.toml", Text(lines))


def _project_added(state: State, random: Random) -> State:
    kind = random.choice((COUNTS, LINKED, DECLARED))
    slug = f"added-{kind}"
    files = {project(slug, name): file for name, file in files_of(kind).items()}
    return replace(state, files={**state.files, **files}, kinds={**state.kinds, slug: kind})


def _project_deleted(state: State, random: Random) -> State:
    slug = random.choice(sorted(set(state.kinds) - {DRAWS}))
    if len(state.kinds) < 5:
        return state
    kept = {other: kind for other, kind in state.kinds.items() if other != slug}
    return replace(state.drop(*(path for path in state.files if path.startswith(f"{project(slug)}/"))), kinds=kept)


def _project_renamed(state: State, random: Random) -> State:
    old = random.choice(sorted(set(state.kinds) - {DRAWS}))
    new = old.removesuffix("-renamed") if old.endswith("-renamed") else f"{old}-renamed"
    if new in state.kinds:
        return state
    kinds = {new if slug == old else slug: kind for slug, kind in state.kinds.items()}
    return replace(state.move(project(old), project(new)), kinds=kinds)


def _shared_renamed(state: State, _random: Random) -> State:
    away = f"{SHARED}_away"
    return state.move(SHARED, away) if state.below(SHARED) else state.move(away, SHARED)


EDITS: Mapping[str, Change] = {
    "script statement": _script_statement,
    "script remark": changes.remark_in(COUNTS, "script.py"),
    "script cell marker": _cell_marker,
    "script inline metadata": _inline_metadata,
    "script broken": _break,
    "script repaired": _repair,
    "script named": _script_named,
    "helper code": changes.code_of(COUNTS, "helper.py"),
    "helper remark": changes.remark_in(COUNTS, "helper.py"),
    "nested package code": changes.code_of(COUNTS, "inner/deep/value.py"),
    "nested package remark": changes.remark_in(COUNTS, "inner/__init__.py"),
    "dynamically imported code": changes.code_of(CHOOSES, "alpha.py"),
    "dynamically imported remark": changes.remark_in(CHOOSES, "alpha.py"),
    "dynamic import chooses": changes.param(CHOOSES, "module", "alpha", "beta"),
    "shared dynamic import chooses": changes.param(CHOOSES, "plugin", "plugin_alpha", "plugin_beta"),
    "shared alpha code": changes.shared_code_of("plugin_alpha.py"),
    "shared beta code": changes.shared_code_of("plugin_beta.py"),
    "shared code": changes.shared_code_of("common.py"),
    "shared code behind shared code": changes.shared_code_of("deeper.py"),
    "shared remark": changes.shared_remark_in("common.py"),
    "shared data of a chosen name": changes.rows_of(f"{SHARED}/plugin_alpha.txt"),
    "shared file added": lambda state, random: state.put(f"{SHARED}/pieces/{random.randrange(9)}.txt", Text("More.")),
    "shared file's content nobody reads": changes.rows_of(f"{SHARED}/pieces/first.txt"),
    "shared data": changes.rows_of(f"{SHARED}/values.csv"),
    "shared code nobody uses": changes.shared_code_of("unused.py"),
    "shared data nobody uses": changes.rows_of(f"{SHARED}/unused.csv"),
    "shared data removed": lambda state, _: state.drop(f"{SHARED}/values.csv"),
    "shared folder renamed": _shared_renamed,
    "source read by itself": changes.remark_in(MIRRORS, "script.py"),
    "source read by inspect": changes.remark_in(MIRRORS, "shown.py"),
    "source read by a traceback": changes.remark_in(MIRRORS, "stumbles.py"),
    "data": _data,
    "data of the same size and time": _same_size,
    "data added": _data_added,
    "data removed": _data_removed,
    "declared data": changes.rows_of(DECLARED_DATA),
    "data behind a link": changes.rows_of("workspace/material/rows.csv"),
    "link led elsewhere": _link_led_elsewhere,
    "link made a file": _link_made_a_file,
    "words of a spec": _words,
    "time limit": _time_limit,
    "param": changes.param(COUNTS, "scale", 2, 3, 4, 5),
    "seed": changes.run_field(DECLARED, "seed", 1, 2, 3),
    "threads": changes.run_field(DECLARED, "threads", 1, 2, 3),
    "network": changes.run_field(DECLARED, "network", True, False),
    "command": changes.run_field(COMMANDED, "command", *(["python", "tool.py", number] for number in "123")),
    "failure expected": changes.run_field(COMMANDED, "expect_failure", "To show it."),
    "failure not expected": _no_failure_expected,
    "names of variables": changes.run_field(DECLARED, "env", [LEVEL], [LEVEL, UNDECLARED]),
    "declared variable": changes.variable(LEVEL),
    "other variable": changes.variable(UNDECLARED),
    "version of a package": _version,
    "editable package": changes.elsewhere_code_of("gauge/inner.py"),
    "module on the import path": changes.elsewhere_code_of("plainly.py"),
    "template": _template,
    "theme option": _theme,
    "figure style": _style,
    "prose": _prose,
    "file that is nobody's": _nobodys_file,
    "settings": _settings,
    "threads of the workspace": _settings_threads,
    "project added": _project_added,
    "project deleted": _project_deleted,
    "project renamed": _project_renamed,
}
"""By name; all of them leave the state as it is where there is nothing to change."""
KEEPS_TIMES = ("data of the same size and time",)
"""Edits after which the files bear the times they bore before, as some archives and synchronisers leave them."""
