"""The untouched template, published: its workflow's steps in a fresh clone and environment, then read in Chromium.

`python tests/long_template.py` takes minutes; the suite does the same with a portfolio of one project.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from newcomer import template
from stage import git
from walking import walk
from workflow_run import OWN, run_job


def main() -> int:
    """Publish the template as it is; say what happened, and return whether anything went wrong."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        git(folder, "clone", "-q", str(template(folder / "template")), "clone")
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
        began = time.monotonic()
        ran = run_job(folder / "clone", folder / "runner", workflow=OWN, programs=folder / "venv" / "bin")
        took = time.monotonic() - began
        if ran.code:
            _say(ran.log)
            return 1
        (folder / "served").mkdir()
        seen, wrong = walk(folder / "clone" / "build" / "site", folder / "served")
        home = (folder / "clone/build/site/index.html").read_text(encoding="utf-8")
        _say(ran.summary)
        _say(f"{len(ran.steps)} steps in {took:.0f} s; {len(seen)} pages and files read; wrong: {wrong or 'nothing'}")
        _say(f"example content is said: {'example content' in home}")
    return 1 if wrong or "example content" not in home else 0


def _say(text: str) -> None:
    print(text)  # noqa: T201 - for a maintainer


if __name__ == "__main__":
    raise SystemExit(main())
