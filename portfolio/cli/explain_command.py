"""`portfolio explain`: why projects would run, and why pages would be rendered anew."""

from typing import TYPE_CHECKING

import click

from portfolio.cli.document import print_json
from portfolio.cli.options import Globals
from portfolio.cli.say import say

if TYPE_CHECKING:
    from portfolio.surveying import Explanation


@click.command("explain")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on standard output.")
@click.pass_obj
def command(globals_: Globals, slugs: tuple[str, ...], *, as_json: bool) -> int:
    """Say what changed since the result that is shown, for SLUGs or for all projects. Nothing is run.

    Prose, titles, tags, templates, comments and the layout of code change pages and are no reason to run.
    """
    from portfolio.reading import Options  # noqa: PLC0415 - --help answers without it
    from portfolio.surveying import explain  # noqa: PLC0415

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
        for line in _lines(why):
            say(line.replace("\n", " "))
    if not found:
        say("no projects yet\nhint: portfolio new my-first starts one")
    return 0


def _lines(why: "Explanation") -> list[str]:
    """Return what to say of one project; a single change stands on the line of its name."""
    if not why.reason:
        page = f"; its page would be rendered anew: {', '.join(why.page)}" if why.page else ", nothing changed"
        return [f"{why.slug}: fresh{page}"]
    again = f" ({why.reason})" if why.changes and not why.reason.startswith(why.changes[0]) else ""
    if len(why.changes) > 1:
        return [f"{why.slug}: would run{again}", *(f"  {change}" for change in why.changes)]
    return [f"{why.slug}: would run{again}: {why.changes[0] if why.changes else why.reason}"]
