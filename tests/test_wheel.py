"""The tool as a user installs it: a wheel, away from this repository."""

import subprocess
import sys
from pathlib import Path

import pytest
from stage import REPOSITORY, SECONDS, Once, environment

_MAIN = "from portfolio.cli.main import main; raise SystemExit(main())"


@pytest.fixture(scope="module")
def installed(once: Once) -> Path:
    """Return a folder of modules into which the wheel of this checkout was installed."""

    def install(folder: Path) -> None:
        wheels = folder / "wheels"
        _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels), str(REPOSITORY))
        _pip("install", "--no-deps", "--target", str(folder / "modules"), *map(str, wheels.glob("*.whl")))

    return once("wheel", install) / "modules"


def test_an_installed_wheel_makes_a_site_from_nothing(installed: Path, tmp_path: Path) -> None:
    steps = [("init", "mine", "--name", "Ada Example"), ("-C", "mine", "new", "my-first"), ("-C", "mine", "build")]

    codes = [_portfolio(installed, tmp_path, *step) for step in steps]

    assert codes == [0, 0, 0]
    home = (tmp_path / "mine/build/site/index.html").read_text(encoding="utf-8")
    assert "Ada Example" in home
    assert "projects/my-first/" in home
    assert (tmp_path / "mine/build/site/projects/my-first/figures/held_out.dark.svg").is_file()


def test_a_wheel_holds_the_package_and_its_templates_only(installed: Path) -> None:
    names = {path.name for path in installed.iterdir()}

    assert names == {"portfolio", "bin", *(path.name for path in installed.glob("*.dist-info"))}
    assert (installed / "portfolio/site_templates/project.html").is_file()
    assert (installed / "portfolio/py.typed").is_file()


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True, timeout=SECONDS, capture_output=True)


def _portfolio(installed: Path, folder: Path, *arguments: str) -> int:
    command = [sys.executable, "-P", "-c", _MAIN, *arguments]
    variables = environment({"PYTHONPATH": str(installed)})
    return subprocess.run(command, cwd=folder, env=variables, timeout=SECONDS, check=False).returncode
