"""`portfolio import`: make a recorded project of work that was done elsewhere."""

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portfolio.cli.options import Globals
from portfolio.cli.say import say
from portfolio.errors import UsageError

if TYPE_CHECKING:
    from portfolio.importing.bringing import Brought


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--write", "writes", is_flag=True, help="Write the project; else say what would be written.")
@click.option("--slug", metavar="NAME", help="The folder below projects/; from the title unless given.")
@click.option("--title", default="", metavar="TEXT", help="The finding, if you know how to put it.")
@click.pass_obj
def command(globals_: Globals, path: Path, slug: str | None, title: str, *, writes: bool) -> int:
    r"""Make a recorded project of what a run elsewhere left in PATH.

    PATH is a folder of DVCLive, a run in MLflow's file store, or a notebook saved with its outputs. Metrics with their
    histories, figures, tables, params and tags are kept, and nothing in PATH is changed or run. The page says that its
    numbers were recorded elsewhere, never that they were recomputed. Without --write nothing is written. Importing
    again to the same name replaces the record and leaves what you wrote.

    \b
    Examples:
      portfolio import dvclive
      portfolio import mlruns/0/8f2c1d --write
      portfolio import ~/2023/churn.ipynb --slug churn --write
    """
    from portfolio.importing.bringing import bring  # noqa: PLC0415 - --help answers without it
    from portfolio.importing.writing import found_at, refuse_taken, slug_of, write  # noqa: PLC0415

    workspace = globals_.workspace()
    found = found_at(path)
    name = slug or slug_of(found)
    _refuse(name)
    refuse_taken(workspace, name)
    with tempfile.TemporaryDirectory(prefix="portfolio-import-") as folder:
        brought = bring(found, name, Path(folder))
        for line in _lines(brought, workspace.shown(workspace.projects / name), will=not writes):
            if not globals_.quiet:
                say(line)
        if writes:
            written = write(brought, workspace, title or found.title)
            for change in written.moved:
                say(f"  {change.name} moved: {change.old} → {change.new}")
    if not globals_.quiet:
        again = f"portfolio import {path}{f' --slug {slug}' if slug else ''} --write"
        next_ = f"portfolio build; then edit projects/{name}/spec.toml: title, summary, question"
        say(f"next: {next_}" if writes else f"nothing was written; to write it: {again}")
    return 0


def _refuse(slug: str) -> None:
    from portfolio.values.slugs import SLUG  # noqa: PLC0415

    if not re.fullmatch(SLUG, slug):
        better = re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-")[:64] or "imported"
        raise UsageError(f"{slug!r}: a slug has small letters, digits and hyphens only", hint=f"--slug {better}")


def _lines(brought: "Brought", shown: str, *, will: bool) -> list[str]:
    """Return what is said of a project that was or will be written."""
    from portfolio.words import plural  # noqa: PLC0415

    found, result = brought.found, brought.record.result
    counts = [
        plural(len(result.metrics), "metric"),
        plural(sum(len(each.points) > 1 for each in found.measured), "history").replace("historys", "histories"),
        plural(len(result.figures), "figure"),
        plural(len(result.tables), "table"),
        plural(len(result.artifacts), "file"),
        plural(len(result.params), "param"),
        plural(len(found.tags), "tag"),
    ]
    told = [f"{found.title}: {found.origin}, of {found.started.date().isoformat()}"]
    parts = ", ".join(each for each in counts if each[:2] != "0 ") or "prose and code"
    told.append(f"{'would write' if will else 'writes'} {shown}: {parts}")
    told += [f"  {metric.name} = {metric.value:.6g}" for metric in result.metrics[:10]]
    told += [f"  and {len(result.metrics) - 10} more metrics"] if len(result.metrics) > 10 else []  # noqa: PLR2004
    told += [f"note: {note}" for note in found.notes]
    told += [f"left out: {reason}" for reason in brought.left_out]
    return told
