"""The other site engine: Zensical, the successor of Material for MkDocs, on the same docs tree and the same overrides.

It is optional and young. It reads `mkdocs.yml` but no hook and no plugin it does not know, and says nothing of those;
its look is set to the one the overrides were made for.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from portfolio import folders
from portfolio.errors import SiteError, UsageError
from portfolio.publishing.engine import SECONDS, SETTINGS, Order
from portfolio.walk import walk

_CONFIGURATION = "zensical.yml"
_UPWARDS = re.compile(r'\b(href|src)="\.\./')


def require_zensical() -> None:
    """Make sure that it is there.

    Raises:
        UsageError: it is not installed.
    """
    if find_spec("zensical") is None:
        raise UsageError("zensical is not installed", hint="pip install zensical")


def build_with_zensical(order: Order, log: Path) -> None:
    """Build a site, strictly; the engine's words go to `log`.

    Raises:
        SiteError: the engine failed, warned or took too long; its words are in the message.
    """
    settings = json.loads(order.configuration.read_text(encoding="utf-8"))
    settings["theme"] |= {"variant": "classic"}
    settings["site_dir"] = order.staged.name
    docs = order.configuration.parent / settings["docs_dir"]
    copied = docs.with_name(f"{docs.name}-for-zensical")
    settings["docs_dir"] = copied.name
    _copy(docs, copied)
    configuration = order.configuration.with_name(_CONFIGURATION)
    configuration.write_text(json.dumps(settings, indent=1, sort_keys=True), encoding="utf-8")
    command = (sys.executable, "-P", "-m", "zensical", "build", "--strict", "--config-file", str(configuration))
    process = subprocess.Popen(
        command,
        cwd=order.folder,
        env={**os.environ, **SETTINGS},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        process_group=0,
    )
    try:
        said, _ = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        raise SiteError(f"Zensical was still building after {SECONDS} s") from error
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    folders.delete(copied)
    log.write_bytes(said)
    if process.returncode != 0:
        told = "\n".join(f"  {line}" for line in said.decode("utf-8", errors="replace").splitlines()[-15:])
        raise SiteError(
            f"Zensical could not build the site:\n{told}",
            hint="the last good site is kept; without --engine the site is built by MkDocs",
        )


def _copy(docs: Path, target: Path) -> None:
    """Make `target` the docs tree, the links of raw HTML as Zensical wants them.

    It reads them as MkDocs reads those of Markdown: from where the source lies, not from where the page will be.
    """
    if target.exists():
        folders.delete(target)
    folders.claim(target)
    for name, entry in walk(docs):
        place = target / name
        if entry.is_dir():
            place.mkdir(exist_ok=True)
        elif name.endswith(".md") and entry.name != "index.md":
            text = Path(entry.path).read_text(encoding="utf-8")
            place.write_text(_UPWARDS.sub(r'\1="./', text), encoding="utf-8")
        elif entry.name != folders.MARKER:
            shutil.copyfile(entry.path, place)
