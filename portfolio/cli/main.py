"""The entry point: global options, commands loaded when they are called, errors turned into exit codes."""

import importlib
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from portfolio.cli.actions import annotate, forget_variables
from portfolio.cli.document import failure_document, print_json
from portfolio.cli.options import Globals
from portfolio.cli.say import say
from portfolio.errors import SURROUNDINGS, PortfolioError, Problem, SiteError, WorkspaceError, cannot_write
from portfolio.version import __version__

FINE, FAILED, USAGE, NO_SITE, BUG, INTERRUPTED = 0, 1, 2, 3, 4, 130

_COMMANDS = {
    "init": "Make a new portfolio in a folder.",
    "new": "Start a project.",
    "serve": "Show the site while you work: rebuild what changes, reload the browser.",
    "build": "Run what is stale and build the site.",
    "check": "Say what is wrong before anything is published.",
    "run": "Run projects without building the site.",
    "list": "Show every project with its result.",
    "plan": "Say what a build would run, what that took last time, and how to share it out.",
    "explain": "Say why projects would run, or that they would not.",
    "diff": "Show which recorded numbers changed since a commit, and whether they are worse.",
    "import": "Make a recorded project of a run of DVCLive or MLflow, or of a saved notebook.",
    "accept": "Accept the recorded numbers of a project of kind deep.",
    "next": "Say what a project lacks, and what to type.",
    "verify": "Run projects again and say what moved.",
    "doctor": "Say what is installed, where the site goes, and which guards are on.",
    "serve-model": "Answer over HTTP with a model that a project logged.",
    "clean": "Delete what the tool made.",
    "lock": "Write down what is installed, every file known by its hash.",
    "upgrade": "Bring what the tool wrote up to date, and leave what you changed.",
}


class _Commands(click.Group):
    """Commands in the order in which they are needed, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"portfolio.cli.{cmd_name.replace('-', '_')}_command")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and name not in _COMMANDS and not name.startswith("-"):
            from portfolio.words import did_you_mean  # noqa: PLC0415

            hint = did_you_mean(name, list(_COMMANDS)) or "portfolio --help lists the commands"
            raise click.UsageError(f"no command {name!r}\nhint: {hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-C", "folder", type=click.Path(path_type=Path), default=Path(), metavar="DIR", help="Work in DIR.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what went wrong.")
@click.option("-v", "--verbose", is_flag=True, help="Show tracebacks of scripts in full.")
@click.version_option(__version__, "--version", message="portfolio %(version)s")
@click.pass_context
def portfolio(ctx: click.Context, folder: Path, *, quiet: bool, verbose: bool) -> None:
    """Turn finished machine-learning projects into a site whose every number was computed by the code beside it."""
    forget_variables()
    ctx.obj = Globals(folder=folder, quiet=quiet, verbose=verbose)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; nothing but a bug of ours shows a traceback."""
    signal.signal(signal.SIGTERM, _interrupt)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # none has a say in specs, and none is looked for
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = portfolio.main(args=given, prog_name="portfolio", standalone_mode=False)
        return code if isinstance(code, int) else FINE
    except (click.exceptions.Abort, KeyboardInterrupt):
        return _fail(given, INTERRUPTED, "interrupted; nothing is left running")
    except click.ClickException as error:
        message, _, hint = error.format_message().partition("\nhint: ")
        return _fail(given, USAGE, message, hint or _usage_hint(error))
    except WorkspaceError as error:
        return _fail_with(given, USAGE, error.problems)
    except PortfolioError as error:
        return _fail(given, NO_SITE if isinstance(error, SiteError) else USAGE, str(error.args[0]), error.hint)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        if error.errno not in SURROUNDINGS:
            return _fail_as_bug(given)
        refused = cannot_write(error, Path.cwd())
        return _fail(given, NO_SITE, str(refused.args[0]), refused.hint)
    except Exception:  # noqa: BLE001 - whatever else happens is ours
        return _fail_as_bug(given)


def _fail_as_bug(given: Sequence[str]) -> int:
    import traceback  # noqa: PLC0415

    return _fail(given, BUG, f"{traceback.format_exc()}\nThis is a bug of portfolio.", _report())


def _fail(given: Sequence[str], code: int, message: str, hint: str = "") -> int:
    return _fail_with(given, code, [Problem(file="", key="", message=message, hint=hint)])


def _fail_with(given: Sequence[str], code: int, problems: Sequence[Problem]) -> int:
    """Say the problems on standard error, in Actions on their lines, and as the one document where that was asked."""
    for problem in problems:
        say(str(problem), err=True)
    annotate(problems, Path.cwd())
    if "--json" in given:
        print_json(failure_document(problems))
    return code


def _usage_hint(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    return "" if context is None else f"{context.command_path} --help shows what it takes"


def _report() -> str:
    import platform  # noqa: PLC0415

    versions = f"portfolio {__version__}, Python {platform.python_version()}, {platform.platform()}"
    return f"please report it with the lines above and: {versions}"


def _interrupt(_number: int, _frame: Any) -> None:
    raise KeyboardInterrupt
