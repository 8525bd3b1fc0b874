"""What a run of GitHub Actions is told beside the log: problems on file and line, and a summary in Markdown.

Nothing of a project's text can end such a command, begin another, or mean something in Markdown.
"""

import os
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from portfolio.cli.say import tell_runner
from portfolio.errors import Problem
from portfolio.terminal import one_line, plain

_PLAIN = re.compile(r"[^\w \u2192]")
_OWN = re.compile(r"CI|GITHUB_(ACTIONS|EVENT_NAME|STEP_SUMMARY)|PORTFOLIO_SITE_URL|_PORTFOLIO_COMPLETE")
_MOST_BYTES = 900_000
"""A step may write a summary of 1 MiB; more of it is refused as a whole."""
_LONGEST = 300


def is_running() -> bool:
    """Whether this is a run of GitHub Actions."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def forget_variables() -> None:
    """Forget what a stranger's spec could ask for: in a run for a pull request no script gets a variable by naming it.

    What is left is what every script may see, and what this process itself goes by.
    """
    if not (is_running() and os.environ.get("GITHUB_EVENT_NAME") == "pull_request"):
        return
    from portfolio.running.environment import is_harmless  # noqa: PLC0415 - elsewhere nothing of it is needed

    for name in [name for name in os.environ if not (_OWN.fullmatch(name) or is_harmless(name))]:
        del os.environ[name]


def annotation(problem: Problem, root: Path, *, level: str) -> str:
    """Return a problem as a workflow command that puts it on its file and line; `level` is `error` or `warning`."""
    line = _line(root / problem.file, problem.key) if problem.file else 0
    place = [f"file={_value(problem.file)}"] if problem.file else []
    place += [f"line={line}"] if line else []
    said = f"{problem.message}\n{problem.hint}" if problem.hint else problem.message
    title = _value(problem.key) if problem.key and not problem.key.isdigit() else "portfolio"
    return f"::{level} {','.join([*place, f'title={title}'])}::{_text(said)}"


def annotate(problems: Iterable[Problem], root: Path) -> None:
    """Put errors on their files and lines, where this is a run of GitHub Actions; standard output stays as it is."""
    if is_running():
        for problem in problems:
            tell_runner(annotation(problem, root, level="error"), err=True)


def summarize(lines: Sequence[str]) -> None:
    """Add lines of Markdown to the summary of this step, where there is one; whose parts came from `cell`."""
    place = os.environ.get("GITHUB_STEP_SUMMARY")
    text = "\n".join(lines) + "\n\n"
    if not (is_running() and place):
        return
    if len(text.encode("utf-8")) > _MOST_BYTES:
        text = "The summary is too long to be shown; the log has all of it.\n\n"
    with suppress(OSError), Path(place).open("a", encoding="utf-8") as summary:  # a summary is no reason to fail
        summary.write(text)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a table in Markdown; every cell is text, whatever stands in it."""
    head = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    return [*head, *(f"| {' | '.join(cell(text) for text in row)} |" for row in rows)]


def cell(text: str) -> str:
    """Return a project's text so that Markdown and HTML show it and do nothing else."""
    shown = one_line(text)
    shown = shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]} …"
    return _PLAIN.sub(lambda found: f"&#{ord(found[0])};", shown)


def _line(path: Path, key: str) -> int:
    """Return the line a key names or stands on; 0 where it stands nowhere."""
    if key.isdigit():
        return int(key)
    name = re.escape(key.rpartition(".")[2].partition("[")[0])
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if name and path.is_file() else []
    except OSError:
        return 0
    return next((number for number, line in enumerate(lines, 1) if re.match(rf"\s*\[*{name}\]*\s*(?:=|:|$)", line)), 0)


def _text(text: str) -> str:
    return plain(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _text(text).replace(":", "%3A").replace(",", "%2C")
