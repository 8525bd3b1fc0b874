"""What is wrong in a spec or the configuration is told by place and with a hint, all together, nothing executed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from stage import Stage

from portfolio.errors import Problem, WorkspaceError
from portfolio.owned import SCHEMA
from portfolio.values.spec_schema import json_schema
from portfolio.workspace.config import read_configuration
from portfolio.workspace.discover import discover
from portfolio.workspace.root import Workspace

GOOD = 'title = "T"\nsummary = "S"\n'
REFUSED = [
    ('summary = "S"', "title", "'title' is missing"),
    ('title = ""\nsummary = "S"', "1", "'title' is empty"),
    ('title = "a\\nb"\nsummary = "S"', "1", "'title' holds a control character or a line break"),
    (f'title = "{"t" * 121}"\nsummary = "S"', "1", "'title' has 121 characters, at most 120 are allowed"),
    (f'title = "T"\nsummary = "{"s" * 301}"', "2", "'summary' has 301 characters, at most 300 are allowed"),
    (GOOD + 'kind = "aplied"', "3", "'kind' is 'aplied', not one of applied, one-off, embedded, deep, from-scratch"),
    (GOOD + "draft = 1", "3", "'draft' must be true or false, not 1"),
    (GOOD + 'tags = ["a", 2]', "3", "'tags[1]' must be a string in quotes, not 2"),
    (GOOD + "date = 2026-01-31T10:00:00", "3", "'date' wants a day, like 2026-03-01, without a time"),
    (GOOD + "[headline]\nmetric = 'Not A Name'", "4", "'headline.metric' is 'Not A Name', which must match"),
    (GOOD + "[headline]\nmetric = 'm'\nrope = nan", "5", "'headline.rope' must be a finite number, not nan"),
    (GOOD + "[links]\nhome = 'javascript:alert(1)'", "4", "'links.home' is not an address that starts with https://"),
    (GOOD + "[params]\na = [1, inf]", "4", "'params.a' holds a number that is not finite"),
    (GOOD + "[run]\nmemory = '4 GB'", "4", "'run.memory' is not a size like '4GiB' or '512MiB'"),
    (GOOD + "[run]\ntimeout = 0", "4", "'run.timeout': input should be greater than 0, not 0"),
    (GOOD + "[run]\nenv = ['A B']", "4", "'run.env[0]' is 'A B', which must match"),
    (GOOD + "[done_when]\nmetric = 'm'", "3", "'done_when' wants exactly one of 'min' and 'max'"),
    (GOOD + "[[data]]\nname = 'd'\npublish = true", "3", "'data[0]' publish = true needs a licence"),
    (GOOD + "[run]\n[run]", "4", "is not TOML"),
    (GOOD + "script = '../other.py'", "script", "which is not inside the project's folder"),
    (GOOD + "script = 'script.R'", "script", "neither a Python file nor a notebook"),
    (GOOD + "aliases = ['Old Name']", "3", "'aliases[0]' is 'Old Name', which must match"),
]


@pytest.fixture
def problems(tmp_path: Path) -> Callable[[str], tuple[Problem, ...]]:
    """Return a function that reads one spec and returns what is wrong with it."""

    def read(text: str) -> tuple[Problem, ...]:
        stage = Stage(tmp_path)
        stage.write("projects/one/spec.toml", text)
        stage.write("projects/one/script.py", "")
        return discover(Workspace(tmp_path)).problems

    return read


@pytest.mark.parametrize(("text", "key", "message"), REFUSED)
def test_a_problem_is_told_by_file_line_and_key(
    problems: Callable[[str], tuple[Problem, ...]], text: str, key: str, message: str
) -> None:
    (problem,) = problems(text)

    assert (problem.file, problem.key) == ("projects/one/spec.toml", key)
    assert message in problem.message


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (GOOD + 'questoin = "Q"', "did you mean 'question'?"),
        ('titel = "T"\nsummary = "S"', "did you mean 'title'?"),
        (GOOD + "[run]\ntimeuot = 3", "did you mean 'timeout'?"),
        (GOOD + "[headline]\nmetric = 'm'\ngoal = 'maximise'", "did you mean 'maximize'?"),
        ('title = "T"', "add a line: summary = …"),
        (GOOD + "[done_when]\nmetric = 'm'\nmin = 1.0\nxyzzy = 1", "known here: max, metric, min"),
    ],
)
def test_a_problem_says_what_to_type(problems: Callable[[str], tuple[Problem, ...]], text: str, hint: str) -> None:
    (problem,) = problems(text)

    assert problem.hint == hint


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe",
        b'title = "' + b"x" * (300 * 1024),
        b"a = " + b"[" * 30_000,
        b"a." * 15_000 + b"b = 1",
        b"a = " + b"1" * 5000,
        b"\x00",
    ],
    ids=["not UTF-8", "too large", "too deep", "too deep by dots", "too many digits", "a null byte"],
)
def test_a_hostile_spec_is_one_problem_and_no_traceback(tmp_path: Path, content: bytes) -> None:
    stage = Stage(tmp_path)
    stage.write("projects/one/script.py", "")
    (tmp_path / "projects/one/spec.toml").write_bytes(content)

    found = discover(Workspace(tmp_path))

    assert len(found.problems) == 1


def test_a_place_is_found_in_bearable_time_whatever_the_lines_look_like(
    problems: Callable[[str], tuple[Problem, ...]],
) -> None:
    (problem,) = problems(f'{GOOD}xyzzy = """\n[{" " * 15_000}\n[a {" " * 15_000}\u2028\n"""\n')

    assert problem.key == "3"


def test_a_spec_of_two_keys_is_enough(problems: Callable[[str], tuple[Problem, ...]]) -> None:
    assert problems(GOOD) == ()


def test_a_folder_without_a_good_name_is_told_a_better_one(tmp_path: Path) -> None:
    Stage(tmp_path).write("projects/My Project/spec.toml", GOOD)
    Stage(tmp_path).write("projects/My Project/script.py", "")

    (problem,) = discover(Workspace(tmp_path)).problems

    assert problem.hint == "rename it to my-project"


def test_a_missing_script_is_told_with_the_one_that_is_there(tmp_path: Path) -> None:
    Stage(tmp_path).write("projects/one/spec.toml", GOOD)
    Stage(tmp_path).write("projects/one/main.py", "")

    (problem,) = discover(Workspace(tmp_path)).problems

    assert (problem.file, problem.message) == ("projects/one/script.py", "is missing")
    assert 'script = "main.py"' in problem.hint


def test_an_alias_leads_to_one_project(tmp_path: Path) -> None:
    for slug in ("one", "two"):
        Stage(tmp_path).write(f"projects/{slug}/spec.toml", GOOD + "aliases = ['old']")
        Stage(tmp_path).write(f"projects/{slug}/script.py", "")

    (problem,) = discover(Workspace(tmp_path)).problems

    assert problem.message == "alias 'old' is the address of project 'one' already"


@pytest.mark.parametrize("name", ["_shared", "_draft", ".hidden"])
def test_folders_that_begin_with_a_mark_are_no_projects(tmp_path: Path, name: str) -> None:
    Stage(tmp_path).write(f"projects/{name}/notes.txt", "anything")

    found = discover(Workspace(tmp_path))

    assert (found.projects, found.problems) == ((), ())


@pytest.mark.parametrize(
    ("file", "text", "key", "message"),
    [
        ("pyproject.toml", "[tool.portfolio]\ntimeuot = 3", "2", "unknown key 'timeuot'"),
        ("pyproject.toml", "[tool.portfolio]\njobs = 0", "2", "'jobs': input should be greater than or equal to 1"),
        ("mkdocs.yml", "extra:\n  portfolio:\n    nam: Ada", "extra.portfolio.nam", "unknown key 'nam'"),
        ("mkdocs.yml", "site_name: [", "1", "is not YAML"),
        ("mkdocs.yml", "- a list", "", "must be a mapping"),
    ],
)
def test_a_problem_of_the_configuration_is_told_by_place(
    tmp_path: Path, file: str, text: str, key: str, message: str
) -> None:
    Stage(tmp_path).write(file, text)

    (problem,) = read_configuration(Workspace(tmp_path)).problems

    assert (problem.file, problem.key) == (file, key)
    assert message in problem.message


def test_tags_of_mkdocs_are_its_own_business(tmp_path: Path) -> None:
    Stage(tmp_path).write("mkdocs.yml", "site_name: !ENV [NAME, Mine]\nplugins: !!python/name:os.system\n")

    assert read_configuration(Workspace(tmp_path)).problems == ()


def test_all_problems_of_all_files_are_told_together_and_nothing_is_executed(
    workspace: Callable[..., Stage],
) -> None:
    stage = workspace("succeeds", "no_script", "unknown_key", "wrong_types")
    stage.write("pyproject.toml", "[tool.portfolio]\ntimeout = -1\n")

    ran = stage.portfolio("build")

    files = [line.split(":")[0] for line in ran.err.splitlines() if not line.startswith("hint:")]
    assert ran.code == 2
    assert files.count("projects/unknown-key/spec.toml") == 2
    assert files.count("projects/wrong-types/spec.toml") == 9
    assert {"projects/no-script/script.py", "pyproject.toml"} <= set(files)
    assert not (stage.root / "build" / "records").exists()
    assert not stage.site.exists()


def test_a_slug_that_is_not_there_is_told_with_the_nearest(workspace: Callable[..., Stage]) -> None:
    ran = workspace("succeeds").portfolio("build", "suceeds")

    assert ran.code == 2
    assert ran.err == "suceeds: no such project\nhint: did you mean 'succeeds'?\n"


def test_the_schema_for_editors_is_the_one_specs_are_read_by() -> None:
    shipped = json.loads(SCHEMA.read_text(encoding="utf-8"))

    assert shipped == json_schema()


def test_an_error_shows_every_problem_with_its_hint() -> None:
    one = Problem(file="a", key="1", message="is wrong", hint="mend it")
    other = Problem(file="b", key="", message="is missing")

    assert str(WorkspaceError([one, other])) == "a:1: is wrong\nhint: mend it\nb: is missing"
