"""`portfolio build`: run what is stale and build the site."""

import time
from pathlib import Path
from typing import Any

import click

from portfolio.cli.document import build_document, print_json, say_summary
from portfolio.cli.options import Globals, on_cluster
from portfolio.cli.say import say
from portfolio.workspace.root import Workspace


@click.command("build")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option(
    "-j", "--jobs", type=click.IntRange(1, 1024), help="Projects run at once; the number of cores by default."
)
@click.option("--force", is_flag=True, help="Run also what is fresh.")
@click.option("--frozen", is_flag=True, help="Run nothing; fail if something is stale.")
@click.option("--drafts", is_flag=True, help="Include drafts.")
@click.option(
    "--from-runs",
    "handed",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Take runs that run --out wrote elsewhere; may be repeated.",
)
@click.option("--site-url", metavar="URL", help="Address of the site, where mkdocs.yml names none.")
@click.option(
    "--engine",
    type=click.Choice(["mkdocs", "zensical"]),
    default="mkdocs",
    show_default=True,
    help="What makes the site.",
)
@on_cluster
@click.option("--require-sandbox", is_flag=True, help="Run nothing unless every guard is on: see doctor.")
@click.option("--export", "exports", metavar="SLUG", multiple=True, help="Also write its page as files of its own.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on standard output.")
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    globals_: Globals,
    slugs: tuple[str, ...],
    jobs: int | None,
    site_url: str | None,
    handed: tuple[Path, ...],
    exports: tuple[str, ...],
    engine: str,
    executor: str | None,
    scheduler: str | None,
    *,
    force: bool,
    frozen: bool,
    drafts: bool,
    require_sandbox: bool,
    as_json: bool,
) -> int:
    """Run what is stale and build the site in build/site.

    With SLUGs only those are run; the others are shown as they were. A project that fails keeps its last good page, the
    others go on, and the exit code is 1. With --export a project's page is also written as one HTML file and as
    Markdown, below build/export.
    """
    from portfolio.unchanged import Asked, nothing_to_do  # noqa: PLC0415 - --help answers without it

    if force and frozen:
        raise click.UsageError("--force and --frozen exclude each other")
    began = time.monotonic()
    workspace = globals_.workspace()
    shown = workspace.shown(workspace.site)
    if handed:
        _take(globals_, workspace, handed)
    asked_now = Asked(drafts=drafts, site_url=site_url, engine=engine)
    rows = None if force or handed else nothing_to_do(workspace, asked_now, (*slugs, *exports))
    if rows is None:
        asked: dict[str, Any] = {
            "slugs": slugs,
            "jobs": jobs,
            "force": force,
            "frozen": frozen,
            "drafts": drafts,
            "site_url": site_url,
        }
        asked |= {"require_sandbox": require_sandbox, "engine": engine, "executor": executor, "scheduler": scheduler}
        return _build(globals_, workspace, asked, exports, began, as_json=as_json)
    rows = [row for row in rows if not slugs or row["slug"] in slugs]
    _export(globals_, workspace, exports, site_url, as_json=as_json)
    if as_json:
        print_json(build_document(rows, shown, ok=True))
    elif not globals_.quiet:
        say_summary([row["status"] for row in rows], shown, time.monotonic() - began, published=False)
    return 0


def _take(globals_: Globals, workspace: Workspace, handed: tuple[Path, ...]) -> None:
    from portfolio.cli.progress import reporter  # noqa: PLC0415 - not where there is nothing to do
    from portfolio.handing import take_runs  # noqa: PLC0415

    with reporter(globals_) as told:
        told.note(f"taken over: {', '.join(take_runs(workspace, handed, told)) or 'nothing that could be believed'}")


def _export(
    globals_: Globals, workspace: Workspace, slugs: tuple[str, ...], site_url: str | None, *, as_json: bool
) -> None:
    """Write the pages of `slugs` as files of their own, and say where."""
    if not slugs:
        return
    from portfolio.exporting import export  # noqa: PLC0415 - rarely asked for
    from portfolio.reading import Options, read  # noqa: PLC0415
    from portfolio.templates import template_folders  # noqa: PLC0415

    url = read(workspace, Options(slugs=slugs, site_url=site_url)).configuration.site.url
    for slug in slugs:
        made = export(workspace, slug, template_folders(workspace), url)
        if not as_json and not globals_.quiet:
            say(f"{slug}: {workspace.shown(made.html)} and {workspace.shown(made.markdown)}")


def _build(
    globals_: Globals,
    workspace: Workspace,
    asked: dict[str, Any],
    exports: tuple[str, ...],
    began: float,
    *,
    as_json: bool,
) -> int:
    """Build, with all that takes to import; what was asked are the fields of `Options`."""
    from portfolio.ready import Ready  # noqa: PLC0415 - not where there is nothing to do

    shown = workspace.shown(workspace.site)
    if asked["engine"] == "zensical":
        from portfolio.publishing.zensical import require_zensical  # noqa: PLC0415 - rarely asked for

        require_zensical()
    # Before anything else is imported, so that MkDocs is imported at the same time.
    with Ready(engine=asked["engine"]) as ready:
        from portfolio.build import Options, build  # noqa: PLC0415
        from portfolio.cli.build_summary import tell_actions  # noqa: PLC0415
        from portfolio.cli.progress import reporter  # noqa: PLC0415
        from portfolio.cli.report import say_built  # noqa: PLC0415

        with reporter(globals_) as told:
            built = build(workspace, Options(**asked), told, ready)
    tell_actions(built, workspace)
    _export(globals_, workspace, exports, asked["site_url"], as_json=as_json)
    if as_json:
        print_json(build_document(built.rows(), shown, ok=built.ok))
    else:
        say_built(built, globals_, time.monotonic() - began, shown)
    return 0 if built.ok else 1
