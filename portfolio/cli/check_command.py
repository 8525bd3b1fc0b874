"""`portfolio check`: say what is wrong, and what pages lack, before anything is published."""

import re
from typing import TYPE_CHECKING

import click

from portfolio.cli.document import print_json
from portfolio.cli.options import Globals
from portfolio.cli.say import say, tell_runner

if TYPE_CHECKING:
    from pathlib import Path

    from portfolio.checking import Checked, Finding


@click.command("check")
@click.option("--secrets", is_flag=True, help="Look for passwords and tokens in sources and in the built site.")
@click.option("--strict", is_flag=True, help="Take warnings for errors.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="Lines to read, one JSON document, or annotations of GitHub Actions.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.pass_obj
def command(globals_: Globals, *, secrets: bool, strict: bool, form: str, as_json: bool) -> int:
    """Check specs, write-ups and what each page lacks; with --secrets also what stands in files. Nothing is run.

    What a page lacks is a warning. Results typed by hand into a write-up, names that no run recorded and secrets are
    errors, and so is everything with --strict or `strict = true` in [tool.portfolio]. A secret is named by file, line
    and kind and never shown. Files that .gitignore names are not searched.
    """
    from portfolio.checking import check  # noqa: PLC0415 - --help answers without it

    workspace = globals_.workspace()
    checked = check(workspace, secrets=secrets)
    fails = checked.fails(strict=strict)
    if as_json or form == "json":
        print_json({"ok": not fails, "problems": [_row(found) for found in checked.findings]})
    elif form == "github":
        for found in checked.findings:
            tell_runner(_annotation(found, workspace.root))
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


def _say(checked: "Checked", *, quiet: bool) -> None:
    from portfolio.words import plural  # noqa: PLC0415 - --help answers without it

    errors = sum(found.is_error for found in checked.findings)
    for found in checked.findings:
        say(str(found.problem) if found.is_error else f"warning: {found.problem}", err=True)
    if not quiet:
        warnings = len(checked.findings) - errors
        counted = [plural(count, word) for count, word in ((errors, "error"), (warnings, "warning")) if count]
        say(", ".join(counted) or "nothing wrong")


def _annotation(found: "Finding", root: "Path") -> str:
    """Return the finding as a workflow command; no text of a project can end it or begin another."""
    problem = found.problem
    level = "error" if found.is_error else "warning"
    line = _line(root / problem.file, problem.key) if problem.file else 0
    place = [f"file={_value(problem.file)}"] if problem.file else []
    place += [f"line={line}"] if line else []
    said = f"{problem.message}\n{problem.hint}" if problem.hint else problem.message
    title = _value(problem.key) if problem.key and not problem.key.isdigit() else "portfolio check"
    return f"::{level} {','.join([*place, f'title={title}'])}::{_text(said)}"


def _line(path: "Path", key: str) -> int:
    """Return the line a key names or stands on; 0 where it stands nowhere."""
    if key.isdigit():
        return int(key)
    name = re.escape(key.rpartition(".")[2].partition("[")[0])
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if name and path.is_file() else []
    except OSError:
        return 0
    return next((number for number, line in enumerate(lines, 1) if re.match(rf"\s*\[*{name}\]*\s*(?:=|$)", line)), 0)


def _text(text: str) -> str:
    from portfolio.terminal import plain  # noqa: PLC0415 - --help answers without it

    return plain(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _text(text).replace(":", "%3A").replace(",", "%2C")
