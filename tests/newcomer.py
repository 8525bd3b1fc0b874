"""A newcomer with nothing but the README: its lines, typed in order, on a copy of the template and a fresh environment.

`python tests/newcomer.py` does all of it and says how long it took; the suite lends an environment that has the
packages already.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from stage import REPOSITORY, environment, git

_MARK = re.compile(r"^<!-- newcomer -->\n```\n(?P<lines>.*?)^```$", re.MULTILINE | re.DOTALL)
_ADDRESS = "ADDRESS-OF-YOUR-COPY"
_SECONDS = 900
_EDIT = "sed -i 's/^title = .*/title = \"It works\"/' projects/my-first/spec.toml"
"""What the newcomer does in an editor."""


def typed() -> list[str]:
    """Return the lines that the README tells a newcomer to type."""
    found = _MARK.search((REPOSITORY / "README.md").read_text(encoding="utf-8"))
    return found["lines"].splitlines() if found else []


def template(folder: Path) -> Path:
    """Make a repository as "Use this template" does: one commit with all of the template's files."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, check=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (REPOSITORY / name).is_file():  # what a change deletes is listed until it is committed
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, target)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Initial commit")
    return folder


def play(folder: Path, copy: Path, lent: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Type the README's lines in `folder`.

    Args:
        folder: where the newcomer begins.
        copy: a bare repository, the newcomer's copy of the template.
        lent: a virtual environment to use instead of a fresh one.
    """
    lines = [line.replace(_ADDRESS, str(copy)) for line in typed()]
    if lent:
        lines = [line.replace("python3 -m venv .venv", f"mkdir .venv && ln -s {lent}/bin .venv/bin") for line in lines]
    lines.insert(next(place for place, line in enumerate(lines) if line == "portfolio build"), _EDIT)
    who = {f"GIT_{role}_{what}": "ada@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    path = os.pathsep.join([str(Path(sys.base_prefix) / "bin"), os.environ["PATH"]])
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(lines)],
        cwd=folder,
        env=environment({**who, "PATH": path}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )


def main() -> int:
    """Play a newcomer with an environment of their own; say how long it took."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        git(folder, "clone", "-q", "--bare", str(template(folder / "template")), "copy.git")
        began = time.monotonic()
        ended = play(folder, folder / "copy.git")
        print(ended.stdout, ended.stderr, sep="\n")  # noqa: T201 - for a maintainer
        print(f"{len(typed())} lines, {time.monotonic() - began:.0f} s, exit code {ended.returncode}")  # noqa: T201
    return ended.returncode


if __name__ == "__main__":
    raise SystemExit(main())
