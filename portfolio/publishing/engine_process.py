"""The engine's own process: import MkDocs, wait for one line, do what `mkdocs build --strict` does, end.

The line is JSON, an `Order` of `engine.py`. The end of standard input means that whoever started us is gone, and
we go too; that holds on every system, and unlike Linux' signal at a parent's death it does not mistake the end of the
thread that started us for the end of its process.

Started by `engine.py` as `python -P -m portfolio.publishing.engine_process`; never imported.
"""

import json
import os
import signal
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import Any

from portfolio.hiding import hide
from portfolio.publishing import shortcuts

_LATER = (
    "mkdocs.commands.build",
    "mkdocs.config.defaults",
    "material.plugins.search.plugin",
    "markdown.extensions.toc",
    "markdown.extensions.tables",
    "markdown.extensions.fenced_code",
    "importlib.metadata",
)
"""What a build imports when it comes to it."""


def main() -> None:
    """Build one site; the exit code is MkDocs' own."""
    hide()
    orders = os.fdopen(os.dup(0), "rb", buffering=0)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    _load()
    line = orders.readline()
    if not line.endswith(b"\n"):
        return
    threading.Thread(target=_end_with, args=(orders,), daemon=True).start()
    order = json.loads(line)
    os.chdir(order["folder"])
    sys.dont_write_bytecode = True  # of an author's hook: Python would not notice an edit of one size in one second
    shortcuts.remember_templates(import_module("mkdocs.theme"), Path(order["templates"]))
    asked = ["build", "--strict", "--config-file", order["configuration"], "--site-dir", order["staged"]]
    import_module("mkdocs.__main__").cli.main(asked, prog_name="mkdocs")


def _load() -> None:
    for name in ("mkdocs.__main__", *_LATER):
        import_module(name)
    shortcuts.shorten_markdown(import_module("mkdocs.structure.pages"), import_module("mkdocs.structure.toc"))
    shortcuts.shorten_search(import_module("material.plugins.search.plugin"))
    shortcuts.shorten_listing(import_module("mkdocs.structure.files"))


def _end_with(stream: Any) -> None:
    """End our group once the other end of `stream` is closed; what a plugin started goes along."""
    while stream.read(1):
        pass
    if os.name == "posix" and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    main()
