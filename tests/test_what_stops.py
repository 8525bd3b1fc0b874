"""Only four things stop a portfolio from being published; all else is told, published, and may turn the run red."""

from collections.abc import Callable
from pathlib import Path

import pytest
from secret_samples import secrets
from stage import Stage, git
from workflow_run import ADDRESS, Event, JobRan, run_job

TOKEN = secrets()["GitHub, classic"]
INSTALLED = ("Install",)


@pytest.fixture
def pushed(built: Stage, tmp_path: Path) -> Callable[..., JobRan]:
    """Return a function that commits the workspace `built` and runs the workflow's job on it."""

    def push(event: Event | None = None) -> JobRan:
        git(built.root, "init", "-q", "-b", "main")
        git(built.root, "add", "-A", "--", "projects", "mkdocs.yml")
        git(built.root, "commit", "-qm", "All")
        return run_job(built.root, tmp_path / "runner", event=event, skip=INSTALLED)

    return push


def test_a_push_builds_a_site_at_its_address_and_sums_up_each_project(
    built: Stage, pushed: Callable[..., JobRan]
) -> None:
    ran = pushed()

    assert ran.code == 0, ran.log
    assert ran.outputs == "failed=false\n"
    assert f'href="{ADDRESS}/' in (built.site / "index.html").read_text(encoding="utf-8")
    assert "| project | what happened | why | numbers that moved |" in ran.summary
    assert "\n| minimal | " in ran.summary
    assert "\n| succeeds | " in ran.summary


def test_what_pages_lack_is_told_and_published(pushed: Callable[..., JobRan]) -> None:
    ran = pushed()

    assert ran.code == 0
    assert any(line.startswith("::warning file=projects/minimal/spec.toml") for line in ran.commands)
    assert "### Check" in ran.summary
    assert "nothing says what was asked" in ran.summary


def test_what_pages_lack_stops_who_wants_that(built: Stage, pushed: Callable[..., JobRan]) -> None:
    built.write("pyproject.toml", "[tool.portfolio]\nstrict = true\n")

    ran = pushed()

    assert ran.code == 1
    assert ran.steps[-1].startswith("Check")


def test_a_result_typed_by_hand_is_an_error_on_its_line_and_published(
    built: Stage, pushed: Callable[..., JobRan]
) -> None:
    built.write("projects/succeeds/writeup.md", "One.\n\nRight in 91.25 % of cases.\n")

    ran = pushed()

    assert ran.code == 0
    assert any(line.startswith("::error file=projects/succeeds/writeup.md,line=3,") for line in ran.commands)


def test_a_failed_project_is_told_on_its_line_and_the_others_are_published(
    built: Stage, pushed: Callable[..., JobRan]
) -> None:
    built.add("raises")

    ran = pushed()

    assert ran.code == 0, ran.log
    assert ran.outputs == "failed=true\n"
    assert any(line.startswith("::error file=projects/raises/script.py,line=9,") for line in ran.commands)
    assert (built.site / "projects" / "minimal" / "index.html").is_file()


def test_a_refused_spec_stops_it_before_anything_runs(built: Stage, pushed: Callable[..., JobRan]) -> None:
    built.add("unknown_key")
    before = (built.site / "index.html").stat().st_mtime_ns

    ran = pushed()

    assert (ran.code, ran.outputs) == (2, "")
    assert any(line.startswith("::error file=projects/unknown-key/spec.toml,line=") for line in ran.commands)
    assert (built.site / "index.html").stat().st_mtime_ns == before


def test_a_site_that_cannot_be_built_stops_it(built: Stage, pushed: Callable[..., JobRan]) -> None:
    built.write("site_templates/home.html", "{% nonsense %}")

    ran = pushed()

    assert (ran.code, ran.outputs) == (3, "")


def test_a_secret_in_the_site_stops_it(built: Stage, pushed: Callable[..., JobRan]) -> None:
    built.write("site_templates/about.html", f"<p>{TOKEN}</p>")

    ran = pushed()

    assert (ran.code, ran.outputs) == (3, "")
    assert TOKEN not in ran.log + ran.summary


def test_a_secret_in_a_projects_results_keeps_back_that_project_only(
    built: Stage, pushed: Callable[..., JobRan]
) -> None:
    built.write("projects/leaks/spec.toml", 'title = "T"\nsummary = "S"\n')
    built.write("projects/leaks/script.py", f"print({TOKEN[:7]!r} + {TOKEN[7:]!r})\n")

    ran = pushed()

    assert (ran.code, ran.outputs) == (0, "failed=true\n")
    assert TOKEN not in ran.log + ran.summary


def test_a_broken_link_within_the_site_stops_it(built: Stage, pushed: Callable[..., JobRan]) -> None:
    built.write("site_templates/about.html", '<p><a href="../gone/">x</a></p>')

    ran = pushed()

    assert (ran.code, ran.outputs) == (3, "")
    assert "gone" in ran.log


def test_a_broken_anchor_stops_it(built: Stage, pushed: Callable[..., JobRan]) -> None:
    built.write("site_templates/about.html", '<p id="here"><a href="../#gone">x</a></p>')

    ran = pushed()

    assert ran.code == 1
    assert any("names a place that index.html does not have" in line for line in ran.commands)


def test_pages_switched_off_is_said_with_the_setting_before_anything_is_built(
    pushed: Callable[..., JobRan],
) -> None:
    ran = pushed(Event(pages=False))

    assert ran.code == 1
    assert "https://github.com/ada/work/settings/pages" in ran.summary
    assert "Source: GitHub Actions" in ran.log
    assert ran.steps[-1] == "Say which setting is missing"


def test_once_a_week_everything_is_executed_anew(pushed: Callable[..., JobRan]) -> None:
    ran = pushed(Event(name="schedule"))

    assert ran.code == 0, ran.log
    assert ran.summary.count("| ran | forced") == 2


def test_a_pull_request_shows_which_numbers_it_changes_and_why_it_ran(
    built: Stage, tmp_path: Path, pushed: Callable[..., JobRan]
) -> None:
    assert pushed().code == 0
    git(built.root, "checkout", "-q", "-b", "change")
    built.edit("projects/succeeds/script.py", "91.25", "85.5")
    built.edit("projects/succeeds/script.py", "(88.5, 94.0)", "(80.0, 90.0)")
    assert built.portfolio("build").code == 0
    git(built.root, "commit", "-qam", "Worse")

    ran = run_job(built.root, tmp_path / "asked", event=Event(name="pull_request"), skip=INSTALLED)

    assert ran.code == 0, ran.log
    assert "| `accuracy` | 91.25 | 85.5 |" in ran.summary
    assert "| succeeds | " in ran.summary
