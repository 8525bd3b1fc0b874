"""`portfolio new`: start a project."""

import re
from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from portfolio.cli.options import Globals
from portfolio.cli.say import say
from portfolio.errors import UsageError
from portfolio.starters import TEMPLATES
from portfolio.workspace.root import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portfolio.beginning import Idea
    from portfolio.values.project import Project

_LONGEST = 120


@click.command("new")
@click.argument("slug")
@click.option("--title", default="", metavar="TEXT", help="The finding, if you know it already.")
@click.option(
    "--template",
    type=click.Choice(list(TEMPLATES)),
    help="What to begin with; tabular unless given. "
    + "; ".join(f"{name}: {what}" for name, what in TEMPLATES.items()),
)
@click.option("--from", "source", metavar="SLUG", help="Begin with a copy of this project, without its results.")
@click.option(
    "--from-idea",
    "idea",
    metavar="SLUG[:N]",
    help="Begin with what this project names as its Nth follow_up, the first.",
)
@click.pass_obj
def command(
    globals_: Globals, slug: str, title: str, template: str | None, source: str | None, idea: str | None
) -> int:
    """Start the project projects/SLUG: a spec with questions to answer, a script and a write-up that build at once."""
    from portfolio.beginning import copied, start_project, starter  # noqa: PLC0415 - --help answers without it

    _refuse(slug, title)
    if template and source:
        raise UsageError("--template and --from exclude each other")
    workspace = globals_.workspace()
    chosen = _idea(workspace, idea) if idea else None
    content: Mapping[str, bytes] = (
        copied(_project(workspace, source)) if source else starter(template or next(iter(TEMPLATES)))
    )
    named = title or f"{slug.replace('-', ' ').capitalize()}: what did you find?"
    for path in start_project(workspace, slug, named, content, idea=chosen):
        if not globals_.quiet:
            say(f"wrote {workspace.shown(path)}")
    if not globals_.quiet:
        if template == "notebook" and find_spec("nbclient") is None:
            say("to run it: pip install nbclient ipykernel, and name both in requirements.in")
        say("next: portfolio serve, and edit the files")
    return 0


def _refuse(slug: str, title: str) -> None:
    from portfolio.values.slugs import SLUG  # noqa: PLC0415

    if not re.fullmatch(SLUG, slug):
        better = re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-")[:64] or "my-first"
        raise UsageError(f"{slug!r}: a slug has small letters, digits and hyphens only", hint=f"portfolio new {better}")
    if len(title) > _LONGEST or not (title or "x").isprintable():
        raise UsageError(f"--title has at most {_LONGEST} characters and no line break", hint="shorten it")


def _project(workspace: Workspace, slug: str) -> "Project":
    from portfolio.reading import Options, read  # noqa: PLC0415

    parsed = read(workspace, Options(slugs=(slug,), drafts=True))
    return next(project for project in parsed.projects if project.slug == slug)


def _idea(workspace: Workspace, text: str) -> "Idea":
    """Return the idea that `SLUG` or `SLUG:N` names."""
    from portfolio.beginning import ideas  # noqa: PLC0415

    slug, _, number = text.partition(":")
    found = ideas((_project(workspace, slug),))
    if not found:
        raise UsageError(f"{slug}: names no follow_up", hint=f'add follow_up = ["…"] to projects/{slug}/spec.toml')
    chosen = int(number) if number.isascii() and number.isdecimal() else 0 if number else 1
    if not 1 <= chosen <= len(found):
        listed = "; ".join(f"{slug}:{idea.number} {idea.text[:60]}" for idea in found[:5])
        raise UsageError(f"{text}: no such idea", hint=f"there are: {listed}")
    return found[chosen - 1]
