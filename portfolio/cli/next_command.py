"""`portfolio next`: the first thing a project lacks, and what to type."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from portfolio.cli.document import print_json
from portfolio.cli.options import Globals
from portfolio.cli.say import say

if TYPE_CHECKING:
    from portfolio.completing import Completion


@click.command("next")
@click.argument("slug", required=False)
@click.option("--all", "everything", is_flag=True, help="Say everything that is missing, not the first thing only.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on standard output.")
@click.pass_obj
def command(globals_: Globals, slug: str | None, *, everything: bool, as_json: bool) -> int:
    """Say the first thing SLUG lacks to be complete, and the one command or line to type. Nothing is run.

    Without SLUG, of the first project that lacks something; drafts come first. A complete project states what was asked
    and who decides what, where its data come from, its result against a baseline with an interval, what it is for, its
    limits, what comes next, and when it is done; kinds ask for more.
    """
    from portfolio.completing import completions  # noqa: PLC0415 - --help answers without it

    found = completions(globals_.workspace(), (slug,) if slug else ())
    if as_json:
        print_json({"ok": True, "problems": [], "projects": [_row(project) for project in found]})
        return 0
    for line in _lines(found, everything=everything):
        say(line)
    return 0


def _row(project: "Completion") -> dict[str, object]:
    listed = [{"file": it.file, "key": it.key, "message": it.message, "hint": it.hint} for it in project.missing]
    return {"slug": project.slug, "complete": not project.missing, "missing": listed}


def _lines(found: "Sequence[Completion]", *, everything: bool) -> list[str]:
    from portfolio.terminal import plain  # noqa: PLC0415 - --help answers without it
    from portfolio.words import plural  # noqa: PLC0415

    if not found:
        return ["no projects yet\nhint: portfolio new my-first starts one"]
    open_ = [project for project in found if project.missing]
    if not open_:
        named = found[0].slug if len(found) == 1 else f"all {plural(len(found), 'project')}"
        return [f"{named}: complete\nhint: portfolio build, then commit and push"]
    shown = [it for project in open_ for it in project.missing] if everything else [open_[0].missing[0]]
    said = [plain(str(it)) for it in shown]
    if not everything:
        more = len(open_[0].missing) - 1
        others = len(open_) - 1
        parts = [f"{plural(more, 'thing')} more in {open_[0].slug}"] if more else []
        parts += [f"{plural(others, 'more project')} with something missing"] if others else []
        said += [f"then: {'; '.join(parts)}"] if parts else []
    return said
