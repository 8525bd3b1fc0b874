"""Whatever ends a build, and wherever the system refuses: the site is the old or the new one, and the next build whole.

The short forms of the figures `kills`, `faults`, `reader` and `together`.
"""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from ground import Ground, fill
from kernel import needs_tracer
from kills import Broken, Trees, check_next, kill, steps_of_a_build
from reading import publish_often
from stage import Once, Stage, command, environment, tree
from together import PAIRS, kill_the_holder, run_pair

from portfolio import files, folders

MOMENTS = (0.45, 0.6, 0.75, 0.87, 0.96)
PUBLISHES = 40
MOUNTS = Path(__file__).with_name("mounts.py")


@pytest.fixture(scope="module")
def made(once: Once, warm_cache: Path) -> Ground:
    return Ground(once("ground", lambda folder: fill(folder, warm_cache)))


def test_a_build_killed_again_and_again_leaves_a_whole_site_and_the_next_build_is_a_clean_one(
    made: Ground, tmp_path: Path
) -> None:
    trees, broken = Trees.of(made), Broken()
    steps, seconds = steps_of_a_build(made, tmp_path / "counted")
    stage = made.edited(tmp_path / "workspace")

    for number, moment in enumerate(MOMENTS):
        if number % 2:
            kill(stage, trees, broken, after=moment * seconds)
        else:
            kill(stage, trees, broken, step=round(moment * steps))
    check_next(stage, trees, broken, "after all kills")

    assert broken.all == ()


@needs_tracer
def test_a_folder_that_cannot_be_listed_is_no_empty_one(made: Ground, tmp_path: Path) -> None:
    stage = made.edited(tmp_path / "workspace")
    own = stage.write("site_templates/assets/own/more.css", "p { margin: 0 }\n").parent
    before = tree(stage.site)
    failing = ["strace", "-f", "-qq", "-o", os.devnull, "-P", str(own), "-e", "inject=openat:error=EIO"]

    ended = subprocess.run(
        [*failing, *command("build")], cwd=stage.root, env=environment(), capture_output=True, text=True, check=False
    )

    assert (ended.returncode, tree(stage.site) == before) == (3, True)
    assert "site_templates/assets/own: input/output error" in ended.stderr


def test_readers_by_path_and_by_http_miss_nothing_while_sites_are_published(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    files.write_text(stage.site / folders.MARKER, "")
    for name in ("index.html", "about/index.html", "projects/one/index.html"):
        files.write_text(stage.site / name, f"<body>{name}</body>")

    by_path, by_http = publish_often(stage, PUBLISHES)

    assert (by_path.failed, by_http.failed) == ([], [])
    assert min(by_path.reads, by_http.reads) > PUBLISHES


def test_two_commands_at_once_corrupt_nothing(made: Ground, tmp_path: Path) -> None:
    complaints = run_pair(
        made, tmp_path / "workspace", PAIRS.index((("clean", "--all"), ("run", "--record", "succeeds")))
    )

    assert complaints == []


def test_a_command_behind_a_build_that_is_killed_starts_at_once(made: Ground, tmp_path: Path) -> None:
    seconds, complaints = kill_the_holder(made, tmp_path / "workspace", ("run",))

    assert complaints == []
    assert seconds < 20


def test_two_new_projects_of_one_name_are_one_whole_project(made: Ground, tmp_path: Path) -> None:
    stage = made.edited(tmp_path / "workspace")

    both = [stage.start("new", "another") for _ in range(2)]
    said = [process.communicate(timeout=60)[1] for process in both]

    assert sorted(process.returncode for process in both) == [0, 2], said
    assert sorted(path.name for path in (stage.projects / "another").iterdir()) == [
        "script.py",
        "spec.toml",
        "writeup.md",
    ]
    assert not any("Traceback" in text for text in said)
    assert list(stage.projects.glob(".new-*")) == []


def test_a_folder_that_several_make_at_once_is_nobody_elses(tmp_path: Path) -> None:
    together, before = threading.Barrier(4), sys.getswitchinterval()
    sys.setswitchinterval(1e-6)

    def claimed(folder: Path) -> Path:
        together.wait()
        return folders.claim(folder)

    try:
        with ThreadPoolExecutor(4) as pool:
            for number in range(200):
                assert set(pool.map(claimed, [tmp_path / str(number)] * 4)) == {tmp_path / str(number)}
    finally:
        sys.setswitchinterval(before)
