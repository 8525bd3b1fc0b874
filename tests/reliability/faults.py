"""Errors of the kernel at the k-th call of a kind, by strace, and what has to be true of a build that meets one.

`strace` counts calls by thread: the k-th call is that of the build's own main thread, and of every process it starts.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ground import Ground, Tree, differences, end_of_all, leftovers
from stage import SECONDS, Stage, environment, tree

KINDS = {
    "rename": "rename,renameat,renameat2",
    "fsync": "fsync,fdatasync,syncfs",
    "mkdir": "mkdir,mkdirat",
    "link": "link,linkat",
    "unlink": "unlink,unlinkat,rmdir",
    "write": "write,pwrite64,sendfile,copy_file_range",
    "open": "openat",
}
ERRORS = ("ENOSPC", "EIO", "EROFS", "EACCES")
_ATTACHED = b"attached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """The `at`-th call of a kind answers with an error."""

    kind: str
    error: str
    at: int

    def __str__(self) -> str:
        return f"{self.error} at {self.kind} {self.at}"


@dataclass(frozen=True, slots=True)
class Warm:
    """A process of `warm_builds.py`."""

    process: "subprocess.Popen[str]"

    def build(self, stage: Stage, fault: Fault | None = None, log: Path | None = None) -> tuple[int, str]:
        """Build; return the exit code and what was said. With a `log` every call of all kinds is listed there."""
        said = stage.root.with_name(f"{stage.root.name}.said")
        child = int(self._asked(json.dumps({"folder": str(stage.root), "said": str(said)})))
        tracer = _attach(child, fault, log) if fault or log else None
        code = int(self._asked("go"))
        if tracer:
            tracer.communicate(timeout=SECONDS)
        return code, said.read_text(encoding="utf-8", errors="replace")

    def _asked(self, line: str) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()


@contextmanager
def warm(made: Ground, folder: Path) -> Iterator[Warm]:
    """Give a process that has everything imported."""
    made.edited(folder)
    process = subprocess.Popen(
        [sys.executable, "-P", str(Path(__file__).with_name("warm_builds.py")), str(folder)],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield Warm(process)
    finally:
        process.communicate(timeout=SECONDS)


def calls(made: Ground, builds: Warm, folder: Path) -> dict[str, int]:
    """Return how many calls of each kind the main thread of a build makes after the prose was edited."""
    stage, log = prose_edited(made, folder), folder.with_name("calls")
    code, said = builds.build(stage, log=log)
    assert code == 0, said
    first = log.read_text(encoding="utf-8").split(maxsplit=1)[0]
    names = [line.split()[1].partition("(")[0] for line in log.read_text().splitlines() if line.startswith(f"{first} ")]
    return {kind: sum(name in known.split(",") for name in names) for kind, known in KINDS.items()}


def prose_edited(made: Ground, folder: Path) -> Stage:
    """Return a copy of the new workspace with other prose: nothing runs, the site is built, byte for byte the same."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(made.new.root, folder, symlinks=True)
    stage = Stage(folder)
    stage.edit("projects/minimal/spec.toml", 'title = "Edited"', 'title = "Edited again"')
    return stage


def meet(stage: Stage, builds: Warm, fault: Fault, old: Tree, new: Tree) -> list[str]:
    """Build with a fault, then without; return what was not as promised."""
    code, said = builds.build(stage, fault)
    shown, complaints = tree(stage.site), []
    if code not in (0, 1, 2, 3) or ("Traceback" in said and "MkDocs" not in said):
        complaints.append(f"{fault}: exit code {code}: {said[-800:]}")
    elif code == 3 and "hint:" not in said:
        complaints.append(f"{fault}: no hint: {said[-800:]}")
    if shown != new and (code == 0 or shown != old):
        complaints.append(f"{fault}: site after exit code {code}: {differences(shown, new)[:3]}")
    code, said = builds.build(stage)
    if code != 0 or differences(tree(stage.site), new):
        complaints.append(f"{fault}: next build: {code} {differences(tree(stage.site), new)[:3]} {said[-300:]}")
    found = [*leftovers(stage.root), *map(str, end_of_all(stage.root))]
    return complaints + ([f"{fault}: left {found[:3]}"] if found else [])


def _attach(child: int, fault: Fault | None, log: Path | None) -> "subprocess.Popen[bytes]":
    chosen = KINDS[fault.kind] if fault else ",".join(KINDS.values())
    inject = ["-e", f"inject={chosen}:error={fault.error}:when={fault.at}"] if fault else []
    command: Sequence[str] = ["strace", "-f", "-e", f"trace={chosen}", *inject, "-o", str(log or "/dev/null")]
    tracer = subprocess.Popen([*command, "-p", str(child)], stderr=subprocess.PIPE)
    assert tracer.stderr is not None
    said = tracer.stderr.readline()
    if _ATTACHED not in said:
        tracer.communicate(timeout=SECONDS)
        raise RuntimeError(f"strace may not attach here: {said!r}")
    return tracer
