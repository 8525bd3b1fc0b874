"""uv, the program that finds out which versions fit together and installs them."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

_LOOK = 0.1
_MOST_SAID = 2000
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s`'\")]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command of uv's ended: what it printed, and what it complained about."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """The end of its complaint without addresses: one of an index may hold a password, and pages show this."""
        return _ADDRESS.sub("(an address)", self.err.strip())[-_MOST_SAID:]


class StoppedError(Exception):
    """The build was cancelled meanwhile."""


def program() -> str | None:
    """Return the uv beside this Python, or the first on `PATH`; None where there is none."""
    beside = Path(sys.executable).with_name("uv")
    return str(beside) if beside.is_file() else shutil.which("uv")


def call(
    uv: str, arguments: Sequence[str], *, folder: Path, cancel: Event | None = None, places: Sequence[str] = ()
) -> Ended:
    """Run uv in `folder` until it ends or `cancel` is set; it never fetches a Python.

    It looks for one in this Python's folder, in `places`, and along `PATH`.

    Raises:
        StoppedError: `cancel` was set.
    """
    return run([uv, *arguments, "--no-python-downloads", "--color", "never", "--no-progress"], folder, cancel, places)


def run(command: Sequence[str], folder: Path, cancel: Event | None, places: Sequence[str] = ()) -> Ended:
    """Run a command in `folder`, this Python and `places` first on its `PATH`, until it ends or `cancel` is set.

    Raises:
        StoppedError: `cancel` was set.
    """
    first = str(Path(sys.executable).parent)
    with subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "PATH": os.pathsep.join([first, *places, os.environ.get("PATH", os.defpath)])},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            while True:
                try:
                    out, err = process.communicate(timeout=_LOOK)
                except subprocess.TimeoutExpired:
                    if cancel and cancel.is_set():
                        raise StoppedError from None
                else:
                    return Ended(code=process.returncode, out=out, err=err)
        finally:
            process.kill()  # nothing where it ended
