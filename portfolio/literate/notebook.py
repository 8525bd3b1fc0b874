"""A notebook read as what it is, by the standard library alone."""

import json
from typing import Any

from portfolio.literate.cell import Cell, NotebookError
from portfolio.literate.python import does_something

MOST_BYTES = 50 << 20
"""Of a notebook, with the outputs it was saved with."""
_MOST_CODE = 1 << 20
_SKIPPED = "skip-execution"
_OLDEST = 4


def notebook_cells(content: bytes) -> tuple[Cell, ...]:
    """Return the cells of a notebook.

    Raises:
        NotebookError: it is none, is too large, is of an old format, or is not in Python.
    """
    found, number = [], 0
    cells = _listed(_document(content).get("cells"))
    if sum(len(_joined(cell.get("source"))) for cell in cells) > _MOST_CODE:
        raise NotebookError(f"holds more than {_MOST_CODE >> 20} MiB of code and prose: keep data in files of its own")
    for cell in cells:
        metadata, source = cell.get("metadata"), _joined(cell.get("source"))
        listed = metadata.get("tags") if isinstance(metadata, dict) else ()
        tags = frozenset(tag for tag in listed if isinstance(tag, str)) if isinstance(listed, list) else frozenset()
        if cell.get("cell_type") == "markdown":
            found.append(Cell(is_code=False, text=source, tags=tags))
        elif cell.get("cell_type") == "code":
            runs = _SKIPPED not in tags and does_something(source)
            number += runs
            saved = tuple(_listed(cell.get("outputs")))
            found.append(Cell(is_code=True, text=source, number=number if runs else 0, tags=tags, saved=saved))
    return tuple(found)


def without_outputs(content: bytes) -> dict[str, Any]:
    """Return a notebook as it is before it runs: no outputs, no counts, nothing of who edited it and where.

    Raises:
        NotebookError: it cannot be read.
    """
    document = _document(content)
    for cell in _listed(document.get("cells")):
        if cell.get("cell_type") == "code":
            cell.update(outputs=[], execution_count=None)
        metadata = cell.get("metadata")
        tags = metadata.get("tags") if isinstance(metadata, dict) else None
        cell["metadata"] = {"tags": tags} if tags else {}
    known = document.get("metadata")
    kernel = known.get("kernelspec") if isinstance(known, dict) else None
    document["metadata"] = {"kernelspec": kernel} if kernel else {}
    return document


def _document(content: bytes) -> dict[str, Any]:
    if len(content) > MOST_BYTES:
        raise NotebookError(f"is larger than {MOST_BYTES >> 20} MiB: clear its outputs")
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise NotebookError("is not a notebook: it is no JSON") from error
    if not isinstance(document, dict) or not isinstance(document.get("nbformat"), int):
        raise NotebookError("is not a notebook: it says no nbformat")
    if document["nbformat"] < _OLDEST:
        raise NotebookError(f"is a notebook of format {document['nbformat']}: open and save it in Jupyter once")
    language = _language(document.get("metadata"))
    if language not in ("", "python"):
        raise NotebookError(f"is a notebook in {language[:40]}, and only those in Python are run")
    return document


def _language(metadata: Any) -> str:
    for place, key in (("kernelspec", "language"), ("language_info", "name")):
        found = metadata.get(place) if isinstance(metadata, dict) else None
        language = found.get(key) if isinstance(found, dict) else None
        if isinstance(language, str) and language:
            return language.lower()
    return ""


def _listed(found: Any) -> list[dict[str, Any]]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _joined(text: Any) -> str:
    return "".join(map(str, text)) if isinstance(text, list) else text if isinstance(text, str) else ""
