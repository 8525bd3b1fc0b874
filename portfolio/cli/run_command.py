"""`portfolio run`: run projects without building the site."""

import time
from pathlib import Path

import click

from portfolio.cli.document import build_document, print_json
from portfolio.cli.options import Globals, on_cluster


@click.command("run")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option(
    "-j", "--jobs", type=click.IntRange(1, 1024), help="Projects run at once; the number of cores by default."
)
@click.option("--force", is_flag=True, help="Run also what is fresh.")
@click.option("--record", is_flag=True, help="Write the whole run to projects/SLUG/recorded/ for committing.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Copy the runs to DIR: see build --from-runs."
)
@on_cluster
@click.option("--require-sandbox", is_flag=True, help="Run nothing unless every guard is on: see doctor.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on standard output.")
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter an option
    globals_: Globals,
    slugs: tuple[str, ...],
    jobs: int | None,
    out: Path | None,
    executor: str | None,
    scheduler: str | None,
    *,
    force: bool,
    record: bool,
    require_sandbox: bool,
    as_json: bool,
) -> int:
    """Run what is stale among SLUGs, or among all projects, and store the results."""
    from portfolio.build import Options, record_runs, run  # noqa: PLC0415 - --help answers without it
    from portfolio.cli.progress import reporter  # noqa: PLC0415
    from portfolio.cli.report import say_built  # noqa: PLC0415

    if record and not slugs:
        raise click.UsageError("--record wants the SLUGs to record\nhint: portfolio run --record SLUG")
    began = time.monotonic()
    workspace = globals_.workspace()
    options = Options(
        slugs=slugs,
        jobs=jobs,
        force=force,
        drafts=True,
        recorded=False,
        executor=executor,
        scheduler=scheduler,
        require_sandbox=require_sandbox,
    )
    with reporter(globals_) as shown:
        ran = run(workspace, options, shown)
        if record:
            for folder in record_runs(workspace, options):
                shown.note(f"recorded in {workspace.shown(folder)}, for committing")
        if out:
            from portfolio.handing import write_runs  # noqa: PLC0415

            shown.note(f"copied to {out}: {', '.join(write_runs(workspace, slugs, out)) or 'nothing'}")
    if as_json:
        print_json(build_document(ran.rows(), None, ok=ran.ok))
    else:
        say_built(ran, globals_, time.monotonic() - began, None)
    return 0 if ran.ok else 1
