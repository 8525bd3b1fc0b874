"""`portfolio lock`: write down what the workspace installs, or a project of its own, file by file."""

from typing import TYPE_CHECKING

import click

from portfolio.cli.options import Globals
from portfolio.cli.say import say
from portfolio.errors import UsageError

if TYPE_CHECKING:
    from portfolio.values.project import Project


@click.command("lock")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option("--upgrade", is_flag=True, help="Take the newest versions, not those that are locked and still fit.")
@click.option(
    "--check", "only_check", is_flag=True, help="Only say whether the file is up to date: exit code 1 if not."
)
@click.pass_obj
def command(globals_: Globals, slugs: tuple[str, ...], *, upgrade: bool, only_check: bool) -> int:
    """Write requirements.txt: every package the tool and requirements.in need, each file known by its hash.

    The workflow installs from it, so what runs there tomorrow is what ran today. Packages of your scripts belong into
    requirements.in, one a line. uv finds the versions; --check needs neither uv nor a network.

    With SLUGs, write the locks of projects that ask for packages of their own, in the block '# /// script' of the
    script or in requirements.txt in the project's folder: script.py.lock, or requirements.txt.lock.
    """
    if slugs:
        return _projects(globals_, slugs, upgrade=upgrade, only_check=only_check)
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


def _projects(globals_: Globals, slugs: tuple[str, ...], *, upgrade: bool, only_check: bool) -> int:
    """Write or check the locks of projects; return the exit code."""
    from portfolio.environments.locked import write_lock  # noqa: PLC0415 - --help answers without it
    from portfolio.reading import Options, read  # noqa: PLC0415

    workspace, code = globals_.workspace(), 0
    for project in read(workspace, Options(slugs=slugs, drafts=True), with_locks=False).projects:
        if project.slug not in slugs:
            continue
        shown = workspace.shown(project.folder)
        if project.needs is None:
            raise UsageError(f"{shown}: asks for no packages of its own", hint=f"name them in {shown}/requirements.txt")
        if only_check:
            wrong = _wrong(project, shown)
            say(wrong or f"{shown}: its lock is up to date", err=bool(wrong))
            code = 1 if wrong else code
            continue
        path, changed = write_lock(project.needs, project.folder, workspace.cache, shown, upgrade=upgrade)
        if not globals_.quiet:
            say(f"wrote {shown}/{path.name}" if changed else f"{shown}/{path.name}: is up to date")
    return code


def _wrong(project: "Project", shown: str) -> str:
    """Return what is wrong with the lock of a project; nothing where it answers what is asked for."""
    from portfolio.values.environment import Needs  # noqa: PLC0415 - --help answers without it
    from portfolio.workspace.needs import read_needs  # noqa: PLC0415

    found = read_needs(project.folder, project.spec, shown)
    if isinstance(found, Needs) and found.lock is None:
        return f"{shown}/{found.file}.lock: is missing\nhint: portfolio lock {project.slug}"
    return "" if isinstance(found, Needs) else str(found)
