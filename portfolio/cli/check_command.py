"""`portfolio check`: say what is wrong before anything is published."""

import click

from portfolio.cli.document import print_json
from portfolio.cli.options import Globals


@click.command("check")
@click.option("--secrets", is_flag=True, help="Look for passwords and tokens in sources and in the built site.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on standard output.")
@click.pass_obj
def command(globals_: Globals, *, secrets: bool, as_json: bool) -> int:
    """Check specs and configuration; with --secrets also what stands in files. Nothing is run.

    A secret is named by file, line and kind and never shown. Files that .gitignore names are not searched.
    """
    from portfolio.checking import check  # noqa: PLC0415 - --help answers without it
    from portfolio.terminal import plain  # noqa: PLC0415
    from portfolio.words import plural  # noqa: PLC0415

    problems = check(globals_.workspace(), secrets=secrets)
    if as_json:
        listed = [{"file": each.file, "key": each.key, "message": each.message, "hint": each.hint} for each in problems]
        print_json({"ok": not problems, "problems": listed})
        return 1 if problems else 0
    for problem in problems:
        click.echo(plain(str(problem)), err=True)
    if not globals_.quiet:
        looked = "specs, sources and site" if secrets else "specs and configuration"
        click.echo(f"{looked}: {plural(len(problems), 'problem') if problems else 'nothing wrong'}")
    return 1 if problems else 0
