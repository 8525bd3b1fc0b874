"""`portfolio check` says what is wrong and what pages lack, where it stands and what to type."""

from collections.abc import Callable

import pytest
from stage import Stage

WRITEUP = "projects/succeeds/writeup.md"


@pytest.fixture
def checked(built: Stage) -> Stage:
    """Return a workspace whose project `succeeds` recorded an accuracy of 91.25 %."""
    return built


def test_what_a_page_lacks_is_a_warning_unless_strict(checked: Stage) -> None:
    usual, strict = checked.portfolio("check"), checked.portfolio("check", "--strict")

    assert (usual.code, strict.code) == (0, 1)
    assert "warning: projects/minimal/spec.toml:" in usual.err
    assert "hint: " in usual.err
    assert usual.out.strip().endswith("warnings")


def test_an_author_may_want_warnings_taken_for_errors(checked: Stage) -> None:
    checked.write("pyproject.toml", "[tool.portfolio]\nstrict = true\n")

    assert checked.portfolio("check").code == 1


def test_a_result_typed_by_hand_is_an_error_with_the_name_to_write(checked: Stage) -> None:
    checked.write(WRITEUP, "Fine.\n\nThe model is right in 91.25 % of all cases.\n")

    ran = checked.portfolio("check", "--json")

    assert ran.code == 1
    (problem,) = [found for found in ran.document["problems"] if found["level"] == "error"]
    assert (problem["file"], problem["key"]) == (WRITEUP, "3")
    assert "{{ metrics.accuracy.value }}" in problem["hint"]


def test_a_typed_number_that_is_meant_is_let_be(checked: Stage) -> None:
    checked.write(WRITEUP, "The paper says {{ typed('91.25 %') }}.\n")

    assert checked.portfolio("check").code == 0


def test_a_number_beside_a_metrics_name_is_a_warning(checked: Stage) -> None:
    checked.write(WRITEUP, "An accuracy of 0.79 is usual.\n")

    ran = checked.portfolio("check")

    assert ran.code == 0
    assert f"warning: {WRITEUP}:1: '0.79' stands beside 'accuracy'" in ran.err


def test_a_name_that_no_run_recorded_is_an_error(checked: Stage) -> None:
    checked.write(WRITEUP, "Right in {{ metrics.acuracy }}.\n")

    ran = checked.portfolio("check")

    assert ran.code == 1
    assert f"{WRITEUP}:1: unknown name 'metrics.acuracy'; did you mean 'metrics.accuracy'?" in ran.err


def test_annotations_stand_on_file_and_line_and_end_where_they_should(checked: Stage) -> None:
    checked.write(WRITEUP, "One.\n\nRight in 91.25 % of cases.\n\nAn accuracy of 0.79%0A::error::mine\n")

    ran = checked.portfolio("check", "--format", "github")

    assert f"::error file={WRITEUP},line=3,title=portfolio::" in ran.out
    assert all(line.startswith(("::error file=", "::warning file=")) for line in ran.out.splitlines())
    assert "mine" not in "".join(line for line in ran.out.splitlines() if line.startswith("::error::"))


def test_check_runs_and_writes_nothing(workspace: Callable[..., Stage]) -> None:
    stage = workspace("succeeds")

    ran = stage.portfolio("check")

    assert ran.code == 0
    assert "has no result yet" in ran.err
    assert not (stage.root / "build" / "records").exists()


def test_what_is_wrong_with_a_page_is_told_once_and_where_it_stands(checked: Stage) -> None:
    slug = next(path.parent.name for path in sorted(checked.projects.glob("*/results.json")))
    checked.write(f"projects/{slug}/writeup.md", "\n{{ metrics.nothing_of_the_kind }}\n")
    place = f"projects/{slug}/writeup.md:2: "

    lines = checked.portfolio("check").err.splitlines()
    built = checked.portfolio("build").err.splitlines()

    told = [line for line in lines if "nothing_of_the_kind" in line]
    assert [line.startswith(f"{place}unknown name") for line in told] == [True]
    said = [line for line in built if "nothing_of_the_kind" in line and "hint" not in line]
    assert said
    assert [line for line in said if line.count("projects/") > 1] == []
    assert said[0].startswith(f"{place}page: unknown name")
