"""The README says what is there, and everything it shows works."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from stage import REPOSITORY, SECONDS, Stage, environment

import portfolio
from portfolio.cli.main import portfolio as command_line
from portfolio.rendering.orders import Writing
from portfolio.rendering.writeup import rendered
from portfolio.values.record import Metric
from portfolio.values.settings import Settings
from portfolio.values.spec import Spec

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
MARKED = {
    "build": "python3 -m venv .venv && .venv/bin/pip install -q -e '.[model]' && .venv/bin/portfolio build",
    "test": "python3 -m venv .venv && .venv/bin/pip install -q -e '.[test]' && .venv/bin/pytest -q -n 2",
}
SCRIPTS = 3
FOREIGN = re.compile(
    rb"pypi[.]org|python[h]osted|npmjs[.](?:com|org)|(?:deb|security)[.]debian[.]org|(?<![\w.])/wor[k]/"
)
"""Package indexes, for which anyone may have a mirror, and one machine's paths; written so as not to find itself."""


def blocks(language: str) -> list[str]:
    """Return the fenced blocks of a language; of none, where it is empty."""
    found: list[tuple[str, str]] = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return [text for name, text in found if name == language]


def code() -> Iterator[str]:
    """Yield what is set as code: fenced blocks that are no Python or TOML, and spans outside of blocks."""
    yield from blocks("")
    prose = re.sub(r"^```.*?^```$", "", README, flags=re.MULTILINE | re.DOTALL)
    yield from re.findall(r"`([^`\n]+)`", prose)


def commands() -> dict[str, click.Command]:
    """Return the commands by name, as `--help` lists them."""
    context = click.Context(command_line)
    found = {name: command_line.get_command(context, name) for name in command_line.list_commands(context)}
    return {name: command for name, command in found.items() if command}


def options(command: click.Command) -> set[str]:
    """Return the long options of a command."""
    named = [name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)]
    given = [name for name in named if name.startswith("--")]
    return {*given, "--help"}


@pytest.mark.parametrize("name", MARKED)
def test_a_marked_command_is_one_line_right_after_its_mark(name: str) -> None:
    found = re.findall(rf"^<!-- command: {name} -->\n```\n(.*)\n```$", README, re.MULTILINE)

    assert found == [MARKED[name]]


def test_every_command_stands_in_the_readme() -> None:
    shown = " ".join(code())

    assert [name for name in commands() if f"portfolio {name}" not in shown] == []


def test_the_readme_names_no_command_that_is_not_there() -> None:
    words = {word for text in code() for word in re.findall(r"(?<!from )\bportfolio ([a-z][a-z-]*)", text)}

    assert words - set(commands()) == set()


def test_each_command_is_listed_with_exactly_its_options() -> None:
    rows = re.findall(r"^\| `portfolio ([a-z-]+)[^|]*\|[^|]*\|([^|]*)\|$", README, re.MULTILINE)

    listed = {name: {*re.findall(r"--[a-z-]+", cell), "--help"} for name, cell in rows}

    assert listed == {name: options(command) for name, command in commands().items()}


def test_the_readme_names_no_option_that_is_not_there() -> None:
    known = {option for command in [command_line, *commands().values()] for option in options(command)}

    foreign = {option for text in code() for option in re.findall(r"(?<![\w-])--[a-z-]+", text)} - known

    assert foreign == {"--require-hashes", "--extra"}, "pip's and uv's"


def test_every_call_a_script_may_make_stands_in_the_readme() -> None:
    shown = " ".join(code())

    names = [name for name in portfolio.__all__ if not name.startswith("_")]

    assert [name for name in names if not re.search(rf"\b{name}\b", shown)] == []


def test_the_readme_names_no_call_that_is_not_there() -> None:
    calls = {name for text in code() for name in re.findall(r"\blog_[a-z]+\b", text)}

    assert calls - set(portfolio.__all__) == set()


def test_the_spec_shown_is_valid() -> None:
    shown = [tomllib.loads(text) for text in blocks("toml")]

    specs = [Spec.model_validate(table) for table in shown]

    assert [spec.title for spec in specs]


def test_the_settings_named_are_those_there_are() -> None:
    named = set(re.search(r"`\[run\] timeout`.*?`\[tool\.portfolio\]`", README, re.DOTALL)[0].split("`"))  # type: ignore[index]

    known = set(Settings.model_fields)

    assert {"timeout", "memory", "threads", "jobs", "output_limit"} == named & known


@pytest.mark.parametrize("number", range(SCRIPTS))
def test_a_script_shown_runs_on_its_own(number: int, tmp_path: Path) -> None:
    shown = blocks("python")
    folder = tmp_path / "projects" / "shown"
    folder.mkdir(parents=True)
    (folder / "script.py").write_text(shown[number], encoding="utf-8")
    (folder / "spec.toml").write_text(blocks("toml")[0], encoding="utf-8")

    ended = subprocess.run(
        [sys.executable, "script.py"],
        cwd=folder,
        env=environment({"MPLBACKEND": "Agg"}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )

    assert len(shown) == SCRIPTS
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("{{ (100 * metrics.accuracy.number) | round }} %", "<p>92 %</p>"),
        ("{{ metrics.accuracy.number | round(2) }}", "<p>0.92</p>"),
        ('{{ "%.1f" | format(100 * metrics.accuracy.low) }} %', "<p>90.1 %</p>"),
    ],
)
def test_a_number_can_be_written_as_the_readme_says(shown: str, printed: str) -> None:
    metric = Metric(name="accuracy", value=0.92345, interval=(0.9012, 0.9412))
    writing = Writing(text=shown, file="w", prefix="w", metrics=(metric,), params={}, figures=(), tables=(), verdict="")

    assert f"`{shown}`" in README
    assert rendered(writing).html == printed


def test_the_projects_shown_build(workspace: Callable[..., Stage]) -> None:
    stage = workspace()
    knowing, unknowing, judged = blocks("python")
    stage.write("projects/wine/spec.toml", blocks("toml")[0])
    stage.write("projects/wine/script.py", knowing)
    stage.write("projects/plain/spec.toml", 'title = "Plain"\nsummary = "It knows nothing of us."\n')
    stage.write("projects/plain/script.py", unknowing)
    stage.write("projects/judged/spec.toml", 'title = "Judged"\nsummary = "By one line."\n')
    stage.write("projects/judged/script.py", judged)

    ran = stage.portfolio("build", "--json")

    assert ran.code == 0, ran.err
    assert set(ran.projects["wine"]["metrics"]) == {"accuracy", "guess"}
    assert ran.projects["wine"]["metrics"]["accuracy"] > 0.9, "the title says so"
    assert ran.projects["wine"]["metrics"]["guess"] < 0.5, "the summary says so"
    assert set(ran.projects["plain"]["metrics"]) == {"correlation"}
    assert ran.projects["plain"]["figures"] == 1
    assert {"accuracy", "baseline", "gain_over_baseline"} <= set(ran.projects["judged"]["metrics"])


def test_links_in_the_readme_lead_to_files() -> None:
    linked = re.findall(r"\]\((?!https?://)([^)#]+)\)", README)

    assert linked
    assert [name for name in linked if not (REPOSITORY / name).is_file()] == []


def test_no_tracked_file_names_a_package_index_or_a_machines_path() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"],
        cwd=REPOSITORY,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
    )

    paths = [path for name in listed.stdout.split("\0") if name and (path := REPOSITORY / name).is_file()]
    texts = {path.relative_to(REPOSITORY).as_posix(): path.read_bytes() for path in paths}

    assert texts
    assert {name: found for name, text in texts.items() if (found := FOREIGN.findall(text))} == {}
