"""A project that fails keeps its last good page, marked as such, and the others are new."""

import json
from typing import Any

import pytest
from stage import Stage, tree


def test_a_failing_project_keeps_its_last_good_page_and_says_so(built: Stage) -> None:
    built.append("projects/succeeds/script.py", "raise ValueError('broken now')\n")

    ran = built.portfolio("build", "--json")

    assert ran.code == 1
    assert ran.projects["succeeds"]["failure"]["kind"] == "raised"
    assert 'value="91.25"' in built.page("succeeds")
    assert "broken now" in built.page("succeeds")
    assert _listed(built)["succeeds"]["trust"] == "last_good"


def test_a_project_that_works_again_loses_its_mark(built: Stage) -> None:
    good = built.page("succeeds")
    built.append("projects/succeeds/script.py", "raise ValueError('broken now')\n")
    built.portfolio("build")

    built.edit("projects/succeeds/script.py", "raise ValueError('broken now')\n", "")
    ran = built.portfolio("build", "--json")

    assert ran.code == 0
    assert "broken now" not in built.page("succeeds")
    assert _numbers(built.page("succeeds")) == _numbers(good)


def test_a_failed_project_runs_again_at_the_next_build(built: Stage) -> None:
    built.append("projects/succeeds/script.py", "raise ValueError('broken now')\n")
    built.run()

    outcome = built.run()["succeeds"]

    assert outcome.reason == "failed last time"
    assert outcome.status.value == "failed"


def test_a_write_up_that_cannot_be_rendered_keeps_the_last_good_page(built: Stage) -> None:
    built.write("projects/succeeds/writeup.md", "It was {{ metrics.acuracy }}.\n")
    built.edit("projects/minimal/spec.toml", 'title = "Minimal"', 'title = "A new title"')

    ran = built.portfolio("build", "--json")

    assert ran.code == 1
    assert ran.projects["succeeds"]["failure"]["kind"] == "page"
    assert "acuracy" in ran.projects["succeeds"]["failure"]["message"]
    assert 'value="91.25"' in built.page("succeeds")
    assert "A new title" in built.page("minimal")
    assert ran.statuses["minimal"] == "fresh"


def test_a_project_that_never_worked_has_no_page_and_is_not_listed(built: Stage) -> None:
    built.add("raises")

    ran = built.portfolio("build", "--json")

    assert ran.code == 1
    assert set(_listed(built)) == {"minimal", "succeeds"}
    assert not (built.site / "projects" / "raises").exists()


def test_a_failure_is_told_with_place_reason_and_what_to_do(built: Stage) -> None:
    built.add("raises")

    ran = built.portfolio("build")

    assert "projects/raises/script.py:9: raised: ValueError: the reason is said here" in ran.err
    assert "portfolio build raises" in ran.err
    assert "1 failed" in ran.out


@pytest.mark.parametrize("variables", [{"CI": "true"}])
def test_a_dear_project_shows_its_recorded_run_in_ci(built: Stage, variables: dict[str, str]) -> None:
    built.append("projects/succeeds/spec.toml", 'ci = "recorded"\n')
    recording = built.portfolio("run", "--record", "succeeds")
    built.append("projects/succeeds/script.py", "raise ValueError('not run in CI')\n")

    ran = built.portfolio("build", "--json", variables=variables)

    assert recording.code == 0, recording.err
    assert (ran.code, ran.statuses["succeeds"]) == (0, "recorded")
    assert _listed(built)["succeeds"]["trust"] == "recorded"
    assert 'value="91.25"' in built.page("succeeds")


def test_a_recorded_run_that_was_changed_is_not_shown(built: Stage) -> None:
    built.append("projects/succeeds/spec.toml", 'ci = "recorded"\n')
    built.portfolio("run", "--record", "succeeds")
    built.edit("projects/succeeds/recorded/record.json", "91.25", "99.25")

    ran = built.portfolio("build", "--json", variables={"CI": "true"})

    assert ran.code == 1
    assert ran.projects["succeeds"]["failure"]["kind"] == "no_result"
    assert b"99.25" not in b"".join(tree(built.site).values())


def _listed(stage: Stage) -> dict[str, dict[str, Any]]:
    document = json.loads((stage.site / "projects.json").read_text(encoding="utf-8"))
    return {project["slug"]: project for project in document["projects"]}


def _numbers(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('<data value="')[1:]]
