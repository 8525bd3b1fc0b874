"""What becomes of builds on file systems that refuse: `unshare --mount python -P mounts.py WORKSPACE` prints JSON.

Everything is mounted in a namespace of this process, over folders of WORKSPACE; it is gone with it.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from ground import edit, leftovers  # noqa: E402 - a script beside the tests
from stage import Stage, tree  # noqa: E402

_ROOM = "48m"
Said = dict[str, object]


@contextmanager
def mounted(place: Path, *options: str) -> Iterator[None]:
    """Mount something at `place` for as long as the block lasts."""
    subprocess.run(["mount", *options, str(place)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def full(stage: Stage) -> Iterator[Said]:
    """The disk is full to its last byte."""
    place = stage.root.with_name("small")
    place.mkdir()
    with mounted(place, "-t", "tmpfs", "-o", f"size={_ROOM}", "tmpfs"):
        small = Stage(place / "workspace")
        shutil.copytree(stage.root, small.root, symlinks=True)
        with suppress(OSError), (place / "filler").open("wb", buffering=0) as filler:
            while filler.write(bytes(1 << 16)):
                pass
        with suppress(OSError), (place / "filler").open("ab", buffering=0) as filler:
            while filler.write(b"0"):
                pass
        yield _build("full", small)
        (place / "filler").unlink()
        yield _build("room again", small)
        with suppress(OSError), (place / "filler").open("wb", buffering=0) as filler:
            while filler.write(bytes(1 << 16)):
                pass
        yield _build("clean on a full disk", small, "clean")


def site_is_a_mount(stage: Stage) -> Iterator[Said]:
    """`build/site` is a file system of its own."""
    with mounted(stage.site, "-t", "tmpfs", "-o", "size=4m", "tmpfs"):
        yield _build("the site is mounted", stage)


def read_only(name: str, part: str) -> Callable[[Stage], Iterator[Said]]:
    """Return what mounts a part of the workspace so that nobody can write to it."""

    def scenario(stage: Stage) -> Iterator[Said]:
        place = stage.root / part
        with mounted(place, "--bind", str(place)):
            subprocess.run(["mount", "-o", "remount,bind,ro", str(place)], check=True)
            yield _build(name, stage)

    return scenario


def _build(name: str, stage: Stage, command: str = "build") -> Said:
    before = tree(stage.site)
    ran = stage.portfolio(command)
    kept = tree(stage.site) == before
    return {"name": name, "code": ran.code, "said": ran.err, "kept": kept, "left": leftovers(stage.root)}


if __name__ == "__main__":
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    original = Path(sys.argv[1])
    scenarios: tuple[Callable[[Stage], Iterator[Said]], ...] = (
        full,
        site_is_a_mount,
        read_only("a read-only workspace", "."),
        read_only("a read-only store", "build/records"),
        read_only("read-only projects", "projects"),
    )
    found: list[Said] = []
    for number, scenario in enumerate(scenarios):
        copy = Stage(original.with_name(f"mounted-{number}"))
        shutil.copytree(original, copy.root, symlinks=True)
        edit(copy)
        found += scenario(copy)
    print(json.dumps(found))  # noqa: T201 - the answer
