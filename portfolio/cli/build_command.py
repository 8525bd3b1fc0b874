"""`portfolio build`: run what is stale and build the site."""

import time

import click

from portfolio.cli.document import print_json
from portfolio.cli.options import Globals


@click.command("build")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option(
    "-j", "--jobs", type=click.IntRange(1, 1024), help="Projects run at once; the number of cores by default."
)
@click.option("--force", is_flag=True, help="Run also what is fresh.")
@click.option("--frozen", is_flag=True, help="Run nothing; fail if something is stale.")
@click.option("--drafts", is_flag=True, help="Include drafts.")
@click.option("--site-url", metavar="URL", help="Address of the site, where mkdocs.yml names none.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on standard output.")
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter an option
    globals_: Globals,
    slugs: tuple[str, ...],
    jobs: int | None,
    site_url: str | None,
    *,
    force: bool,
    frozen: bool,
    drafts: bool,
    as_json: bool,
) -> int:
    """Run what is stale and build the site in build/site.

    With SLUGs only those are run; the others are shown as they were. A project that fails keeps its last good page, the
    others go on, and the exit code is 1.
    """
    from portfolio.build import Options, build  # noqa: PLC0415 - --help answers without it
    from portfolio.cli.progress import reporter  # noqa: PLC0415
    from portfolio.cli.report import build_document, say_built  # noqa: PLC0415

    if force and frozen:
        raise click.UsageError("--force and --frozen exclude each other")
    began = time.monotonic()
    options = Options(slugs=slugs, jobs=jobs, force=force, frozen=frozen, drafts=drafts, site_url=site_url)
    workspace = globals_.workspace()
    with reporter(globals_) as shown:
        built = build(workspace, options, shown)
    if as_json:
        print_json(build_document(built))
    else:
        say_built(built, globals_, time.monotonic() - began, workspace.shown(workspace.site))
    return 0 if built.ok else 1
