"""Programs that only npm has, installed once into a cache of the tests; nothing of them is ever shipped."""

import os
import shutil
import subprocess
from pathlib import Path

from portfolio import files


class NoNpmError(Exception):
    """There is no npm here."""


def installed(name: str, version: str) -> Path:
    """Return the folder of an npm package of that version, installing it if need be; it has its dependencies beside it.

    Raises:
        NoNpmError: npm is not on the path.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "finished-portfolio-tests"
    folder = cache / f"{name}-{version}"
    cache.mkdir(parents=True, exist_ok=True)
    with files.locked(cache / f"{name}.lock", on_wait=lambda: None):
        if not (folder / "done").exists():
            if shutil.which("npm") is None:
                raise NoNpmError(f"{name} needs npm: install Node.js")
            shutil.rmtree(folder, ignore_errors=True)
            quiet = ("--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
            subprocess.run(["npm", "install", "--prefix", str(folder), *quiet, f"{name}@{version}"], check=True)
            (folder / "done").touch()
    return folder / "node_modules" / name
