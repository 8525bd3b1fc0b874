"""`portfolio clean`: delete what the tool made."""

import click

from portfolio.cli.options import Globals
from portfolio.cli.say import say


@click.command("clean")
@click.option(
    "--all", "everything", is_flag=True, help="Also stored runs and downloads; the next build runs everything."
)
@click.option("-n", "--dry-run", is_flag=True, help="Say what would be deleted.")
@click.pass_obj
def command(globals_: Globals, *, everything: bool, dry_run: bool) -> int:
    """Delete the built site and what is left of builds; stored runs and downloads stay unless --all is given."""
    from portfolio.cleaning import clean  # noqa: PLC0415 - --help answers without it

    workspace = globals_.workspace()
    cleaned = clean(workspace, everything=everything, dry_run=dry_run, on_wait=_say_waiting)
    for path in cleaned.foreign:
        say(f"kept {workspace.shown(path)}: portfolio did not make it", err=True)
    if not globals_.quiet:
        verb = "would delete" if dry_run else "deleted"
        for path, size in cleaned.deleted:
            say(f"{verb} {workspace.shown(path)} ({size / 1e6:.1f} MB)")
        if not cleaned.deleted:
            say("nothing to delete")
        elif not everything:
            say("stored runs and downloads were kept; --all deletes them too")
    return 0


def _say_waiting() -> None:
    say("waiting for a build of this workspace to finish", err=True)
