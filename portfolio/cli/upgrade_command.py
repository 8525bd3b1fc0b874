"""`portfolio upgrade`: bring what the tool wrote up to date, and leave what its author changed."""

import click

from portfolio.cli.options import Globals
from portfolio.cli.say import say


@click.command("upgrade")
@click.option("--check", "only_check", is_flag=True, help="Only say what there is to do: exit code 1 if anything.")
@click.pass_obj
def command(globals_: Globals, *, only_check: bool) -> int:
    """Bring the files that the tool wrote up to the version that is running.

    Install a newer version of the tool first. Replaced are the workflow, the lock file, the schema and the tool's own
    wheel in vendor/, each only while it is as the tool wrote it, which .portfolio.json knows. What you changed is left,
    with a command that compares it with the new one.
    """
    from portfolio.upgrading import carry_out, plan_upgrade  # noqa: PLC0415 - --help answers without it
    from portfolio.version import __version__  # noqa: PLC0415

    workspace = globals_.workspace()
    upgrade = plan_upgrade(workspace)
    if not only_check:
        carry_out(workspace, upgrade)
    for change in upgrade.changes:
        say(f"would: {change}" if only_check else str(change))
    if not upgrade.changes and not globals_.quiet:
        say(f"all as portfolio {__version__} writes it")
    return 1 if only_check and upgrade.changes else 0
