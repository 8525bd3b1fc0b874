"""`portfolio explain`: why projects would run."""

import click

from portfolio.cli.document import print_json
from portfolio.cli.options import Globals


@click.command("explain")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on standard output.")
@click.pass_obj
def command(globals_: Globals, slugs: tuple[str, ...], *, as_json: bool) -> int:
    """Say what changed since the result that is shown, for SLUGs or for all projects. Nothing is run.

    Prose, tags, titles, templates, comments and layout of code change pages only and are no reason to run.
    """
    from portfolio.build import Options, explain  # noqa: PLC0415 - --help answers without it
    from portfolio.terminal import plain  # noqa: PLC0415

    found = explain(globals_.workspace(), Options(slugs=slugs, drafts=True))
    if as_json:
        rows = [
            {"slug": slug, "status": "stale" if why else "fresh", "reason": why, "changes": list(changed)}
            for slug, (why, changed) in found.items()
        ]
        print_json({"ok": True, "problems": [], "projects": rows})
        return 0
    for slug, (why, changed) in found.items():
        if not why:
            click.echo(f"{slug}: fresh, nothing it depends on changed")
        elif len(changed) <= 1:
            click.echo(f"{slug}: would run: {plain(changed[0] if changed and changed[0] != why else why)}")
        else:
            click.echo(f"{slug}: would run:")
            for change in changed:
                click.echo(f"  {plain(change)}")
    if not found:
        click.echo("no projects yet\nhint: portfolio new my-first starts one")
    return 0
