"""`portfolio accept`: what a deep project's results are measured against moves only by this."""

import click

from portfolio.cli.options import Globals
from portfolio.cli.say import say


@click.command("accept")
@click.argument("slug")
@click.pass_obj
def command(globals_: Globals, slug: str) -> int:
    """Accept the recorded numbers of SLUG, a project of kind deep: later results are compared with them.

    A build fails such a project where a number is worse than the accepted one, fold by fold.
    """
    from portfolio.accepting import accept  # noqa: PLC0415 - --help answers without it
    from portfolio.executing import hold  # noqa: PLC0415
    from portfolio.reading import Options, read  # noqa: PLC0415
    from portfolio.reporting import Silent  # noqa: PLC0415

    workspace = globals_.workspace()
    project = next(found for found in read(workspace, Options(slugs=(slug,))).projects if found.slug == slug)
    shown = workspace.shown(project.folder)
    with hold(workspace, Silent()):
        is_new = accept(project, shown)
    if not globals_.quiet:
        said = "accepted, for committing" if is_new else "accepted already"
        say(f"{shown}/results.json: {said}")
    return 0
