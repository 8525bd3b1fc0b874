"""A program in any language leaves files in `$PORTFOLIO_RUN`; what is wrong with one is said with its line."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from stage import REPOSITORY, MakeStage, Stage

from portfolio import log
from portfolio.running import left
from portfolio.running.left_metrics import LeftError
from portfolio.values.record import FailureKind

_BLOCK = re.compile(r"<!-- file: (?P<name>\S+) -->\n```\w*\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
SPEC = 'title = "One"\nsummary = "Two."\n[run]\ncommand = {}\n'


def _documented() -> dict[str, str]:
    text = (REPOSITORY / "docs" / "any-command.md").read_text(encoding="utf-8")
    return {found["name"]: found["text"] for found in _BLOCK.finditer(text)}


def test_the_documented_shell_script_makes_a_whole_page(workspace: MakeStage) -> None:
    stage: Stage = workspace()
    for name, text in _documented().items():
        stage.write(f"projects/words/{name}", text)

    first, second = stage.portfolio("build", "--json"), stage.portfolio("build", "--json")

    assert (first.code, first.err.count("✗")) == (0, 0)
    row = first.projects["words"]
    assert (row["metrics"], row["figures"], row["tables"]) == ({"short": 0.5, "words": 4}, 1, 1)
    assert second.statuses == {"words": "fresh"}
    page = stage.page("words")
    for shown in ("A bar of 2 units.", "Two of four words are short.", "Every word with its length.", "seventeen"):
        assert shown in page
    assert "2 of 4 words have at most 4 letters." in page
    assert "cd projects/words &amp;&amp; sh analysis.sh words.txt" in page
    assert "figures/short.dark.svg" in page
    assert ">analysis.sh<" in page
    assert ("<dt>System</dt>" in page, "<dt>Python</dt>" in page, "Peak memory" in page) == (True, False, False)
    assert ("<dt>words.txt</dt>" in page, "<dt>analysis.sh</dt>" in page) == (True, False)


def test_a_command_that_cannot_be_run_or_fails_says_so(workspace: MakeStage) -> None:
    stage: Stage = workspace()
    commands = {
        "absent": ["no-such-program-anywhere", "analysis.R"],
        "closed": ["./run.sh"],
        "failing": ["sh", "-c", "echo before the end; exit 3"],
        "killed": ["sh", "-c", "kill -9 $$"],
    }
    for slug, command in commands.items():
        stage.write(f"projects/{slug}/spec.toml", SPEC.format(str(command).replace("'", '"')))
        stage.write(f"projects/{slug}/run.sh", "echo never")

    outcomes = stage.run()

    failures = {slug: outcome.failure for slug, outcome in outcomes.items() if outcome.failure}
    assert {slug: failure.kind for slug, failure in failures.items()} == {
        "absent": FailureKind.ENVIRONMENT,
        "closed": FailureKind.ENVIRONMENT,
        "failing": FailureKind.RAISED,
        "killed": FailureKind.CRASHED,
    }
    assert "'no-such-program-anywhere' is not there: install it" in failures["absent"].message
    assert "chmod +x ./run.sh" in failures["closed"].message
    assert (failures["failing"].message, failures["failing"].detail) == (
        "'sh' ended with exit code 3",
        "before the end",
    )
    assert outcomes["failing"].shown == "projects/failing/spec.toml"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a run into which a command may have written."""
    monkeypatch.setattr("portfolio.log.sink._current", log.Log(tmp_path, inputs={}, echo=False))
    left.prepare(tmp_path)
    return tmp_path


def _link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("metrics.json", '{\n "a": "many"\n}', "metrics.json:2: 'a': wants a number, not str"),
        ("metrics.json", '{\n "a": 1,\n "a": 2\n}', "metrics.json:3: 'a' stands there twice"),
        ("metrics.json", '{\n "a": NaN\n}', "metrics.json:2: 'NaN' is not a finite number"),
        ("metrics.json", '{\n "a": 1,\n}', "metrics.json:3: is not JSON"),
        ("metrics.json", '{\n "F1 score": 1\n}', "metrics.json:2: name 'F1 score' must match"),
        (
            "metrics.json",
            '{\n "a": {"value": 1, "unti": "%"}\n}',
            "metrics.json:2: unknown key 'unti'; did you mean 'unit'",
        ),
        ("metrics.json", "[1]", "metrics.json:1: is not an object of numbers by name"),
        ("tables/a.csv", "a,b\n1,2\n3\n", "tables/a.csv:3: has 1 cell, and the header 2"),
        ("tables/a.csv", b"a\n1\n\xff\n", "tables/a.csv:3: is not text in UTF-8"),
        ("tables/a.csv", "", "tables/a.csv: is empty"),
        ("tables/a.xlsx", "x", "tables/a.xlsx: is none of .csv"),
        ("figures/a.pdf", "x", "figures/a.pdf: is none of .png"),
        ("figures/a.dark.svg", "x", "figures/a.dark.svg: is the dark side of no figure"),
        ("figures/a.txt", "x", "figures/a.txt: says what none of the figures shows"),
        (
            "figures/My Plot.png",
            "x",
            "figures/My Plot.png: a name has small letters, digits and underscores only: my_plot.png",
        ),
        ("texts/a.txt", _link, "texts/a.txt: is a folder or a link"),
        ("metrics.json", _link, "metrics.json: is not a regular file"),
        ("metric.json", "{}", "metric.json: nothing of that name is taken; did you mean 'metrics.json'?"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(
    run: Path, name: str, content: str | bytes | Callable[[Path], None], said: str
) -> None:
    path = run / name
    if callable(content):
        content(path)
    else:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    with pytest.raises(LeftError, match=re.escape(said)):
        left.take(run)


def test_what_the_command_logged_line_by_line_is_not_taken_twice(run: Path) -> None:
    (run / "texts" / "verdict.txt").write_text("one\n", encoding="utf-8")
    (run / "tables" / "folds.csv").write_text("a\n1\n", encoding="utf-8")
    line = '{"event": "table", "name": "folds", "file": "tables/folds.csv", "caption": "mine"}\n'
    (run / log.EVENTS).write_text(line, encoding="utf-8")

    left.take(run)

    assert (run / log.EVENTS).read_text(encoding="utf-8").splitlines() == [
        line.strip(),
        '{"event": "text", "name": "verdict", "text": "one"}',
    ]
