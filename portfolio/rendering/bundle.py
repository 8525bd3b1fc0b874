"""What is made for a reader to take along: the script as a notebook, and the texts of an archive."""

import json
import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from portfolio import literate
from portfolio.rendering.escape import machine_text
from portfolio.rendering.standing import needs_tool
from portfolio.statements import statement_lines
from portfolio.values.entry import Entry
from portfolio.values.record import Record
from portfolio.values.scripts import is_notebook
from portfolio.values.untrusted import PageText

_KEYS = re.compile(r"[A-Za-z0-9_-]+")


def notebook(entry: Entry, source: str) -> PageText:
    """Return the script as a notebook: a cell at each `# %%`, else at each gap before an unindented statement."""
    cells = [_markdown(f"# {entry.project.spec.title}\n\n{entry.project.spec.summary}")]
    cells += [_markdown(text) if is_text else _code(text) for is_text, text in _parts(source)]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    python = entry.record.circumstances.python if entry.record else ""
    meta = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "version": python},
    }
    return machine_text({"cells": cells, "metadata": meta, "nbformat": 4, "nbformat_minor": 5})


def spec_text(entry: Entry) -> str:
    """Return a `spec.toml` with what a run reads, and nothing an author noted beside it."""
    spec = entry.project.spec
    lines = [f"title = {_toml(spec.title)}", f"summary = {_toml(spec.summary)}", f"script = {_toml(spec.script)}"]
    if spec.params:
        lines += ["", "[params]", *(f"{_key(name)} = {_toml(value)}" for name, value in spec.params.items())]
    return "\n".join([*lines, "", "[run]", f"seed = {spec.run.seed}", ""])


def requirements(record: Record, script: str) -> str:
    """Return the packages of the run, pinned, as pip reads them, and what runs a notebook if the script is one."""
    packages = record.circumstances.packages
    runner = ["ipykernel\n", "nbclient\n"] if is_notebook(script) else []
    return "".join([*(f"{name}=={packages[name]}\n" for name in sorted(packages)), *runner])


def read_me(entry: Entry, record: Record, kept_back: Iterable[str]) -> str:
    """Return what to do with the files, and how to get the data that are not among them."""
    spec, ran = entry.project.spec, record.circumstances
    at = f"Commit {ran.commit.sha}\n" if ran.commit else ""
    lines = [
        spec.title,
        "",
        spec.summary,
        "",
        f"{at}Python {ran.python}. The packages of the run stand in requirements.txt:",
        "",
        "    python -m venv .venv && .venv/bin/pip install -r requirements.txt",
        f"    .venv/bin/{'jupyter execute' if is_notebook(spec.script) else 'python'} {spec.script}",
    ]
    if needs_tool(entry):
        lines += ["", "The code imports portfolio: before it runs, install that too, from a checkout or a wheel of it."]
    data = list(kept_back)
    if data:
        lines += ["", "Data that are not in this file:", "", *(f"- {each}" for each in data)]
    return "\n".join([*lines, ""])


def _parts(source: str) -> list[tuple[bool, str]]:
    """Return the cells' texts, each with whether it is prose."""
    cells = literate.script_cells(source.encode("utf-8", "replace"))
    if cells:
        return [(not cell.is_code, cell.text) for cell in cells if cell.text.strip()]
    lines = source.split("\n")
    bounds = [0, *_gaps(source, lines), len(lines)]
    texts = ("\n".join(lines[start:end]).strip("\n") for start, end in pairwise(bounds))
    return [(False, text) for text in texts if text.strip()]


def _gaps(source: str, lines: list[str]) -> list[int]:
    """Return the lines at which an unindented statement begins below an empty one; its own comments go along."""
    starts = []
    for number in sorted(set(statement_lines(source))):
        at = number - 1
        if lines[at][:1].isspace() or not lines[at]:
            continue
        while at and lines[at - 1].startswith(("#", "@")):
            at -= 1
        if at and not lines[at - 1].strip():
            starts.append(at)
    return starts


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)}


def _code(text: str) -> dict[str, Any]:
    source = text.splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}


def _key(name: str) -> str:
    return name if _KEYS.fullmatch(name) else _toml(name)


def _toml(value: Any) -> str:
    """Return a value of TOML, every one of which JSON could hold too."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(str(name))} = {_toml(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
