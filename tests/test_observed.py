"""What a run was seen to use counts, though no text showed it; what it was not seen to use does not."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from forking import edit_while_it_runs
from stage import Stage

from portfolio.values.entry import Status
from portfolio.values.record import Record

SCRIPT = "projects/minimal/script.py"
WAIT = """
import os, time
before = os.stat(p).st_size
print('waiting', flush=True)
while os.stat(p).st_size == before:
    time.sleep(0.01)
"""
"""Wait until somebody adds to the file `p`."""


@pytest.fixture
def stage(workspace: Callable[..., Stage]) -> Stage:
    """Return a workspace with one project, and with things of `_shared` that it may use."""
    stage = workspace("minimal")
    stage.write("projects/_shared/values.csv", "1\n")
    stage.write("projects/_shared/other.csv", "1\n")
    stage.write("projects/_shared/tools.py", "from pathlib import Path\n\n\ndef three():\n    return 3\n")
    stage.write("projects/_shared/unused.py", "def four():\n    return 4\n")
    return stage


def test_a_shared_file_counts_once_a_run_opened_it(stage: Stage) -> None:
    _run(stage, "name = 'val' + 'ues'\nprint(open(f'../_sha' + f'red/{name}.csv').read())\n")

    stage.write("projects/_shared/other.csv", "2\n")
    unused = _why(stage)
    stage.write("projects/_shared/values.csv", "2\n")

    assert (unused, _why(stage)) == ("", "_shared/values.csv changed")


def test_a_shared_module_counts_once_a_run_imported_it(stage: Stage) -> None:
    _run(stage, "import importlib\nprint(importlib.import_module('to' + 'ols').three())\n")

    stage.append("projects/_shared/unused.py", "five = 5\n")
    stage.append("projects/_shared/tools.py", "# A comment.\n")
    unused = _why(stage)
    stage.edit("projects/_shared/tools.py", "return 3", "return 2")

    assert (unused, _why(stage)) == ("", "_shared/tools.py changed")


def test_a_module_imported_by_name_counts_with_what_it_imports(stage: Stage) -> None:
    stage.write("projects/_shared/deeper/__init__.py", "from .inner import five\n")
    stage.write("projects/_shared/deeper/inner.py", "five = 5\n")
    _run(stage, "import deeper\nprint(deeper.five)\n")

    stage.edit("projects/_shared/deeper/inner.py", "5", "6")

    assert _why(stage) == "_shared/deeper/inner.py changed"


def test_an_absent_file_counts_once_it_appears(stage: Stage) -> None:
    _run(stage, "try:\n    open('../_sha' + 'red/late' + '.csv')\nexcept FileNotFoundError:\n    print('absent')\n")
    before = _why(stage)

    stage.write("projects/_shared/late.csv", "1\n")

    assert (before, _why(stage)) == ("", "_shared/late.csv added")


def test_a_folder_counts_by_its_names_once_a_run_listed_it(stage: Stage) -> None:
    _run(stage, "from pathlib import Path\nprint(sorted(p.name for p in Path('../_sha' + 'red').glob('*.csv')))\n")
    stage.write("projects/_shared/__pycache__/tools.pyc", "")
    stage.write("projects/_shared/values.csv", "3\n")
    before = _why(stage)

    stage.write("projects/_shared/more.csv", "1\n")

    assert (before, _why(stage)) == ("", "names in _shared changed")


def test_the_style_of_figures_counts_where_no_import_says_that_anything_is_drawn(stage: Stage) -> None:
    _run(stage, "import importlib\nimportlib.import_module('mat' + 'plotlib.pyplot').plot([1, 2])\n")
    before = _why(stage)

    stage.write("site_templates/figures.mplstyle", "lines.linewidth: 5\n")

    assert (before, _why(stage)) == ("", "figure style changed")


def test_a_script_that_reads_itself_counts_by_its_bytes(stage: Stage) -> None:
    _run(stage, "print(len(open(__file__).read()))\n")
    before = _why(stage)

    stage.append(SCRIPT, "# A comment.\n")

    assert (before, _why(stage)) == ("", "script.py changed")


def test_a_script_that_shows_a_traceback_counts_by_its_bytes(stage: Stage) -> None:
    _run(stage, "import traceback\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    traceback.print_exc()\n")

    stage.write(SCRIPT, "# A comment.\n" + (stage.root / SCRIPT).read_text())

    assert _why(stage) == "script.py changed"


def test_a_warning_does_not_make_comments_count(stage: Stage) -> None:
    _run(stage, "import warnings\nwarnings.warn('careful')\n")

    stage.write(SCRIPT, "# A comment.\n" + (stage.root / SCRIPT).read_text())

    assert _why(stage) == ""


def test_a_file_read_by_its_full_path_counts(stage: Stage) -> None:
    far = stage.write("elsewhere/rows.csv", "1\n")
    _run(stage, f"print(open({str(far)!r}).read())\n")
    before = _why(stage)

    stage.write("elsewhere/rows.csv", "2\n")

    assert (before, _why(stage)) == ("", "../../elsewhere/rows.csv changed")


def test_the_projects_own_file_read_by_its_full_path_counts_once(stage: Stage) -> None:
    own = stage.write("projects/minimal/rows.csv", "1\n")
    _run(stage, f"print(open({str(own)!r}).read())\n")

    stage.write("projects/minimal/rows.csv", "2\n")

    assert _why(stage) == "rows.csv changed"


def test_a_forked_child_is_seen(stage: Stage) -> None:
    code = "import os\npid = os.fork()\nif not pid:\n    open('../_sha' + 'red/values.csv').read()\n    os._exit(0)\n"
    _run(stage, code + "os.waitpid(pid, 0)\n")

    stage.write("projects/_shared/values.csv", "2\n")

    assert _why(stage) == "_shared/values.csv changed"


def test_a_named_shared_file_counts_though_no_hook_sees_it_read(stage: Stage) -> None:
    code = f"import subprocess\nsubprocess.run([{sys.executable!r}, '-c', 'open(\"../_shared/values.csv\").read()'])\n"
    _run(stage, code + "path = '../_shared/values.csv'\n")

    stage.write("projects/_shared/values.csv", "2\n")

    assert _why(stage) == "_shared/values.csv changed"


def test_what_builds_write_is_no_input(stage: Stage) -> None:
    noted = stage.write("build/records/other/note.txt", "1\n")
    stage.write(SCRIPT, f"print(open({str(noted)!r}).read())\n")

    outcome = stage.run()["minimal"]

    assert outcome.failure is not None
    assert outcome.failure.kind.value == "changed_inputs"
    assert "build/records/other/note.txt, which builds write" in outcome.failure.message
    assert not list((stage.root / "build" / "records" / "minimal").glob("*-*"))


def test_what_was_written_while_it_ran_is_no_input(stage: Stage) -> None:
    far = stage.write("elsewhere/rows.csv", "1\n")
    stage.write(SCRIPT, f"p = {str(far)!r}\n{WAIT}print(open(p).read())\n")
    edit_while_it_runs(stage, "minimal", "elsewhere/rows.csv")

    outcome = stage.run()["minimal"]

    assert outcome.failure is not None
    assert "elsewhere/rows.csv, which was written while it ran" in outcome.failure.message


def test_what_a_script_writes_and_reads_again_is_its_own(stage: Stage) -> None:
    code = (
        "open('own.txt', 'w').write('1')\nprint(open('own.txt').read())\nopen('../_shared/own.txt', 'w').write('1')\n"
    )
    outcome = _run(stage, code + "print(open('../_shared/own.txt').read())\n")

    assert [name for name in outcome.parts if name.startswith("read")] == []


def test_libraries_and_caches_are_no_inputs(stage: Stage) -> None:
    code = "import matplotlib.pyplot as plt\nplt.plot([1])\nimport json, zoneinfo\nzoneinfo.ZoneInfo('Europe/Berlin')\n"
    outcome = _run(stage, code)

    assert [name for name in outcome.parts if name.split()[0] in ("read", "module", "listing")] == []


def test_going_back_runs_nothing_though_other_things_were_seen(stage: Stage) -> None:
    _run(stage, "print(1)\n")
    _run(stage, "print(open('../_sha' + 'red/values.csv').read())\n")

    stage.write(SCRIPT, "print(1)\n")
    first = _why(stage)
    stage.write(SCRIPT, "print(open('../_sha' + 'red/values.csv').read())\n")

    assert (first, _why(stage)) == ("", "")


def test_a_package_that_is_not_installed_counts_by_its_content(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "elsewhere" / "ours_alone" / "__init__.py"
    package.parent.mkdir(parents=True)
    package.write_text("value = 1\n")
    monkeypatch.syspath_prepend(str(package.parent.parent))
    monkeypatch.setenv("PYTHONPATH", str(package.parent.parent))
    _run(stage, "import ours_alone\nprint(ours_alone.value)\n")
    package.write_text("value = 1  # A comment.\n")
    before = _why(stage)

    package.write_text("value = 2\n")

    assert (before, _why(stage)) == ("", "package ours_alone changed")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of distributions that scripts can import, with `scales` 1.0 in it."""
    folder = tmp_path / "elsewhere" / "site-packages"
    (folder / "scales").mkdir(parents=True)
    (folder / "scales" / "__init__.py").write_text("")
    _install(folder, "1.0")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder


@pytest.mark.parametrize(
    "code",
    [
        "import importlib\nimportlib.import_module('sca' + 'les')\n",
        "__import__('sca' + 'les')\n",
        "from importlib.metadata import version\nprint(version('sca' + 'les'))\n",
        "import importlib\nprint(importlib.import_module('plu' + 'gin'))\n",
    ],
)
def test_the_version_of_what_was_imported_by_name_counts(stage: Stage, elsewhere: Path, code: str) -> None:
    stage.write("projects/_shared/plugin.py", "import scales\n")
    _run(stage, code)
    before = _why(stage)

    shutil.rmtree(elsewhere / "scales-1.0.dist-info")
    _install(elsewhere, "1.1")

    assert (before, _why(stage)) == ("", "scales 1.0 → 1.1")


def test_a_module_that_was_looked_for_counts_once_it_is_there(stage: Stage) -> None:
    code = (
        "import importlib\ntry:\n    importlib.import_module('ex' + 'tra')\nexcept ImportError:\n    print('absent')\n"
    )
    _run(stage, code)
    before = _why(stage)

    stage.write("projects/_shared/extra.py", "value = 1\n")

    assert (before, _why(stage)) == ("", "extra absent → own")


def test_a_library_counts_also_where_it_was_imported_before_the_script(stage: Stage) -> None:
    code = "import pandas\nprint(pandas.DataFrame({'x': [1]}))\n"
    stage.write(SCRIPT, code)
    stage.write("projects/second/spec.toml", 'title = "Second"\nsummary = "The same."\n')
    stage.write("projects/second/script.py", code)
    forked = stage.run()["minimal"].record
    fresh = stage.run("minimal", force=True)["minimal"].record

    assert forked is not None
    assert fresh is not None
    assert forked.parts == fresh.parts
    assert forked.parts["loaded numexpr"] == "absent"


def test_an_observed_file_changed_while_it_ran_is_noticed(stage: Stage) -> None:
    real = os.fspath(stage.root / "projects" / "_shared" / "values.csv")
    stage.write(SCRIPT, f"open('../_sha' + 'red/values.csv').read()\np = {real!r}\n{WAIT}")
    edit_while_it_runs(stage, "minimal", "projects/_shared/values.csv")

    outcome = stage.run()["minimal"]

    assert outcome.failure is not None
    assert outcome.failure.kind.value == "changed_inputs"


def _install(folder: Path, version: str) -> None:
    told = folder / f"scales-{version}.dist-info"
    told.mkdir()
    (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: scales\nVersion: {version}\n")
    (told / "RECORD").write_text("scales/__init__.py,,\n")


def _run(stage: Stage, code: str) -> Record:
    stage.write(SCRIPT, code)
    outcome = stage.run()["minimal"]
    assert outcome.failure is None
    assert outcome.record is not None
    return outcome.record


def _why(stage: Stage) -> str:
    """Return why the project is stale, nothing where it is fresh; nothing is run."""
    outcome = stage.run(frozen=True)["minimal"]
    assert (outcome.status is Status.STALE) == bool(outcome.reason)
    return outcome.reason
