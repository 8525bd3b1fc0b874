"""`portfolio new`: start a project."""

import re

import click

from portfolio.cli.options import Globals
from portfolio.cli.say import say
from portfolio.errors import UsageError


@click.command("new")
@click.argument("slug")
@click.option("--title", default="", metavar="TEXT", help="The finding, if you know it already.")
@click.pass_obj
def command(globals_: Globals, slug: str, title: str) -> int:
    """Start the project projects/SLUG: a spec with questions to answer, a script and a write-up that build at once."""
    from portfolio.starting import start_project  # noqa: PLC0415 - --help answers without it
    from portfolio.values.slugs import SLUG  # noqa: PLC0415

    if not re.fullmatch(SLUG, slug):
        better = re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-")[:64] or "my-first"
        raise UsageError(f"{slug!r}: a slug has small letters, digits and hyphens only", hint=f"portfolio new {better}")
    if len(title) > 120 or not (title or "x").isprintable():  # noqa: PLR2004 - as the spec says
        raise UsageError("--title has at most 120 characters and no line break", hint="shorten it")
    workspace = globals_.workspace()
    for path in start_project(workspace, slug, title or f"{slug.replace('-', ' ').capitalize()}: what did you find?"):
        if not globals_.quiet:
            say(f"wrote {workspace.shown(path)}")
    if not globals_.quiet:
        say("next: portfolio serve, and edit the three files")
    return 0
