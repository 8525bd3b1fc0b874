"""The history of a headline comes from the commits of its results, from one walk over them for all projects."""

import json
from datetime import date
from pathlib import Path

import pytest
from stage import MakeStage, Stage, git

from portfolio import provenance
from portfolio.cli.main import main
from portfolio.provenance import History
from portfolio.rendering.history import history_view
from portfolio.values.entry import Version
from portfolio.values.project import Project
from portfolio.values.spec import Headline, Spec
from portfolio.workspace.root import Workspace

SPEC = Spec(title="T", summary="S", headline=Headline(metric="skill"))


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """Return a repository, its workspace not at its top, with two projects that have no results yet."""
    stage = Stage(tmp_path / "repository" / "my site")
    stage.root.mkdir(parents=True)
    git(stage.root.parent, "init", "--quiet", "--initial-branch=main")
    for slug in ("one", "two"):
        stage.write(f"projects/{slug}/script.py", "print(1)\n")
    git(stage.root, "add", ".")
    git(stage.root, "commit", "--quiet", "--message", "scripts")
    return stage


def test_each_other_value_that_was_committed_is_a_version(stage: Stage) -> None:
    for day, value in ((1, 0.5), (2, 0.5), (3, 0.75), (4, 0.5)):
        _commit(stage, value, day=day, caption=str(day))

    found = _versions(stage)

    assert [(version.day, version.value) for version in found] == [
        (date(2026, 1, 1), 0.5),
        (date(2026, 1, 3), 0.75),
        (date(2026, 1, 4), 0.5),
    ]
    assert found[-1].commit == git(stage.root, "rev-parse", "HEAD")


def test_an_interval_belongs_to_its_version(stage: Stage) -> None:
    _commit(stage, 0.5, interval=[0.4, 0.6])

    assert [version.interval for version in _versions(stage)] == [(0.4, 0.6)]


def test_what_was_not_readable_or_was_deleted_is_no_version(stage: Stage) -> None:
    path = stage.projects / "one" / "results.json"
    _commit(stage, 0.5)
    for content in ("<<<<<<< ours\n", '{"schema": 1, "metrics": {"skill": {"value": "0.9"}}}', '{"schema": 9}', "[]"):
        path.write_text(content, encoding="utf-8")
        git(stage.root, "commit", "--quiet", "--all", "--message", "broken")
    path.unlink()
    git(stage.root, "commit", "--quiet", "--all", "--message", "deleted")
    path.symlink_to("script.py")
    git(stage.root, "add", ".")
    git(stage.root, "commit", "--quiet", "--message", "a link")
    path.unlink()
    _commit(stage, 0.75)

    assert [version.value for version in _versions(stage)] == [0.5, 0.75]


def test_a_metric_that_is_alone_is_the_headline(stage: Stage) -> None:
    _commit(stage, 0.5)

    found = _history(stage).provenance(_project(stage, spec=Spec(title="T", summary="S")), None)

    assert [version.value for version in found.versions] == [0.5]


def test_the_newest_versions_are_read_of_a_long_history(stage: Stage) -> None:
    for value in range(45):
        _commit(stage, value)

    assert [version.value for version in _versions(stage)] == list(range(5, 45))


def test_a_clone_without_history_tells_none(stage: Stage, tmp_path: Path) -> None:
    for value in (0.5, 0.75):
        _commit(stage, value)
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{stage.root.parent}", "shallow")

    assert _versions(Stage(tmp_path / "shallow" / "my site")) == ()


def test_git_walks_the_history_once_for_all_projects_and_not_again(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for value in (0.5, 0.75):
        _commit(stage, value, slug="one")
        _commit(stage, value, slug="two")
    trace = tmp_path / "trace"
    monkeypatch.setenv("GIT_TRACE", str(trace))
    first = _history(stage)
    told = [first.provenance(_project(stage, slug), None) for slug in ("one", "two")]
    first.save()
    asked = trace.read_text(encoding="utf-8")
    trace.unlink()

    second = _history(stage)
    again = [second.provenance(_project(stage, slug), None) for slug in ("one", "two")]

    assert again == told
    assert [len(found.versions) for found in told] == [2, 2]
    assert asked.count("built-in: git log") == 1
    assert asked.count("built-in: git cat-file") <= 1
    assert not trace.exists()


def test_a_new_commit_adds_to_what_is_remembered(stage: Stage) -> None:
    _commit(stage, 0.5)
    _commit(stage, 0.75)
    first = _history(stage)
    first.provenance(_project(stage), None)
    first.save()
    _commit(stage, 1.0)
    noted = json.loads((stage.root / "build/cache/versions.json").read_text(encoding="utf-8"))
    assert len(noted) == 2

    versions = _versions(stage)

    assert [version.value for version in versions] == [0.5, 0.75, 1.0]


@pytest.mark.parametrize("count", [0, 1])
def test_one_version_is_no_history(count: int) -> None:
    assert history_view(_several(0.5)[:count], "", code=True) is None


def test_the_chart_goes_with_time_from_left_to_right_and_up() -> None:
    view = history_view(_several(0.5, 0.75, 1.0), "%", code=True)

    assert view is not None
    across, down = [float(point.x.rstrip("%")) for point in view.points], [float(point.y) for point in view.points]
    assert across == sorted(across)
    assert down == sorted(down, reverse=True)
    assert all(0 <= x <= 100 for x in across)
    assert all(0 <= y <= view.height for y in down)
    assert view.alt == "3 committed results, from 0.5 % on 1 January 2026 to 1 % on 3 January 2026"


def test_equal_numbers_with_other_intervals_can_be_drawn() -> None:
    one = Version(commit="a" * 40, day=date(2026, 1, 1), value=1e308, interval=None)
    other = Version(commit="b" * 40, day=date(2026, 1, 2), value=-1e308, interval=None)

    for versions in ((one, one), (one, other)):
        view = history_view(versions, "", code=True)
        assert view is not None
        assert all(0 <= float(point.y) <= view.height for point in view.points)


def test_commits_are_not_named_where_the_code_is_not_published() -> None:
    shown = [history_view(_several(0.5, 0.75), "", code=code) for code in (True, False)]

    assert [[row.commit for row in view.rows] for view in shown if view] == [["1" * 7, "0" * 7], ["", ""]]


def test_a_page_shows_it_and_is_then_left_alone(
    stage_in: MakeStage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = stage_in(tmp_path / "workspace", "minimal")
    stage.write(".gitignore", "/build/\n")
    script = "from portfolio import log_metric, params\nlog_metric('skill', params['x'])\n"
    stage.write("projects/minimal/script.py", script)
    spec = (stage.projects / "minimal/spec.toml").read_text(encoding="utf-8")
    git(stage.root, "init", "--quiet")
    for value in (0.5, 0.75):
        stage.write("projects/minimal/spec.toml", f"{spec}\n[params]\nx = {value}\n")
        stage.run()
        git(stage.root, "add", ".")
        git(stage.root, "commit", "--quiet", "--message", str(value))
    built = stage.portfolio("build")

    again = main(["-C", str(stage.root), "build"])

    chart = stage.page("minimal").partition('<svg class="pf-history"')[2]
    assert (built.code, again) == (0, 0), built.err
    assert 'role="img" aria-label="2 committed results, from 0.5 on ' in chart
    assert '<data value="0.5">0.5</data>' in chart
    assert "site unchanged" in capsys.readouterr().out


def _several(*values: float) -> tuple[Version, ...]:
    return tuple(
        Version(commit=str(place) * 40, day=date(2026, 1, 1 + place), value=value, interval=None)
        for place, value in enumerate(values)
    )


def _commit(
    stage: Stage,
    value: float,
    *,
    slug: str = "one",
    day: int = 1,
    caption: str = "",
    interval: list[float] | None = None,
) -> None:
    metric = {"value": value, "interval": interval}
    document = {"schema": 1, "metrics": {"skill": metric}, "figures": [{"name": "a", "caption": caption}]}
    stage.write(f"projects/{slug}/results.json", json.dumps(document))
    git(stage.root, "add", ".")
    git(stage.root, "commit", "--quiet", "--message", str(value), day=f"2026-01-{day:02}")


def _history(stage: Stage) -> History:
    found = provenance.history(Workspace(stage.root))
    assert found is not None
    return found


def _versions(stage: Stage) -> tuple[Version, ...]:
    return _history(stage).provenance(_project(stage), None).versions


def _project(stage: Stage, slug: str = "one", spec: Spec = SPEC) -> Project:
    return Project(slug=slug, folder=stage.projects / slug, spec=spec)
