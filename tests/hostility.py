"""Hostile scripts run by a real build beside a harmless one, and everything that may not have changed by it."""

import ctypes
import os
import shutil
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forking import is_alive
from stage import CORPUS, Stage

from portfolio.running import landlock
from portfolio.running.census import descendants, shared_files

HOSTILE = Path(__file__).parent / "hostile"
GRACE = 5.0
"""Seconds between asking and killing."""
ENDS: Mapping[str, tuple[str, str]] = {
    "changes_modes_and_times": ("ran", ""),
    "closes_its_descriptors": ("ran", ""),
    "computes_without_end": ("timed_out", "[run] timeout"),
    "deletes_its_folder": ("raised", "FileNotFoundError"),
    "deletes_its_run": ("ran", ""),
    "floods_its_log": ("artifact", "too long"),
    "forges_a_good_end": ("no_result", "without a result"),
    "forks_a_daemon_without_environment": ("ran", ""),
    "forks_without_end": ("crashed", "1,000 processes"),
    "hangs_at_exit": ("timed_out", "[run] timeout"),
    "has_a_thread_that_never_ends": ("timed_out", "[run] timeout"),
    "holds_memory_in_many_children": ("out_of_memory", "[run] memory"),
    "holds_memory_without_owner": ("out_of_memory", "[run] memory"),
    "hops_from_fork_to_fork": ("ran", ""),
    "ignores_every_signal": ("timed_out", "[run] timeout"),
    "kills_its_keeper": ("raised", "PermissionError"),
    "leaves_a_device_as_artifact": ("artifact", "not a regular file"),
    "leaves_a_pipe_as_result": ("no_result", "without a result"),
    "leaves_a_socket_as_figure": ("artifact", "not a regular file"),
    "leaves_shared_memory": ("no_result", "without a result"),
    "leaves_workers_of_all_kinds": ("timed_out", "[run] timeout"),
    "locks_its_folders": ("ran", ""),
    "names_files_to_mislead": ("ran", ""),
    "nests_folders_without_end": ("", ""),
    "nests_its_log": ("artifact", "is not JSON"),
    "notebook_dies": ("crashed", "SIGSEGV in analysis.ipynb, In [2]"),
    "notebook_exhausts_memory": ("out_of_memory", "[run] memory"),
    "notebook_floods_output": ("output_limit", "In [1]: printed "),
    "notebook_hangs": ("timed_out", "In [1]: still running after 8 s"),
    "notebook_leaves_a_child": ("ran", ""),
    "notebook_quits": ("no_result", "the kernel ended early in analysis.ipynb, In [1]"),
    "opens_thousands_of_files": ("", ""),
    "overflows_its_stack": ("crashed", "SIGSEGV"),
    "prints_without_a_line": ("output_limit", "output_limit"),
    "reads_its_parents_secrets": ("ran", ""),
    "replaces_inputs_by_links": ("ran", ""),
    "replaces_its_run_by_a_link": ("raised", "a run writes in its own folder"),
    "signals_everybody": ("ran", ""),
    "stops_its_group": ("timed_out", "[run] timeout"),
    "unasks_its_end": ("timed_out", "[run] timeout"),
    "uses_the_network": ("ran", ""),
    "waits_beyond_signals": ("timed_out", "[run] timeout"),
    "writes_a_huge_file": ("output_limit", "output_limit"),
    "writes_files_without_end": ("output_limit", "output_limit"),
    "writes_outside": ("ran", ""),
    "writes_to_every_descriptor": ("ran", ""),
}
"""How each has to end: `ran`, or the kind of failure; and words of its message, with the key that raises a limit.

Where the kind is empty, it depends on the machine: how many files may be open, how fast it is.
"""
_NEEDS = {
    "kills_its_keeper": landlock.SCOPED,
    "signals_everybody": landlock.SCOPED,
    "reads_its_parents_secrets": landlock.TRUNCATES,
    "replaces_its_run_by_a_link": landlock.TRUNCATES,
    "writes_outside": landlock.TRUNCATES,
}
"""The version of Landlock without which it would do harm."""
_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What a build with hostile projects in it left."""

    rows: Mapping[str, Mapping[str, Any]]
    """What `--json` says of each project, by the name of its folder here."""
    said: str
    survivors: Sequence[int]
    changed: Sequence[str]
    """Files outside of the runs whose content, mode or time is another now."""
    left: Sequence[str]
    """What lies in scratch, and of hostile scripts in shared memory."""


def names() -> list[str]:
    """Return the hostile scripts that this system's guards can hold."""
    offered = landlock.version()
    return [name for name in ENDS if _NEEDS.get(name, 0) <= offered]


def run_hostile(
    make: Callable[..., Stage], top: Path, hostile: Sequence[str], *, threads: int = 1, jobs: int = 2
) -> Ended:
    """Run these beside a harmless project, from a zygote, or, with two threads each, in fresh interpreters."""
    stage = make(top / "workspace", "minimal")
    shutil.copytree(CORPUS / "succeeds", stage.projects / "bystander")
    for name in hostile:
        shutil.copytree(HOSTILE / name, stage.projects / name.replace("_", "-"))
    if "changes_modes_and_times" in hostile:
        (stage.projects / "changes-modes-and-times" / "large.bin").write_bytes(bytes(17 << 20))
    stage.write("pyproject.toml", f'[tool.portfolio]\noutput_limit = "8MiB"\nthreads = {threads}\n')
    stage.write("mkdocs.yml", "site_name: Ada Example\n")
    for folder in (top / "home", stage.root / "build" / "site"):
        folder.mkdir(parents=True)
    (top / "home" / ".bashrc").write_text("# mine\n")
    before, shared = _state(top), set(shared_files())
    variables = {"HOME": str(top / "home"), "WORKSPACE": str(stage.root), "PLANTED_SECRET": "not for scripts"}
    with _adopting() as orphans:
        ran = stage.portfolio("run", "--json", "--jobs", str(jobs), variables=variables)
        survivors = orphans()
    after = _state(top)
    scratch = sorted(path.name for path in (stage.root / "build" / "scratch").iterdir())
    return Ended(
        rows={slug.replace("-", "_"): row for slug, row in ran.projects.items()},
        said=ran.err,
        survivors=survivors,
        changed=tuple(sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))),
        left=(*scratch, *(name for name in set(shared_files()) - shared if name.startswith("hostile-"))),
    )


def longest(name: str) -> float:
    """Return within how many seconds a hostile script has to be gone."""
    spec = tomllib.loads((HOSTILE / name / "spec.toml").read_text(encoding="utf-8"))
    return float(spec["run"]["timeout"]) + GRACE + 1


def is_as_meant(name: str, row: Mapping[str, Any]) -> bool:
    """Whether it ended as `ENDS` says, and in time."""
    kind, words = ENDS[name]
    found, message = outcome(row)
    return (not kind or found == kind) and words in message and row["seconds"] <= longest(name)


def outcome(row: Mapping[str, Any]) -> tuple[str, str]:
    """Return how a project ended as `ENDS` says it, with the message."""
    failure = row["failure"]
    return (failure["kind"], failure["message"]) if failure else (row["status"], "")


def _state(top: Path) -> dict[str, tuple[int, int, bytes]]:
    """Return mode, time and content of what is the author's, by path; recorded numbers are the tool's."""
    found = {}
    for path in [
        *(top / "workspace" / "projects").rglob("*"),
        *(top / "home").rglob("*"),
        top / "workspace/mkdocs.yml",
    ]:
        if path.name != "results.json":
            state = path.lstat()
            is_file = path.is_file()
            content = path.read_bytes() if is_file else b""
            found[str(path.relative_to(top))] = (state.st_mode, state.st_mtime_ns if is_file else 0, content)
    return found


@contextmanager
def _adopting() -> Iterator[Callable[[], tuple[int, ...]]]:
    """Adopt whatever a build leaves running; give who was adopted, and end them behind the block."""
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1)
    before = set(descendants(os.getpid()))

    def orphans() -> tuple[int, ...]:
        return tuple(pid for pid in descendants(os.getpid()) if pid not in before and is_alive(pid))

    try:
        yield orphans
    finally:
        libc.prctl(_PR_SET_CHILD_SUBREAPER, 0)
        for pid in orphans():
            os.kill(pid, 9)
