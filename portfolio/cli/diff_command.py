"""`portfolio diff`: what changed in recorded numbers, for people, for pull requests and for programs."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from portfolio.cli.document import print_json
from portfolio.cli.options import Globals
from portfolio.cli.say import say

if TYPE_CHECKING:
    from portfolio.differing import Change, Difference, Differences

_COLUMNS = ("metric", "old", "new", "change", "interval", "verdict")


@click.command("diff")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option("--against", metavar="REV", help="A branch, tag or commit; the checked-out commit unless given.")
@click.option("--strict", is_flag=True, help="Fail if any number moved, not only if one is worse.")
@click.option(
    "--format", "form", type=click.Choice(("text", "markdown")), default="text", help="Markdown is for pull requests."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on standard output.")
@click.pass_obj
def command(
    globals_: Globals, slugs: tuple[str, ...], against: str | None, form: str, *, strict: bool, as_json: bool
) -> int:
    """Show which recorded numbers of SLUGs, or of all projects, changed since they were committed.

    Where both sides have a score for each fold of the same splits of the same data, the change is judged: better, same
    or better, worse, or inconclusive, by corrected one-sided 95 % bounds, which the interval shows. A project of kind
    deep is compared with what was accepted. The exit code is 1 where a number is worse, else 0.
    """
    from portfolio.differing import differences  # noqa: PLC0415 - --help answers without it

    found = differences(globals_.workspace(), slugs, against)
    is_bad = [bool(project.worse or ((strict or found.strict) and project.moved)) for project in found.projects]
    if as_json:
        rows = [_row(project) for project in found.projects]
        print_json({"ok": not any(is_bad), "problems": [], "note": found.note, "projects": rows})
        return 1 if any(is_bad) else 0
    for line in _markdown(found) if form == "markdown" else _text(found):
        say(line)
    return 1 if any(is_bad) else 0


def _row(project: "Difference") -> dict[str, Any]:
    return {
        "slug": project.slug,
        "against": project.against,
        "worse": list(project.worse),
        "moved": list(project.moved),
        "metrics": [
            {
                "metric": change.metric,
                "old": change.old,
                "new": change.new,
                "change": change.compared.change,
                "interval": list(change.compared.bounds) if change.compared.bounds else None,
                "verdict": change.compared.verdict.value,
                "why": change.compared.why,
                "moved": change.moved,
            }
            for change in project.changes
        ],
    }


def _text(found: "Differences") -> Iterator[str]:
    if found.note:
        yield found.note
        return
    changed = [project for project in found.projects if project.changes]
    for project in changed:
        yield _title(project)
        lines = [_COLUMNS, *(_cells(change) for change in project.changes)]
        widths = [max(len(line[place]) for line in lines) for place in range(len(_COLUMNS) - 1)]
        for line in lines:
            padded = (cell.ljust(width) for cell, width in zip(line, widths, strict=False))
            yield f"  {'  '.join([*padded, line[-1]])}".rstrip()
        yield ""
    yield _summary(found)


def _markdown(found: "Differences") -> Iterator[str]:
    """Yield a table for a pull request; names of metrics and slugs hold no sign that means something there."""
    yield "### Recorded numbers"
    yield ""
    changed = [project for project in found.projects if project.changes]
    for project in changed:
        yield f"**{_title(project)}**"
        yield ""
        yield f"| {' | '.join(_COLUMNS)} |"
        yield f"|---|{'---:|' * 4}---|"
        for change in project.changes:
            name, *numbers, verdict = _cells(change)
            is_worse = change.metric in project.worse
            yield f"| `{name}` | {' | '.join(numbers)} | {f'**{verdict}**' if is_worse else verdict} |"
        yield ""
    yield found.note or _summary(found)


def _title(project: "Difference") -> str:
    since = "what was accepted" if project.against == "accepted" else project.against
    accepted = "; accepted since" if project.is_accepted else ""
    return f"{project.slug} against {since}{accepted}"


def _cells(change: "Change") -> tuple[str, ...]:
    compared = change.compared
    bounds = f"[{compared.bounds[0]:+.3g}, {compared.bounds[1]:+.3g}]" if compared.bounds else ""
    why = f" ({compared.why})" if compared.why else ""
    moved = ", moved" if change.moved else ""
    return (
        change.metric,
        _number(change.old),
        _number(change.new),
        "" if compared.change is None else f"{compared.change:+.4g}",
        bounds,
        f"{compared.verdict.value}{why}{moved}",
    )


def _number(value: float | None) -> str:
    return "absent" if value is None else f"{value:.6g}"


def _summary(found: "Differences") -> str:
    from portfolio.words import plural  # noqa: PLC0415 - --help answers without it

    changes = sum(len(project.changes) for project in found.projects)
    unchanged = sum(project.unchanged for project in found.projects)
    new = [project.slug for project in found.projects if not project.against]
    worse = [f"{project.slug}: {name}" for project in found.projects for name in project.worse]
    said = [f"{plural(changes, 'number')} changed, {unchanged:,} did not"]
    said += [f"not recorded there: {', '.join(new)}"] if new else []
    said += [f"worse: {', '.join(worse)}"] if worse else []
    return "; ".join(said)
