"""One JSON document on standard output in every case, also where nothing could be done; light, for the error path."""

import json
from collections.abc import Sequence
from typing import Any

import click

from portfolio.errors import Problem


def failure_document(problems: Sequence[Problem]) -> dict[str, Any]:
    """Return the document of a command that could not be carried out."""
    listed = [
        {"file": found.file, "key": found.key, "message": found.message, "hint": found.hint} for found in problems
    ]
    return {"ok": False, "site": None, "problems": listed, "projects": []}


def print_json(document: dict[str, Any]) -> None:
    """Print `document` on standard output."""
    click.echo(json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False))
