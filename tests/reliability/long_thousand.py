"""A workspace of a thousand projects: the build after all of them are stored, within its bound, with its memory."""

import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from figure import Figure
from ground import fonts
from stage import Stage, command, environment

PROJECTS = 1000
SECONDS, MEGABYTES = 15.0, 500.0
_PATIENCE = 1800
_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


def run(projects: int = PROJECTS) -> Figure:
    """Build cold, then change the title of every page and build again: nothing runs, everything is published."""
    with tempfile.TemporaryDirectory(prefix="thousand-") as folder:
        stage = Stage(Path(folder) / "workspace")
        stage.projects.mkdir(parents=True)
        shutil.copytree(fonts(Path(folder) / "fonts"), stage.root / "build" / "cache")
        for number in range(projects):
            stage.add("minimal", f"minimal-{number}")
        stage.write("mkdocs.yml", "site_name: Ada Example\n")
        cold, _ = _built(stage)
        stage.write("mkdocs.yml", "site_name: Another Name\n")
        warm, megabytes = _built(stage)
        pages = len(list((stage.site / "projects").glob("*/index.html")))
    return Figure(
        what=f"{pages} projects, all pages anew, nothing to run",
        promised=f"under {SECONDS:.0f} s, under {MEGABYTES:.0f} MB",
        measured=f"{warm:.1f} s, {megabytes:.0f} MB at most in one process",
        ok=pages == projects and warm < SECONDS and megabytes < MEGABYTES,
        notes=(f"the first build, which ran them all, took {cold:.0f} s",),
    )


def _built(stage: Stage) -> tuple[float, float]:
    """Build; return the seconds, and the most that a process of the build held, looked at ten times a second."""
    began, most = time.monotonic(), 0.0
    process = subprocess.Popen(
        command("-q", "build"), cwd=stage.root, env=environment(), stdin=subprocess.DEVNULL, process_group=0
    )
    while process.poll() is None:
        most = max([most, *(_peak(pid) for pid in _below(process.pid))])
        time.sleep(0.1)
        assert time.monotonic() < began + _PATIENCE, "still building"
    assert process.returncode == 0, f"exit code {process.returncode}"
    return time.monotonic() - began, most


def _below(pid: int) -> list[int]:
    try:
        children = [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        children = []
    return [pid, *(inner for child in children for inner in _below(child))]


def _peak(pid: int) -> float:
    try:
        found = _PEAK.search(Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0
