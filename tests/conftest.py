"""What every test may ask for; a fixture that is dear is made once for all processes of a run."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsing import chromium
from forking import Runs, loaded_zygote
from newcomer import template as make_template
from playwright.sync_api import Browser
from real import real_site
from stage import MakeStage, Once, Stage, environment

from portfolio import files, folders
from portfolio.running.zygote import Zygotes


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the default pages be written anew."""
    parser.addoption("--update-golden", action="store_true", help="write the golden pages anew")


def pytest_configure(config: pytest.Config) -> None:
    """Keep a file's tests in one process under xdist, so that what a module builds once is built once.

    A shell lets what it starts in the background ignore Ctrl-C; the builds that tests interrupt may not inherit that.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if getattr(config.option, "dist", "no") == "load":
        config.option.dist = "loadfile"


@pytest.fixture(autouse=True)
def _outside_of_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let builds within the test's own process see what builds in a process of their own see."""
    wanted = environment()
    for name in set(os.environ) - set(wanted) - {"PYTEST_CURRENT_TEST"}:
        monkeypatch.delenv(name)
    for name in set(wanted) - set(os.environ):
        monkeypatch.setenv(name, wanted[name])


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Return a function that makes a folder once for all processes of this run of the tests."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base

    def make_once(name: str, make: Callable[[Path], None]) -> Path:
        folder, done = shared / name, shared / f"{name}.done"
        with files.locked(shared / f"{name}.lock", on_wait=lambda: None):
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(folder)
                done.touch()
        return folder

    return make_once


@pytest.fixture(scope="session")
def warm_cache(once: Once) -> Path:
    """Return a cache folder in which matplotlib knows this machine's fonts, which takes it seconds to find out."""

    def find_fonts(folder: Path) -> None:
        variables = environment({"MPLCONFIGDIR": str(folder / "matplotlib")})
        subprocess.run([sys.executable, "-P", "-c", "import matplotlib.font_manager"], env=variables, check=True)

    return once("warm-cache", find_fonts)


@pytest.fixture(scope="session")
def stage_in(warm_cache: Path) -> MakeStage:
    """Return a function that makes a workspace in a folder, from projects of the corpus."""

    def make(folder: Path, *defects: str) -> Stage:
        stage = Stage(folder)
        stage.projects.mkdir(parents=True)
        shutil.copytree(warm_cache, folder / "build" / "cache")
        (folder / "build" / "cache" / folders.MARKER).touch()
        for defect in defects:
            stage.add(defect)
        return stage

    return make


@pytest.fixture
def workspace(stage_in: MakeStage, tmp_path: Path) -> Callable[..., Stage]:
    """Return a function that makes this test's workspace from projects of the corpus."""

    def make(*defects: str) -> Stage:
        return stage_in(tmp_path / "workspace", *defects)

    return make


@pytest.fixture(scope="session")
def built_once(once: Once, stage_in: MakeStage) -> Path:
    """Return a workspace with a site, built once; nothing may change it."""

    def build(folder: Path) -> None:
        stage = stage_in(folder / "workspace", "succeeds", "minimal", "draft")
        stage.write("mkdocs.yml", "site_name: Ada Example\ntheme:\n  features:\n    - a.feature.nobody.knows\n")
        ran = stage.portfolio("build")
        assert ran.code == 0, ran.err

    return once("built", build) / "workspace"


@pytest.fixture
def built(built_once: Path, tmp_path: Path) -> Stage:
    """Return this test's copy of a workspace with a site: `succeeds` and `minimal`, and `draft` which is not in it."""
    shutil.copytree(built_once, tmp_path / "workspace")
    return Stage(tmp_path / "workspace")


@pytest.fixture(scope="module")
def runs(warm_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """Return what makes runs."""
    return Runs(top=tmp_path_factory.mktemp("runs"), cache=warm_cache)


@pytest.fixture(scope="module")
def zygotes(runs: Runs) -> Iterator[Zygotes]:
    """Return one zygote with all libraries."""
    with loaded_zygote(runs) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return one Chromium for all tests of a file."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def real(once: Once, stage_in: MakeStage) -> Stage:
    """Return the repository's own projects in a workspace of the tests', built once; nothing may change it."""
    return real_site(once, stage_in)


@pytest.fixture(scope="session")
def template(once: Once) -> Path:
    """Return a repository as "Use this template" makes it: one commit with all of the template's files."""

    def copy(folder: Path) -> None:
        make_template(folder / "copy")

    return once("template", copy) / "copy"
