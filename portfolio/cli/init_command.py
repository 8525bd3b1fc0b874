"""`portfolio init`: make a new portfolio in a folder."""

from pathlib import Path

import click

from portfolio.cli.options import Globals
from portfolio.cli.say import say


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path), default=Path(), metavar="[DIR]")
@click.option("--name", default="", metavar="TEXT", help="Your name, shown on the home page.")
@click.option("--role", default="", metavar="TEXT", help='What you are, such as "Data scientist".')
@click.option("--tagline", default="", metavar="TEXT", help="One line of what you do for others.")
@click.option("--site-name", default="", metavar="TEXT", help="Name of the site; your name unless given.")
@click.pass_obj
def command(globals_: Globals, folder: Path, name: str, role: str, tagline: str, site_name: str) -> int:
    """Make a new portfolio in DIR, or here: mkdocs.yml, projects/, README.md and .gitignore; nothing is replaced."""
    from portfolio.starting import start_workspace  # noqa: PLC0415 - --help answers without it

    texts = {
        "site_name": site_name or name or "My portfolio",
        "name": name or "Your Name",
        "role": role or "What you are",
        "tagline": tagline or "What you do for others, in one line",
    }
    target = globals_.folder / folder
    for path in start_workspace(target, texts):
        if not globals_.quiet:
            say(f"wrote {path}")
    if not globals_.quiet:
        go = "" if target.resolve() == Path.cwd() else f"cd {target} && "
        say(f"next: {go}portfolio new my-first")
    return 0
