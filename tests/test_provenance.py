"""What version control knows is told, without credentials; where it knows nothing, nothing is told."""

import json
from datetime import date
from pathlib import Path

import pytest
from stage import MakeStage, Stage, git, tree

from portfolio import provenance
from portfolio.provenance import History, web_address
from portfolio.values.project import Project
from portfolio.values.record import Commit
from portfolio.values.spec import Spec
from portfolio.workspace.root import Workspace

REMOTE = "https://user:s3cr3t-token@github.com/ada/portfolio.git"


@pytest.fixture
def repository(tmp_path: Path) -> Stage:
    """Return a workspace in a folder of a git repository, two projects committed on different days."""
    stage = Stage(tmp_path / "repository" / "site")
    stage.root.mkdir(parents=True)
    git(stage.root.parent, "init", "--quiet", "--initial-branch=main")
    git(stage.root.parent, "remote", "add", "origin", REMOTE)
    for defect, day in (("succeeds", "2026-01-05"), ("minimal", "2026-01-06")):
        stage.add(defect)
        stage.write(f"projects/{defect}/results.json", "{}")
        git(stage.root, "add", ".")
        git(stage.root, "commit", "--quiet", "--message", defect, day=day)
    return stage


def test_the_checked_out_commit_is_told(repository: Stage) -> None:
    commit = _commit(repository)

    assert commit.sha == git(repository.root, "rev-parse", "HEAD")
    assert commit.date.isoformat() == "2026-01-06T12:00:00+00:00"
    assert commit.dirty is False


@pytest.mark.parametrize(
    "name",
    [
        "projects/succeeds/script.py",
        "projects/succeeds/data/new.csv",
        "projects/succeeds/data/mit Leerzeichen und ä.csv",
        "projects/_shared/new.py",
    ],
)
def test_an_input_that_is_not_committed_makes_a_run_dirty(repository: Stage, name: str) -> None:
    repository.write(name, "changed")

    assert _commit(repository).dirty is True


def test_a_deleted_input_makes_a_run_dirty(repository: Stage) -> None:
    (repository.projects / "succeeds" / "helper.py").unlink()

    assert _commit(repository).dirty is True


def test_an_input_that_is_staged_makes_a_run_dirty(repository: Stage) -> None:
    repository.append("projects/succeeds/helper.py", "# more\n")
    git(repository.root, "add", ".")

    assert _commit(repository).dirty is True


def test_an_input_that_moved_within_the_folder_makes_a_run_dirty(repository: Stage) -> None:
    git(repository.root, "mv", "projects/succeeds/data/rows.csv", "projects/succeeds/rows.csv")

    assert _commit(repository).dirty is True


@pytest.mark.parametrize(
    "name",
    [
        "projects/succeeds/results.json",
        "projects/succeeds/writeup.md",
        "projects/succeeds/recorded/record.json",
        "projects/succeeds/.hidden",
        "projects/minimal/script.py",
        "projects/succeeds-too/script.py",
        "mkdocs.yml",
    ],
)
def test_what_is_no_input_of_a_run_does_not_make_it_dirty(repository: Stage, name: str) -> None:
    repository.write(name, "changed")

    assert _commit(repository).dirty is False


def test_the_last_change_of_a_project_is_the_day_of_its_last_commit(repository: Stage) -> None:
    days = [
        _history(repository).provenance(_project(repository, slug), None).changed for slug in ("succeeds", "minimal")
    ]

    assert days == [date(2026, 1, 5), date(2026, 1, 6)]


def test_a_clone_without_history_tells_no_day(repository: Stage, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{repository.root.parent}", "shallow")
    shallow = Stage(tmp_path / "shallow" / "site")

    told = _history(shallow).provenance(_project(shallow), None)

    assert told.changed is None


def test_the_source_is_linked_at_the_commit_of_the_run(repository: Stage) -> None:
    commit = _commit(repository)

    told = _history(repository).provenance(_project(repository), commit)

    assert told.repository == "https://github.com/ada/portfolio"
    assert told.source == f"https://github.com/ada/portfolio/tree/{commit.sha}/site/projects/succeeds"


def test_the_source_of_a_dirty_run_is_not_linked(repository: Stage) -> None:
    repository.append("projects/succeeds/helper.py", "# more\n")

    told = _history(repository).provenance(_project(repository), _commit(repository))

    assert told.source is None


def test_what_is_committed_is_read_from_the_commit(repository: Stage) -> None:
    path = repository.write("projects/succeeds/results.json", "not committed")

    assert _history(repository).committed(path) == b"{}"
    assert _history(repository).committed(repository.root / "nowhere") is None


def test_what_git_could_not_say_is_asked_again(
    repository: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").write_text("[broken", encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    unable = _history(repository)
    assert unable.provenance(_project(repository), None).repository is None
    unable.save()

    monkeypatch.delenv("GIT_CONFIG_GLOBAL")

    assert _history(repository).provenance(_project(repository), None).repository is not None


def test_a_folder_without_git_tells_nothing(tmp_path: Path) -> None:
    assert provenance.history(Workspace(tmp_path)) is None


def test_a_repository_without_a_commit_tells_nothing(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    stage = Stage(tmp_path)
    stage.add("succeeds")

    told = _history(stage)

    assert told.commit(_project(stage)) is None
    assert told.provenance(_project(stage), None).changed is None


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://github.com/ada/site.git", "https://github.com/ada/site"),
        ("https://user:token@github.com/ada/site.git", "https://github.com/ada/site"),
        ("https://token@github.com:8443/ada/site", "https://github.com/ada/site"),
        ("git@github.com:ada/site.git", "https://github.com/ada/site"),
        ("ssh://git@gitlab.com:2222/ada/site.git", "https://gitlab.com/ada/site"),
        ("https://github.com/ada/site.git?token=secret", "https://github.com/ada/site"),
        ("/home/ada/site", None),
        ("file:///home/ada/site", None),
        ("../site", None),
        ("C:\\sites\\ada", None),
        ("javascript:alert(1)", None),
        ("https://github.com/<script>", None),
        ("", None),
    ],
)
def test_an_address_holds_no_credentials(remote: str, address: str | None) -> None:
    assert web_address(remote) == address


def test_a_site_built_in_a_repository_links_its_source_and_tells_no_token(stage_in: MakeStage, tmp_path: Path) -> None:
    stage = stage_in(tmp_path / "workspace", "succeeds")
    stage.write(".gitignore", "/build/\n")
    git(stage.root, "init", "--quiet")
    git(stage.root, "remote", "add", "origin", REMOTE)
    git(stage.root, "add", ".")
    git(stage.root, "commit", "--quiet", "--message", "all")

    ran = stage.portfolio("build")

    listed = json.loads((stage.site / "projects.json").read_text(encoding="utf-8"))["projects"][0]
    sha = git(stage.root, "rev-parse", "HEAD")
    told = [name for name, content in tree(stage.root / "build").items() if b"s3cr3t" in content]
    assert ran.code == 0, ran.err
    assert listed["trust"] == "recomputed"
    assert f"https://github.com/ada/portfolio/tree/{sha}/projects/succeeds" in stage.page("succeeds")
    assert told == []


def _history(stage: Stage) -> History:
    found = provenance.history(Workspace(stage.root))
    assert found is not None
    return found


def _commit(stage: Stage) -> Commit:
    commit = _history(stage).commit(_project(stage))
    assert commit is not None
    return commit


def _project(stage: Stage, slug: str = "succeeds") -> Project:
    return Project(slug=slug, folder=stage.projects / slug, spec=Spec(title="T", summary="S"))
