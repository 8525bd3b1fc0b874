"""`portfolio list`: every project with its result."""

import click

from portfolio.cli.document import build_document, print_json
from portfolio.cli.options import Globals


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on standard output.")
@click.pass_obj
def command(globals_: Globals, *, as_json: bool) -> int:
    """Show every project: what it found, whether it is fresh, and why not. Nothing is run."""
    from portfolio.cli.report import say_list  # noqa: PLC0415 - --help answers without it
    from portfolio.reading import Options  # noqa: PLC0415
    from portfolio.surveying import survey  # noqa: PLC0415

    workspace = globals_.workspace()
    found, projects = survey(workspace, Options(frozen=True, drafts=True))
    if as_json:
        print_json(build_document(found.rows(), None, ok=found.ok))
    else:
        say_list(found, projects)
    return 0
