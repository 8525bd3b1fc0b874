"""`portfolio serve-model`: a logged model behind HTTP."""

from typing import TYPE_CHECKING

import click

from portfolio.cli.options import Globals
from portfolio.cli.say import say
from portfolio.errors import UsageError

if TYPE_CHECKING:
    from portfolio.service.finding import Found

_NEEDED = ("fastapi", "uvicorn", "skops")


@click.command("serve-model")
@click.argument("which", metavar="SLUG|FILE")
@click.option("--model", "name", metavar="NAME", help="Which model, where the run logged several.")
@click.option("--trust", "trusted", multiple=True, metavar="TYPE", help="A type in the file that you trust.")
@click.option(
    "-p", "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port; 0 picks a free one."
)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on; others can call what is not loopback."
)
@click.pass_obj
def command(globals_: Globals, which: str, name: str | None, trusted: tuple[str, ...], port: int, host: str) -> int:
    """Serve the model that a project logged, or a downloaded .skops file with its .json beside it, until Ctrl-C.

    At /predict it answers one row or a list of rows, at /health that it is there, at /model what it is. First it
    replays the example rows of its description; where the answers differ it is not served. A skops file is safer than
    a pickle, not safe: a type that skops does not know to be safe has to be named with --trust.
    """
    _check_installed()
    from portfolio.demo.answering import DiffersError  # noqa: PLC0415 - --help answers without it
    from portfolio.demo.loading import other_versions  # noqa: PLC0415
    from portfolio.service.serving import load, serve  # noqa: PLC0415

    found = _found(globals_, which, name)
    notes = [found.note] if found.note else []
    others = other_versions(found.description)
    if others:
        notes.append(f"the model was fitted with other versions: {', '.join(others)}")
    for note in notes:
        say(f"note: {note}", err=True)
    try:
        served = load(found, trusted)
    except DiffersError as error:
        advice = "install the versions it was fitted with, or fit and log it anew"
        say(f"{found.path.name}: {error}\nhint: {advice}", err=True)
        return 1
    rows = len(found.description["rows"])
    say(f"replayed {rows} example rows: largest difference {served.largest_difference:.1g}", err=True)
    serve(served, host, port, lambda address: say(f"serving {found.name} at {address} - Ctrl-C ends it", err=True))
    return 0


def _check_installed() -> None:
    from importlib.util import find_spec  # noqa: PLC0415

    lacking = [name for name in _NEEDED if find_spec(name) is None]
    if lacking:
        raise UsageError(f"serve-model needs {' and '.join(lacking)}", hint=f"pip install {' '.join(lacking)}")


def _found(globals_: Globals, which: str, name: str | None) -> "Found":
    from portfolio.service.finding import SUFFIX, find_file, find_in_project  # noqa: PLC0415

    if which.endswith(SUFFIX):
        if name is not None:
            raise UsageError("--model chooses among a project's models, and this is a file", hint="leave it out")
        return find_file(globals_.folder / which)
    return find_in_project(globals_.workspace(), which, name)
