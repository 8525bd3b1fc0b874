"""The site engine: one function from a docs tree to a staged folder. Today MkDocs with Material."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from portfolio.errors import SiteError

SECONDS = 600
"""The engine is ended after this time; a thousand pages take well under a minute."""


def build_site(configuration: Path, staged: Path, log: Path) -> None:
    """Build the site described by `configuration` into `staged`, strictly.

    Raises:
        SiteError: the engine failed, warned or took too long; its words are in the message.
    """
    command = [sys.executable, "-P", "-m", "mkdocs", "build", "--strict", "--config-file", str(configuration)]
    command += ["--site-dir", str(staged)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1", "PYTHONWARNINGS": "ignore"}
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT, env=environment, process_group=0
        )
        try:
            code = process.wait(timeout=SECONDS)
        except BaseException as error:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if isinstance(error, subprocess.TimeoutExpired):
                raise SiteError(f"MkDocs was still building after {SECONDS} s") from error
            raise
    if code != 0:
        raise SiteError(f"MkDocs could not build the site:\n{_complaints(log)}", hint=_HINT)


_HINT = "the last good site is kept; look for the line above in mkdocs.yml, site_templates/ or the page it names"


def _complaints(log: Path) -> str:
    """Return the lines in which MkDocs says what is wrong."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    told = [line for line in lines if line.startswith(("WARNING", "ERROR", "Error", "Aborted", "Config"))]
    return "\n".join(f"  {line.strip()}" for line in (told or lines)[-15:])
