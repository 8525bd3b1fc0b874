"""`portfolio doctor`: which guards are on here, what is installed, and whether the workspace can build."""

import shutil
from typing import TYPE_CHECKING

import click

from portfolio.cli.document import failure_document, print_json
from portfolio.cli.options import Globals
from portfolio.cli.say import say
from portfolio.errors import Problem, UsageError, WorkspaceError

if TYPE_CHECKING:
    from portfolio.diagnosis import Check
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
    """Say what is installed, where the site goes and which guards are on, each with what to do. No project is run.

    The exit code is 0 unless the workspace cannot be built: then its problems are said too.
    """
    from portfolio.diagnosis import diagnose  # noqa: PLC0415 - --help answers without it
    from portfolio.running.sandbox import guards  # noqa: PLC0415

    found, problems = guards(), _problems(globals_)
    checks = diagnose(globals_.workspace()) if _has_workspace(globals_) else ()
    programs = {name: shutil.which(name) is not None for name in _PROGRAMS}
    if as_json:
        rows = [{"name": guard.name, "on": guard.on, "what": guard.what} for guard in found]
        looked = [{"name": it.name, "ok": it.ok, "what": it.what, "hint": it.hint} for it in checks]
        said = {"ok": not problems, "checks": looked, "guards": rows, "programs": programs}
        print_json({**failure_document(problems), **said})
    else:
        _say(checks, found, programs)
    if problems and not as_json:
        raise WorkspaceError(problems)
    return 2 if problems else 0


def _has_workspace(globals_: Globals) -> bool:
    try:
        globals_.workspace()
    except UsageError:
        return False
    return True


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


def _say(checks: "tuple[Check, ...]", guards: "tuple[Guard, ...]", programs: dict[str, bool]) -> None:
    for check in checks:
        say(f"{'ok ' if check.ok else 'NO '}  {check.name:<9}  {check.what}")
        if check.hint:
            say(f"{'':<14}  hint: {check.hint}")
    for guard in guards:
        say(f"{'on ' if guard.on else 'OFF'}  {guard.name:<9}  {guard.what}")
    for name, use in _PROGRAMS.items():
        say(f"yes  {name:<9}  {use}" if programs[name] else f"no   {name:<9}  not installed; with it, {use}")
