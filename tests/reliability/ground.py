"""What the long forms stand on: a workspace with a site, the same after an edit, and what a crash may leave."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from one_run import of_any_run
from stage import SECONDS, Ran, Stage, environment

_LEFT = re.compile(r"\.staged-site-.*|\.new-.*|\.recorded-.*|.*\.aside|.*\.tmp")

Tree = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Ground:
    """Two built workspaces: `old`, and `new` that was edited afterwards; nothing may change them."""

    top: Path

    @property
    def old(self) -> Stage:
        """The workspace before the edit."""
        return Stage(self.top / "old")

    @property
    def new(self) -> Stage:
        """The workspace after the edit, built in a folder of its own."""
        return Stage(self.top / "new")

    def edited(self, folder: Path) -> Stage:
        """Return a copy of the old workspace, edited and not built yet."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.old.root, folder, symlinks=True)
        stage = Stage(folder)
        edit(stage)
        return stage


def edit(stage: Stage) -> None:
    """Change a script, a title and a write-up: something runs, every page but one changes."""
    stage.append("projects/succeeds/script.py", "print('edited')\n")
    stage.edit("projects/minimal/spec.toml", 'title = "Minimal"', 'title = "Edited"')


def fill(folder: Path, warm_cache: Path) -> None:
    """Build both workspaces of a ground below `folder`."""
    made = Ground(folder)
    stage = made.old
    stage.projects.mkdir(parents=True)
    shutil.copytree(warm_cache, stage.root / "build" / "cache")
    for defect in ("succeeds", "minimal"):
        stage.add(defect)
    stage.write("mkdocs.yml", "site_name: Ada Example\nsite_url: https://ada.example.org/work/\n")
    expect(stage.portfolio("build"))
    shutil.copytree(stage.root, made.new.root, symlinks=True)
    edit(made.new)
    expect(made.new.portfolio("build", "--force"))


@contextmanager
def ground() -> Iterator[tuple[Ground, Path]]:
    """Give a ground, and a folder to work in; both are gone behind the block."""
    with tempfile.TemporaryDirectory(prefix="reliability-") as folder:
        top = Path(folder)
        top.chmod(0o755)
        fill(top / "ground", fonts(top / "fonts"))
        yield Ground(top / "ground"), top


def expect(ran: Ran, code: int = 0) -> Ran:
    """Return how a command ended, which has to be with `code`."""
    assert ran.code == code, ran.err
    return ran


def lasting(folder: Path) -> Tree:
    """Return every file below `folder`, without what is true of one run only."""
    found: Tree = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            found[path.relative_to(folder).as_posix()] = (
                of_any_run(content) if path.suffix in (".md", ".html", ".json") else content
            )
    return found


def differences(left: Tree, right: Tree) -> list[str]:
    """Return the names under which two trees hold something different."""
    return sorted(name for name in {*left, *right} if left.get(name) != right.get(name))


def leftovers(root: Path) -> list[str]:
    """Return what no command that ended leaves in a workspace."""
    found = [path for path in root.rglob("*") if _LEFT.fullmatch(path.name)]
    found += (root / "build" / "scratch").glob("*")
    return sorted(path.relative_to(root).as_posix() for path in found)


def processes(root: Path) -> list[int]:
    """Return the processes that work in a workspace: by folder, command or environment."""
    mark = re.compile(re.escape(os.fsencode(root)) + rb"(?![\w.-])")
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            told = [os.fsencode(os.readlink(place / "cwd"))]  # noqa: PTH115 - it may be deleted
            told += [(place / name).read_bytes() for name in ("cmdline", "environ")]
            if any(mark.search(words) for words in told):
                found.append(int(place.name))
        except OSError:
            continue
    return [pid for pid in found if pid != os.getpid()]


def end_of_all(root: Path, seconds: float = 20) -> list[int]:
    """Return the processes of a workspace that are still there after a while."""
    deadline = time.monotonic() + seconds
    while (found := processes(root)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def fonts(folder: Path) -> Path:
    """Return a cache in which matplotlib knows this machine's fonts."""
    variables = environment({"MPLCONFIGDIR": str(folder / "matplotlib")})
    command = [sys.executable, "-P", "-c", "import matplotlib.font_manager"]
    subprocess.run(command, env=variables, check=True, timeout=SECONDS)
    return folder
