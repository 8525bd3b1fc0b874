"""`portfolio plan`: what a build would run, how long that took last time, and how to share it out."""

from typing import TYPE_CHECKING

import click

from portfolio.cli.document import print_json
from portfolio.cli.options import Globals
from portfolio.cli.say import say
from portfolio.terminal import one_line
from portfolio.words import plural

if TYPE_CHECKING:
    from portfolio.splitting import Share, Stale


@click.command("plan")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option("--split", "machines", type=click.IntRange(1, 256), metavar="N", help="Share it out among N machines.")
@click.option("--force", is_flag=True, help="Plan to run also what is fresh.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on standard output.")
@click.pass_obj
def command(globals_: Globals, slugs: tuple[str, ...], machines: int | None, *, force: bool, as_json: bool) -> int:
    """Say which of SLUGs, or of all projects, a build would run, why, and what each took last time. Nothing is run.

    With --split they are shared out by duration, for jobs that run them apart: see run --out and build --from-runs.
    """
    from portfolio.reading import Options  # noqa: PLC0415 - --help answers without it
    from portfolio.splitting import split, stale_projects  # noqa: PLC0415

    stale = stale_projects(globals_.workspace(), Options(slugs=slugs, force=force))
    shares = split(stale, machines) if machines else ()
    if as_json:
        print_json(_document(stale, shares))
        return 0
    for line in _lines(stale, shares):
        say(line)
    return 0


def _document(stale: "tuple[Stale, ...]", shares: "tuple[Share, ...]") -> dict[str, object]:
    projects = [{"slug": it.slug, "status": "stale", "reason": it.reason, "seconds": it.seconds} for it in stale]
    listed = [{"slugs": list(share.slugs), "seconds": share.seconds} for share in shares]
    return {"ok": True, "problems": [], "projects": projects, "shares": listed}


def _lines(stale: "tuple[Stale, ...]", shares: "tuple[Share, ...]") -> list[str]:
    width = max((len(project.slug) for project in stale), default=0)
    said = [
        f"{it.slug:<{width}}  {'?' if it.seconds is None else f'{it.seconds:.1f} s':>9}  {one_line(it.reason)}"
        for it in stale
    ]
    shared = [
        f"share {number}: {share.seconds:.1f} s: {' '.join(share.slugs)}" for number, share in enumerate(shares, 1)
    ]
    return [*said, *shared, f"{plural(len(stale), 'project')} would run" if stale else "nothing would run"]
