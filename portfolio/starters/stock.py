"""What the starters of projects say themselves, read from their own files, so that it is known where it stands."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from portfolio.literate import NotebookError, notebook_cells
from portfolio.starters import TEMPLATES, project_files

_SCRIPT, _SPEC, _WRITEUP, _NOTEBOOK = "script.py", "spec.toml", "writeup.md", "analysis.ipynb"
_READ = (_SCRIPT, _SPEC, _WRITEUP, _NOTEBOOK)
_NOT_SAID = re.compile(r"#|\{\{|\{%|<!--")
"""Headings, what is computed, and remarks to the author: an author may keep them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """The sentences of all starters."""

    spec: frozenset[tuple[str, str]]
    """Keys of a spec with what stands there; of lists, each item."""
    writeup: frozenset[str]
    """Paragraphs of write-ups and notebooks, on one line each."""
    script: frozenset[str]
    """First lines, which tell what the script is."""


@cache
def stock() -> Stock:
    """Return what the starters say."""
    projects = [
        {name: data.decode() for name, data in project_files(each).items() if name in _READ} for each in TEMPLATES
    ]
    return Stock(
        spec=frozenset(pair for files in projects for pair in _said(tomllib.loads(files[_SPEC]))),
        writeup=frozenset(text for files in projects for prose in _prose(files) for _, text in paragraphs(prose)),
        script=frozenset(files[_SCRIPT].splitlines()[0] for files in projects if _SCRIPT in files),
    )


def told(notebook: bytes) -> list[str]:
    """Return the prose of a notebook, cell by cell; nothing where it is none."""
    try:
        return [cell.text for cell in notebook_cells(notebook) if not cell.is_code]
    except NotebookError:
        return []


def _prose(files: Mapping[str, str]) -> list[str]:
    return told(files[_NOTEBOOK].encode()) if _NOTEBOOK in files else [files[_WRITEUP]]


def paragraphs(text: str) -> list[tuple[int, str]]:
    """Return what a write-up says in words of its own: each paragraph on one line, with the line it begins at.

    Headings are left out, and so is all that holds something computed.
    """
    blank = re.sub(r"<!--.*?-->", lambda found: "\n" * found[0].count("\n"), text, flags=re.DOTALL)
    found: list[tuple[int, list[str]]] = []
    last = ""
    for number, line in enumerate(blank.splitlines(), 1):
        if line.strip() and (not last.strip() or last.startswith("#")):
            found.append((number, []))
        if line.strip():
            found[-1][1].append(line.strip())
        last = line
    joined = [(number, " ".join(lines)) for number, lines in found]
    return [(number, said) for number, said in joined if not _NOT_SAID.match(said) and "{{" not in said]


def _said(spec: dict[str, object]) -> list[tuple[str, str]]:
    """Return what only the author of a project can say, by key."""
    found: list[tuple[str, str]] = [(key, str(spec[key])) for key in ("summary", "question", "decision") if key in spec]
    for key in ("limits", "follow_up"):
        listed = spec.get(key)
        found += [(key, str(item)) for item in listed] if isinstance(listed, list) else []
    data = spec.get("data")
    return found + [("data.name", str(used["name"])) for used in data] if isinstance(data, list) else found
