"""`portfolio explain`: why projects would run, and why pages would be rendered anew."""

import click

from portfolio.cli.document import print_json
from portfolio.cli.options import Globals


@click.command("explain")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on standard output.")
@click.pass_obj
def command(globals_: Globals, slugs: tuple[str, ...], *, as_json: bool) -> int:
    """Say what changed since the result that is shown, for SLUGs or for all projects. Nothing is run.

    Prose, titles, tags, templates, comments and the layout of code change pages and are no reason to run.
    """
    from portfolio.build import Options, explain  # noqa: PLC0415 - --help answers without it
    from portfolio.terminal import plain  # noqa: PLC0415

    found = explain(globals_.workspace(), Options(slugs=slugs, drafts=True))
    if as_json:
        rows = [
            {
                "slug": why.slug,
                "status": "stale" if why.reason else "fresh",
                "reason": why.reason,
                "changes": list(why.changes),
                "page": list(why.page),
            }
            for why in found
        ]
        print_json({"ok": True, "problems": [], "projects": rows})
        return 0
    for why in found:
        told = why.changes or ((why.reason,) if why.reason else ())
        extra = f" ({why.reason})" if why.reason and why.reason not in (*told, ", ".join(told)) else ""
        if told:
            click.echo(
                f"{why.slug}: would run{extra}: {plain(told[0])}" if len(told) == 1 else f"{why.slug}: would run{extra}"
            )
        elif why.page:
            click.echo(f"{why.slug}: fresh; its page would be rendered anew: {plain(', '.join(why.page))}")
        else:
            click.echo(f"{why.slug}: fresh, nothing changed")
        for change in told if len(told) > 1 else ():
            click.echo(f"  {plain(change)}")
    if not found:
        click.echo("no projects yet\nhint: portfolio new my-first starts one")
    return 0
