"""A virtual environment for each peer, with the numerical libraries in the very versions that `portfolio` runs with."""

import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

SHARED = ("numpy", "pandas", "scikit-learn", "matplotlib")
OURS = Path(sys.executable).parent
"""Where `portfolio` is installed: it is measured as it stands in the environment of this command."""
_DONE = "installed.txt"


class NotInstalledError(Exception):
    """A peer cannot be had here; the message says why in a line."""


def install(requirements: Sequence[str], folder: Path) -> Path:
    """Return the `bin` folder of a virtual environment with `requirements`, made unless `folder` holds it already.

    pip is asked as it is configured.

    Raises:
        NotInstalledError: pip could not.
    """
    wanted = [*requirements, *(f"{name}=={version(name)}" for name in SHARED)]
    done, scripts = folder / _DONE, folder / "bin"
    if done.is_file() and done.read_text(encoding="utf-8").split() == wanted:
        return scripts
    venv.create(folder, clear=True, with_pip=True)
    command = [str(scripts / "python"), "-m", "pip", "install", "--quiet", *wanted]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        said = [line for line in ended.stderr.splitlines() if line.startswith("ERROR")] or ["pip failed"]
        raise NotInstalledError(said[-1].removeprefix("ERROR: "))
    done.write_text("\n".join(wanted), encoding="utf-8")
    return scripts


def installed_version(scripts: Path, name: str) -> str:
    """Return the version of the distribution `name` in the environment of `scripts`."""
    program = f"from importlib.metadata import version; print(version({name!r}))"
    command = [str(scripts / "python"), "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def find_fonts(scripts: Path, variables: Mapping[str, str]) -> None:
    """Let matplotlib know this machine's fonts, which takes it seconds once in a home folder."""
    command = [str(scripts / "python"), "-c", "import matplotlib.font_manager"]
    subprocess.run(command, env=variables, check=True)
