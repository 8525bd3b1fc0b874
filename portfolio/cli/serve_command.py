"""`portfolio serve`: show the site while its author works."""

import time
import webbrowser
from typing import TYPE_CHECKING

import click

from portfolio.cli.options import Globals
from portfolio.cli.say import say
from portfolio.errors import PortfolioError, UsageError

if TYPE_CHECKING:
    from portfolio.ready import Ready


@click.command("serve")
@click.option(
    "-p", "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port; 0 picks a free one."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--open", "open_browser", is_flag=True, help="Open the site in the browser.")
@click.option(
    "-j", "--jobs", type=click.IntRange(1, 1024), help="Projects run at once; the number of cores by default."
)
@click.pass_obj
def command(globals_: Globals, port: int, host: str, jobs: int | None, *, open_browser: bool) -> int:
    """Build the site, drafts included, show it, and rebuild what changes until Ctrl-C."""
    from portfolio.ready import Ready  # noqa: PLC0415 - --help answers without it
    from portfolio.serving import Reloads, make_server, serve  # noqa: PLC0415

    workspace = globals_.workspace()
    reloads = Reloads()
    try:
        server = make_server(workspace, host, port, reloads)
    except OSError as error:
        raise UsageError(
            f"cannot listen on {host}:{port}: {error.strerror}", hint="portfolio serve --port 0"
        ) from error
    with Ready(keep=True) as ready:
        _rebuild(globals_, jobs, ready)
        _announce(host, server.server_address[1], open_browser=open_browser)
        serve(workspace, server, reloads, lambda: _rebuild(globals_, jobs, ready))
    return 0


def _announce(host: str, port: int, *, open_browser: bool) -> None:
    address = f"http://{host}:{port}/"
    say(f"serving {address} - Ctrl-C ends it", err=True)
    if open_browser:
        webbrowser.open(address)


def _rebuild(globals_: Globals, jobs: int | None, ready: "Ready") -> bool:
    """Build and say how it went; an error of the author's is shown, and the last good site stays."""
    from portfolio.build import Options, build  # noqa: PLC0415
    from portfolio.cli.progress import reporter  # noqa: PLC0415
    from portfolio.cli.report import say_built  # noqa: PLC0415

    began = time.monotonic()
    workspace = globals_.workspace()
    try:
        with reporter(globals_) as shown:
            built = build(workspace, Options(jobs=jobs, drafts=True, executor="local"), shown, ready)
    except PortfolioError as error:
        say(str(error), err=True)
        return False
    say_built(built, globals_, time.monotonic() - began, workspace.shown(workspace.site))
    return built.published
