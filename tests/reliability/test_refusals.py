"""Where the system or the workspace refuses, it is said what to type, the last good site stays, and nothing is lost.

The short form of the figure `faults`, and what stands where something of ours has to stand.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from faults import ERRORS, Fault, Warm, calls, meet, prose_edited, warm
from ground import Ground, fill, leftovers
from kernel import needs_tracer
from stage import Once, Stage, tree
from variations import AS_NOBODY, may_be_nobody

from portfolio import folders

KINDS = ("rename", "write", "open")
"""Of calls that fail here; the figure has all kinds, and every call."""
MOUNTS = Path(__file__).with_name("mounts.py")


@pytest.fixture(scope="module")
def made(once: Once, warm_cache: Path) -> Ground:
    return Ground(once("ground", lambda folder: fill(folder, warm_cache)))


@pytest.fixture(scope="module")
def builds(made: Ground, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    with warm(made, tmp_path_factory.mktemp("warm") / "workspace") as found:
        yield found


@needs_tracer
def test_an_error_of_the_system_is_told_and_leaves_the_last_good_site(
    made: Ground, builds: Warm, tmp_path: Path
) -> None:
    found = calls(made, builds, tmp_path / "counted")
    edited = prose_edited(made, tmp_path / "clean")
    builds.build(edited)
    old, new = tree(made.new.site), tree(edited.site)

    complaints: list[str] = []
    for number, kind in enumerate(KINDS):
        fault = Fault(kind=kind, error=ERRORS[number % len(ERRORS)], at=max(1, found[kind] * 7 // 10))
        complaints += meet(prose_edited(made, tmp_path / "workspace"), builds, fault, old, new)

    assert complaints == []


@pytest.mark.parametrize(
    ("name", "what"),
    [
        *(("build", what) for what in ("a link", "a folder of somebody's")),
        *(("build/site", what) for what in ("a link", "a file", "a link to the workspace", "a folder of somebody's")),
        *(("build/docs", what) for what in ("a link to the workspace", "a folder of somebody's")),
        *(("build/theme", what) for what in ("a file", "a folder of somebody's")),
    ],
)
def test_what_is_not_ours_is_named_and_kept(made: Ground, builds: Warm, tmp_path: Path, name: str, what: str) -> None:
    stage, mine = prose_edited(made, tmp_path / "workspace"), tmp_path / "mine"
    place = stage.root / name
    place.rename(tmp_path / "aside")
    if what == "a file":
        place.write_text("mine", encoding="utf-8")
    elif what == "a link to the workspace":
        place.symlink_to(stage.root)
    else:
        mine = place if what == "a folder of somebody's" else mine
        mine.mkdir()
        (mine / "site").mkdir()
        (mine / "site" / "mine.txt").write_text("mine", encoding="utf-8")
        if mine != place:
            place.symlink_to(mine)
    before, foreign = _authors(stage), tree(mine) if mine.is_dir() else {}

    code, said = builds.build(stage)

    assert code == 3, said
    assert name in said
    assert "hint: m" in said
    assert "Traceback" not in said
    assert _authors(stage) == before
    assert foreign.items() <= (tree(mine).items() if mine.is_dir() else {}.items())
    assert place.is_symlink() == ("link" in what)


def test_clean_keeps_what_is_not_ours(made: Ground, tmp_path: Path) -> None:
    stage = made.edited(tmp_path / "workspace")
    (stage.root / "build" / "docs" / folders.MARKER).unlink()
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "mine.txt").write_text("mine", encoding="utf-8")
    shutil.rmtree(stage.root / "build" / "theme")
    (stage.root / "build" / "theme").symlink_to(outside)

    ran = stage.portfolio("clean", "--all")

    assert ran.code == 0
    assert "kept build/docs: portfolio did not make it" in ran.err
    assert (stage.root / "build" / "docs" / "index.md").is_file()
    assert tree(outside) == {"mine.txt": b"mine"}
    assert not (stage.root / "build" / "records").exists()


def test_a_folder_called_recorded_that_is_the_authors_is_not_replaced(made: Ground, tmp_path: Path) -> None:
    stage = made.edited(tmp_path / "workspace")
    stage.write("projects/minimal/recorded/voice.txt", "mine")

    ran = stage.portfolio("run", "--record", "minimal")

    assert ran.code == 2
    assert "projects/minimal/recorded: was not made by portfolio" in ran.err
    assert tree(stage.projects / "minimal" / "recorded") == {"voice.txt": b"mine"}


def test_a_link_in_place_of_the_lock_is_not_followed(made: Ground, builds: Warm, tmp_path: Path) -> None:
    stage, outside = prose_edited(made, tmp_path / "workspace"), tmp_path / "outside"
    (stage.root / "build" / ".lock").unlink()
    (stage.root / "build" / ".lock").symlink_to(outside)

    code, said = builds.build(stage)

    assert code == 3
    assert "build/.lock" in said
    assert not outside.exists()


def test_a_link_among_the_pages_leads_no_write_elsewhere(made: Ground, builds: Warm, tmp_path: Path) -> None:
    stage, outside = prose_edited(made, tmp_path / "workspace"), tmp_path / "outside"
    shutil.move(stage.root / "build" / "docs" / "projects", outside)
    (stage.root / "build" / "docs" / "projects").symlink_to(outside)
    before = tree(outside)

    code, said = builds.build(stage)

    assert code == 0, said
    assert tree(outside) == before
    assert "Edited again" in stage.page("minimal")


def test_leftovers_are_deleted_wherever_a_killed_command_may_have_written(made: Ground, tmp_path: Path) -> None:
    stage = made.edited(tmp_path / "workspace")
    stage.write("build/.lock", "at work\n")
    for name in ("projects/minimal/.results.json.abc.tmp", "build/cache/.digests.json.abc.tmp"):
        stage.write(name, "half")
    for name in (".recorded-abc", ".recorded.aside", "../../build/records/minimal/.new-abc"):
        stage.write(f"projects/minimal/{name}/{folders.MARKER}", "")
    stage.write("projects/minimal/.mine/kept.txt", "mine")

    ran = stage.portfolio("run", "minimal")

    assert ran.code == 0, ran.err
    assert leftovers(stage.root) == []
    assert (stage.projects / "minimal" / "recorded").is_dir()
    assert (stage.projects / "minimal" / ".mine" / "kept.txt").is_file()


@pytest.mark.skipif(not may_be_nobody(), reason="only root can start a command as somebody else")
def test_a_build_by_somebody_who_owns_nothing_says_so(made: Ground, tmp_path: Path) -> None:
    stage = made.edited(tmp_path / "workspace")
    before = tree(stage.root)
    tmp_path.chmod(0o755)

    ran = stage.portfolio("build", before=AS_NOBODY)

    assert ran.code == 3
    assert "build/.lock: permission denied" in ran.err
    assert "hint: ls -ld build" in ran.err
    assert tree(stage.root) == before


def _may_mount() -> bool:
    ended = (
        subprocess.run(["unshare", "--mount", "mount", "--make-rprivate", "/"], capture_output=True, check=False)
        if shutil.which("unshare")
        else None
    )
    return ended is not None and ended.returncode == 0


@pytest.mark.skipif(not _may_mount(), reason="mounting takes root")
def test_a_full_disk_and_file_systems_that_refuse_are_told(made: Ground, tmp_path: Path) -> None:
    shutil.copytree(made.old.root, tmp_path / "workspace", symlinks=True)

    command = ["unshare", "--mount", sys.executable, "-P", str(MOUNTS), str(tmp_path / "workspace")]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    found = {said["name"]: said for said in json.loads(ended.stdout)}

    assert {name: said["code"] for name, said in found.items()} == {
        "full": 3,
        "room again": 0,
        "clean on a full disk": 0,
        "the site is mounted": 3,
        "a read-only workspace": 3,
        "a read-only store": 3,
        "read-only projects": 0,
    }
    refused = [said for said in found.values() if said["code"]]
    assert all(said["kept"] and "hint: " in said["said"] and "Traceback" not in said["said"] for said in refused)
    assert [said["left"] for said in found.values()] == [[]] * len(found)
    assert "no space left on device" in found["full"]["said"]


def _authors(stage: Stage) -> dict[str, bytes]:
    """Return what of a workspace is its author's."""
    return {name: content for name, content in tree(stage.root).items() if not name.startswith("build/")}
