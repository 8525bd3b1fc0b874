"""A workspace of a thousand projects: the build after all of them are stored, within its bound, with its memory."""

import shutil
import tempfile
from pathlib import Path

from figure import Figure
from ground import fonts
from peak import built
from stage import Stage

PROJECTS = 1000
SECONDS, MEGABYTES = 15.0, 500.0


def run(projects: int = PROJECTS) -> Figure:
    """Build cold, then change the title of every page and build again: nothing runs, everything is published."""
    with tempfile.TemporaryDirectory(prefix="thousand-") as folder:
        stage = Stage(Path(folder) / "workspace")
        stage.projects.mkdir(parents=True)
        shutil.copytree(fonts(Path(folder) / "fonts"), stage.root / "build" / "cache")
        for number in range(projects):
            stage.add("minimal", f"minimal-{number}")
        stage.write("mkdocs.yml", "site_name: Ada Example\n")
        cold = built(stage)
        stage.write("mkdocs.yml", "site_name: Another Name\n")
        warm = built(stage)
        pages = len(list((stage.site / "projects").glob("*/index.html")))
    is_whole = cold.ran.code == warm.ran.code == 0 and pages == projects
    return Figure(
        what=f"{pages} projects, all pages anew, nothing to run",
        promised=f"under {SECONDS:.0f} s, under {MEGABYTES:.0f} MB",
        measured=str(warm),
        ok=is_whole and warm.seconds < SECONDS and warm.megabytes < MEGABYTES,
        notes=(f"the first build, which ran them all, took {cold}",),
    )
