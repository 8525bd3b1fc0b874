"""`portfolio check`: say what is wrong, and what pages lack, before anything is published."""

from typing import TYPE_CHECKING

import click

from portfolio.cli.actions import annotation, summarize, table
from portfolio.cli.document import print_json
from portfolio.cli.options import Globals
from portfolio.cli.say import say, tell_runner

if TYPE_CHECKING:
    from portfolio.checking import Checked, Finding


@click.command("check")
@click.option("--secrets", is_flag=True, help="Look for passwords and tokens in sources and in the built site.")
@click.option("--external", is_flag=True, help="Ask other hosts whether what pages link to is there.")
@click.option("--strict", is_flag=True, help="Take warnings for errors.")
@click.option("--publishing", is_flag=True, help="Fail only over what must not be published.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="Lines to read, one JSON document, or annotations of GitHub Actions.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.pass_obj
def command(
    globals_: Globals,
    *,
    secrets: bool,
    external: bool,
    strict: bool,
    publishing: bool,
    form: str,
    as_json: bool,
) -> int:
    """Check specs, write-ups, what each page lacks, and the links of the built site. Nothing is run.

    What a page lacks is a warning. Results typed by hand into a write-up, names that no run recorded, broken links and
    secrets are errors, and so is everything with --strict or `strict = true` in [tool.portfolio]. A secret is named by
    file, line and kind and never shown. Files that .gitignore names are not searched. With --publishing the exit code
    is 1 only for a broken link within the site, a secret, or with `strict = true` anything. With --external, good
    answers of other hosts are remembered for a week.
    """
    from portfolio.reading import Options, read  # noqa: PLC0415 - --help answers without it

    workspace = globals_.workspace()
    read(workspace, Options())  # a refused spec is told before what a whole check needs is loaded
    from portfolio.checking import check  # noqa: PLC0415 - as it says above

    checked = check(workspace, secrets=secrets, external=external)
    fails = checked.stops or (strict and checked.fails(strict=True)) if publishing else checked.fails(strict=strict)
    if as_json or form == "json":
        print_json({"ok": not fails, "problems": [_row(found) for found in checked.findings]})
    elif form == "github":
        for found in checked.findings:
            level = "error" if found.is_error else "warning"
            tell_runner(annotation(found.problem, workspace.root, level=level))
        summarize(_summary(checked))
    else:
        _say(checked, quiet=globals_.quiet)
    return 1 if fails else 0


def _row(found: "Finding") -> dict[str, object]:
    problem, level = found.problem, "error" if found.is_error else "warning"
    return {
        "file": problem.file,
        "key": problem.key,
        "message": problem.message,
        "hint": problem.hint,
        "level": level,
    }


def _summary(checked: "Checked") -> list[str]:
    """Return the findings as Markdown: annotations beyond the tenth of a step are not shown."""
    if not checked.findings:
        return ["### Check", "", "Nothing wrong."]
    rows = [
        (
            "error" if found.is_error else "note",
            f"{found.problem.file}:{found.problem.key}".strip(":"),
            found.problem.message,
            found.problem.hint,
        )
        for found in checked.findings
    ]
    return ["### Check", "", *table(("", "where", "what", "what to do"), rows)]


def _say(checked: "Checked", *, quiet: bool) -> None:
    from portfolio.words import plural  # noqa: PLC0415 - --help answers without it

    errors = sum(found.is_error for found in checked.findings)
    for found in checked.findings:
        say(str(found.problem) if found.is_error else f"warning: {found.problem}", err=True)
    if not quiet:
        warnings = len(checked.findings) - errors
        counted = [plural(count, word) for count, word in ((errors, "error"), (warnings, "warning")) if count]
        say(", ".join(counted) or "nothing wrong")
