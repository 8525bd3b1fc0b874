"""What is asked for often costs little: a library is loaded where it is needed and not before."""

import json
import subprocess
import sys

import click
import pytest
from stage import environment

from portfolio.cli.main import portfolio as command_line

HEAVY = {"pydantic", "yaml", "jinja2", "nh3", "git", "mkdocs", "rich", "watchdog", "matplotlib", "numpy", "pandas"}
COMMANDS = command_line.list_commands(click.Context(command_line))
QUICK = [["--version"], ["--help"], *([name, "--help"] for name in COMMANDS)]


def test_importing_portfolio_loads_the_standard_library_only() -> None:
    loaded = _loaded_by("import portfolio")

    assert loaded - {"portfolio"} <= sys.stdlib_module_names


def test_the_worker_loads_the_standard_library_only() -> None:
    loaded = _loaded_by("import portfolio.running.worker")

    assert loaded - {"portfolio"} <= sys.stdlib_module_names


def test_the_names_a_script_may_call_are_all_there() -> None:
    import portfolio  # noqa: PLC0415 - as a script does

    missing = [name for name in portfolio.__all__ if not hasattr(portfolio, name)]

    assert missing == []


@pytest.mark.parametrize("arguments", QUICK, ids=" ".join)
def test_help_loads_none_of_the_heavy_libraries(arguments: list[str]) -> None:
    loaded = _loaded_by(f"from portfolio.cli.main import main; main({arguments!r})")

    assert loaded & HEAVY == set()


def _loaded_by(code: str) -> set[str]:
    """Return the top-level modules that running `code` in a fresh interpreter adds."""
    program = f"import sys; before = set(sys.modules); {code}; import json\n"
    program += "print(json.dumps(sorted({name.split('.')[0] for name in set(sys.modules) - before})), file=sys.stderr)"
    ended = subprocess.run(
        [sys.executable, "-P", "-W", "error", "-c", program],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(ended.stderr))
