"""A build with nothing to do answers at once, and only then."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from stage import Ran, Stage, environment, git, portfolio, tree

from portfolio import unchanged
from portfolio.digests import Digests
from portfolio.workspace.root import Workspace

HEAVY = (
    "pydantic",
    "yaml",
    "jinja2",
    "markdown",
    "nh3",
    "git",
    "mkdocs",
    "rich",
    "watchdog",
    "numpy",
    "portfolio.build",
)
_NOTHING = unchanged.Besides()
_MAIN = "import sys\nfrom portfolio.cli.main import main\ncode = main(sys.argv[1:])\n"
_TOLD = f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\nraise SystemExit(code)\n"


@pytest.fixture
def settled(built: Stage) -> Stage:
    """Return a workspace whose last build found nothing to do, as the one before it left everything."""
    built.portfolio("build")
    assert _loaded(built) == []
    return built


def test_nothing_to_do_says_what_a_close_look_says(settled: Stage) -> None:
    assert _loaded(settled) == []
    quick = settled.portfolio("build", "--json")
    (settled.root / "build" / "cache" / "unchanged.json").unlink()
    close = settled.portfolio("build", "--json")

    assert quick == close
    assert quick.statuses == {"minimal": "fresh", "succeeds": "fresh"}


def test_a_slug_gets_its_own_answer(settled: Stage) -> None:
    assert settled.portfolio("build", "minimal", "--json").statuses == {"minimal": "fresh"}
    assert settled.portfolio("build", "minimol").code == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda stage: stage.append("projects/succeeds/script.py", "# A comment.\n"),
        lambda stage: stage.edit("projects/succeeds/data/rows.csv", "6,a", "7,a"),
        lambda stage: stage.write("projects/succeeds/writeup.md", "Prose.\n"),
        lambda stage: stage.append("projects/succeeds/spec.toml", "\n"),
        lambda stage: stage.write("projects/minimal/data/new.csv", "1\n"),
        lambda stage: (stage.projects / "_shared" / "unused.csv").unlink(),
        lambda stage: stage.append("mkdocs.yml", "copyright: Mine\n"),
        lambda stage: stage.write("pyproject.toml", "[tool.portfolio]\nthreads = 1\n"),
        lambda stage: stage.write("site_templates/parts/nothing.html", "x"),
        lambda stage: stage.edit("projects/succeeds/results.json", "accuracy", "acuracy"),
        lambda stage: (stage.projects / "succeeds" / "results.json").unlink(),
        lambda stage: (stage.site / "index.html").unlink(),
        lambda stage: (stage.site / "more.html").touch(),
        lambda stage: (stage.root / "build" / "docs" / "index.md").write_text("x"),
        lambda stage: shutil.rmtree(stage.root / "build" / "records" / "minimal"),
        lambda stage: stage.add("raises"),
    ],
)
def test_any_change_gets_a_close_look(built: Stage, change: Callable[[Stage], object]) -> None:
    built.write("projects/_shared/unused.csv", "1\n")
    workspace = Workspace(built.root)
    before = unchanged.before_reading(workspace)
    unchanged.note(
        workspace, unchanged.Asked(), before, [{"slug": "minimal"}], besides=_NOTHING, digests=_digests(built)
    )
    assert unchanged.nothing_to_do(workspace, unchanged.Asked(), ()) == [{"slug": "minimal"}]

    change(built)

    assert unchanged.nothing_to_do(workspace, unchanged.Asked(), ()) is None


def test_a_same_size_change_with_its_time_put_back_gets_a_close_look(settled: Stage) -> None:
    path = settled.projects / "succeeds" / "data" / "rows.csv"
    before = path.stat()
    path.write_text(path.read_text().replace("6,a", "7,a"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    ran = settled.portfolio("build", "--json")

    assert ran.projects["succeeds"]["reason"] == "data/rows.csv changed"


def test_touched_files_are_hashed_and_found_unchanged(settled: Stage) -> None:
    for path in settled.projects.rglob("*"):
        os.utime(path)
    _let_the_clock_tick()

    first, second = _loaded(settled), _loaded(settled)

    assert (first, second) == ([], [])


def test_a_change_beside_touched_files_gets_a_close_look(settled: Stage) -> None:
    for path in settled.projects.rglob("*"):
        os.utime(path)
    settled.edit("projects/succeeds/data/rows.csv", "6,a", "7,a")

    assert settled.portfolio("build", "--json").statuses["succeeds"] == "ran"


def test_a_link_that_leads_nowhere_is_no_trouble(built: Stage) -> None:
    (built.projects / "minimal" / "gone.csv").symlink_to("nowhere.csv")

    codes = [built.portfolio("build").code for _ in range(2)]

    assert codes == [0, 0]
    assert _loaded(built) == []


def test_another_option_or_variable_gets_a_close_look(settled: Stage) -> None:
    assert _loaded(settled, "--site-url", "https://example.org/") != []
    settled.portfolio("build")

    ran = settled.portfolio("build", "--json", variables={"PORTFOLIO_SITE_URL": "https://example.org/"})

    assert ran.code == 0
    assert "https://example.org/" in (settled.site / "sitemap.xml").read_text()


def test_a_commit_gets_a_close_look(settled: Stage) -> None:
    git(settled.root, "init", "-q")
    git(settled.root, "add", "projects")
    git(settled.root, "commit", "-qm", "First")
    settled.portfolio("build")
    assert _loaded(settled) == []

    git(settled.root, "commit", "-q", "--allow-empty", "-m", "Second")

    assert _loaded(settled) != []


def test_a_failed_project_gets_a_close_look_each_time(settled: Stage) -> None:
    settled.add("raises")

    codes = [settled.portfolio("build").code for _ in range(2)]

    assert codes == [1, 1]
    assert settled.portfolio("build", "--json").statuses["raises"] == "failed"


def test_declared_data_elsewhere_is_looked_at(settled: Stage) -> None:
    settled.write("data/large.csv", "x\n1\n")
    settled.append("projects/minimal/spec.toml", '[[data]]\nname = "Large"\npath = "../../data"\n')
    settled.portfolio("build")
    assert _loaded(settled) == []

    settled.write("data/large.csv", "x\n2\n")

    assert settled.portfolio("build", "--json").statuses["minimal"] == "ran"


def test_a_folder_that_was_only_listed_counts_by_the_names_in_it(settled: Stage) -> None:
    settled.append("projects/minimal/script.py", f"\nimport os\n\nos.listdir({str(settled.root)!r})\n")
    for _ in range(2):
        settled.portfolio("build")
    assert _loaded(settled) == []

    settled.write("new.csv", "1\n")

    assert settled.portfolio("build", "--json").projects["minimal"]["reason"] == "names in ../.. changed"


@pytest.mark.parametrize("damaged", ["", "{}", "[]", "\udcff", '{"rows": 1}'])
def test_a_damaged_note_counts_as_none(built: Stage, damaged: str) -> None:
    note = built.root / "build" / "cache" / "unchanged.json"
    note.write_bytes(damaged.encode("utf-8", "surrogateescape"))

    assert unchanged.nothing_to_do(Workspace(built.root), unchanged.Asked(), ()) is None


def test_an_input_changed_since_it_was_read_leaves_no_note(built: Stage) -> None:
    workspace = Workspace(built.root)
    before = unchanged.before_reading(workspace)
    built.append("projects/succeeds/script.py", "# A comment.\n")

    unchanged.note(workspace, unchanged.Asked(), before, [], besides=_NOTHING, digests=_digests(built))

    assert not (workspace.cache / "unchanged.json").exists()
    assert unchanged.nothing_to_do(workspace, unchanged.Asked(), ()) is None


def test_what_was_restored_is_what_was_there(settled: Stage) -> None:
    before = tree(settled.site)
    recorded = settled.results("succeeds")
    (settled.site / "index.html").unlink()
    (settled.projects / "succeeds" / "results.json").unlink()

    ran = settled.portfolio("build", "--json")

    assert set(ran.statuses.values()) == {"fresh"}
    assert tree(settled.site) == before
    assert settled.results("succeeds") == recorded


def test_a_workspace_without_projects_answers_at_once_too(tmp_path: Path) -> None:
    (tmp_path / "projects").mkdir()
    first = portfolio("build", folder=tmp_path)

    assert first.code == 0
    assert _loaded(Stage(tmp_path)) == []


def _let_the_clock_tick() -> None:
    time.sleep(0.05)


def _digests(stage: Stage) -> Digests:
    return Digests(stage.root / "build" / "cache" / "digests.json")


def _loaded(stage: Stage, *options: str) -> list[str]:
    """Build in a process of its own; return which heavy modules it loaded."""
    ended = subprocess.run(
        [sys.executable, "-P", "-c", _MAIN + _TOLD, "build", *options],
        cwd=stage.root,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    found = ended.stderr.strip().splitlines()[-1]
    assert found.startswith("["), Ran(code=ended.returncode, out=ended.stdout, err=ended.stderr)
    return list(json.loads(found.replace("'", '"')))
