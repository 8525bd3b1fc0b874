"""One JSON document on standard output in every case, and the one line for people; light, as quick answers are."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import click

from portfolio.cli.say import say
from portfolio.errors import Problem
from portfolio.terminal import plain_json
from portfolio.words import plural

_STATUSES = ("ran", "fresh", "failed", "recorded", "stale")


def failure_document(problems: Sequence[Problem]) -> dict[str, Any]:
    """Return the document of a command that could not be carried out."""
    listed = [
        {"file": found.file, "key": found.key, "message": found.message, "hint": found.hint} for found in problems
    ]
    return {"ok": False, "site": None, "problems": listed, "projects": []}


def build_document(rows: Sequence[Mapping[str, Any]], site: str | None, *, ok: bool) -> dict[str, Any]:
    """Return the document of a command that could be carried out, from the projects' rows."""
    return {"ok": ok, "site": site, "problems": [], "projects": list(rows)}


def say_summary(statuses: Sequence[str], site: str | None, seconds: float, *, published: bool) -> None:
    """Say in one line what was done."""
    counts = {status: statuses.count(status) for status in _STATUSES}
    did = [f"{count} {status}" for status, count in counts.items() if count]
    where = f" · {'site' if published else 'site unchanged'} in {site}" if site else ""
    say(f"{plural(len(statuses), 'project')}: {', '.join(did) or 'none yet'}{where} · {seconds:.1f} s")
    if not statuses:
        say("hint: portfolio new my-first starts one")


def print_json(document: dict[str, Any]) -> None:
    """Print `document` on standard output."""
    click.echo(plain_json(json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False)))
