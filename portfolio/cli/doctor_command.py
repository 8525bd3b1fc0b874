"""`portfolio doctor`: which guards are on here, what is installed, and whether the workspace can build."""

import shutil
from typing import TYPE_CHECKING

import click

from portfolio.cli.document import failure_document, print_json
from portfolio.cli.options import Globals
from portfolio.cli.say import say
from portfolio.errors import Problem, UsageError, WorkspaceError

if TYPE_CHECKING:
    from portfolio.running.sandbox import Guard

_PROGRAMS = {
    "git": "pages say at which commit, and since when, their numbers are so",
    "strace": "verify also sees what native code and started programs read",
}
"""Programs that are used where they are, with what for."""


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on standard output.")
@click.pass_obj
def command(globals_: Globals, *, as_json: bool) -> int:
    """Say which guards of runs are on here, and what follows where one is off. No project is run.

    The exit code is 0 unless the workspace cannot be built: then its problems are said too.
    """
    from portfolio.running.sandbox import guards  # noqa: PLC0415 - --help answers without it

    found = guards()
    programs = {name: shutil.which(name) is not None for name in _PROGRAMS}
    problems = _problems(globals_)
    if as_json:
        rows = [{"name": guard.name, "on": guard.on, "what": guard.what} for guard in found]
        print_json({**failure_document(problems), "ok": not problems, "guards": rows, "programs": programs})
    else:
        _say(found, programs)
    if problems and not as_json:
        raise WorkspaceError(problems)
    return 2 if problems else 0


def _problems(globals_: Globals) -> tuple[Problem, ...]:
    """Return what keeps the workspace from being built."""
    from portfolio.reading import Options, read  # noqa: PLC0415

    try:
        read(globals_.workspace(), Options())
    except WorkspaceError as error:
        return error.problems
    except UsageError as error:
        return (Problem(file="", key="", message=str(error.args[0]), hint=error.hint),)
    return ()


def _say(guards: "tuple[Guard, ...]", programs: dict[str, bool]) -> None:
    for guard in guards:
        say(f"{'on ' if guard.on else 'OFF'}  {guard.name:<8}  {guard.what}")
    for name, use in _PROGRAMS.items():
        say(f"yes  {name:<8}  {use}" if programs[name] else f"no   {name:<8}  not installed; with it, {use}")
