"""`portfolio lock`: write down what the workspace installs, file by file."""

import click

from portfolio.cli.options import Globals
from portfolio.cli.say import say


@click.command("lock")
@click.option("--upgrade", is_flag=True, help="Take the newest versions, not those that are locked and still fit.")
@click.option(
    "--check", "only_check", is_flag=True, help="Only say whether the file is up to date: exit code 1 if not."
)
@click.pass_obj
def command(globals_: Globals, *, upgrade: bool, only_check: bool) -> int:
    """Write requirements.txt: every package the tool and requirements.in need, each file known by its hash.

    The workflow installs from it, so what runs there tomorrow is what ran today. Packages of your scripts belong into
    requirements.in, one a line. uv finds the versions; --check needs neither uv nor a network.
    """
    from portfolio.locking import LOCK, is_fresh, write_lock  # noqa: PLC0415 - --help answers without it

    root = globals_.workspace().root
    if only_check:
        fresh = is_fresh(root)
        if not fresh:
            say(f"{LOCK}: is not what is asked for now\nhint: portfolio lock", err=True)
        elif not globals_.quiet:
            say(f"{LOCK}: is up to date")
        return 0 if fresh else 1
    changed = write_lock(root, upgrade=upgrade)
    if not globals_.quiet:
        say(f"wrote {LOCK}\nnext: pip install --require-hashes -r {LOCK}" if changed else f"{LOCK}: is up to date")
    return 0
