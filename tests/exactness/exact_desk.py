"""A workspace under work: its state on disk, what is known of it, and the next build, checked against the oracle."""

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from exact_builds import Clean, Seen, build_pages, build_site, differences, git
from exact_changes import drawing_from
from exact_edits import EDITS, KEEPS_TIMES
from exact_meaning import Known
from exact_state import State, write_state


class StaleError(AssertionError):
    """A build ran too much or too little, or left something else than a clean build."""


@dataclass(slots=True)
class Desk:
    """A workspace at `top`, in `state`."""

    top: Path
    state: State = field(repr=False)
    known: Known = field(default_factory=Known, repr=False)
    past: list[State] = field(default_factory=list, repr=False)
    main: State | None = field(default=None, repr=False)
    """What lies on the branch `main` while another one is checked out."""
    runs: int = 0
    """How many projects its builds executed."""

    @property
    def workspace(self) -> Path:
        """The workspace."""
        return self.top / "workspace"

    def become(self, state: State, *, keep_times: bool = False) -> None:
        """Bring the files into another state."""
        write_state(self.state, state, self.top, keep_times=keep_times)
        self.past.append(self.state)
        self.state = state

    def edit(self, name: str, random: Random) -> None:
        """Do what is called `name`."""
        if name in EDITS:
            self.become(EDITS[name](self.state, random), keep_times=name in KEEPS_TIMES)
        else:
            ACTS[name](self, random)

    def check(self, clean: Clean, build: Callable[[State, Path], Seen] = build_pages) -> Seen:
        """Build, and raise where more or less ran than had to, or where a clean build leaves something else."""
        wanted = self.known.build(self.state)
        seen = build(self.state, self.top)
        self.runs += len(seen.ran)
        if seen.ran != wanted:
            told = {"more": sorted(seen.ran - wanted), "less": sorted(wanted - seen.ran)}
            raise StaleError(f"what ran is not what had to: {told}")
        failing = set(self.known.failed) & set(self.state.kinds)
        if seen.failed != failing:
            raise StaleError(f"failed: {sorted(seen.failed)} instead of {sorted(failing)}")
        other = differences(seen.left, clean.left(self.known.basis(self.state), self.workspace / ".git"))
        if other:
            raise StaleError(f"a clean build leaves something else: {other}")
        return seen


def new_desk(top: Path, state: State) -> Desk:
    """Return a desk where nothing was built yet."""
    write_state(None, state, top)
    for command in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-q", "-m", "The first state")):
        git(top / "workspace", *command)
    return Desk(top=top, state=state)


def built_desk(top: Path, state: State) -> Desk:
    """Return a desk whose first state was built once."""
    desk = new_desk(top, state)
    desk.known.build(state)
    seen = build_pages(state, top)
    assert not seen.failed, f"the first state does not build: {seen.failed}"
    return desk


def copy_of(desk: Desk, top: Path) -> Desk:
    """Return the same desk elsewhere."""
    shutil.copytree(desk.top, top, symlinks=True)
    return replace(deepcopy(desk), top=top)


def play(desk: Desk, steps: Sequence[Sequence[tuple[str, int]]], clean: Clean) -> None:
    """Do the edits of each step, given by name and a number to draw from, and build after each step.

    Raises:
        StaleError: a build was not exact; the message says after which edits.
    """
    for number, step in enumerate(steps, start=1):
        for name, pick in step:
            desk.edit(name, drawing_from(pick))
        try:
            desk.check(clean)
        except Exception as error:
            raise StaleError(f"step {number} of {steps}: {type(error).__name__}: {error}") from error


def close(desk: Desk, clean: Clean, random: Random) -> None:
    """Build the site, damage it and its pages, and expect the next build to mend both without running anything.

    Raises:
        StaleError: a build was not exact.
    """
    before = desk.check(clean, build_site).left
    for tree in ("docs", "site"):
        _damage(random.choice(_files_below(desk.workspace / "build" / tree)), random)
    after = desk.check(clean, build_site).left
    if differences(before, after):
        raise StaleError(f"a damaged output was not mended: {differences(before, after)}")


def _go_back(desk: Desk, random: Random) -> None:
    if desk.past:
        desk.become(random.choice(desk.past))


def _touch(desk: Desk, _random: Random) -> None:
    for path in _files_below(desk.workspace / "projects"):
        os.utime(path)


def _save_again(desk: Desk, _random: Random) -> None:
    """Write every file anew with the bytes it had, as editors do."""
    for path in _files_below(desk.workspace / "projects"):
        if not path.is_symlink():
            again = path.with_name(f".{path.name}.saving")
            shutil.copyfile(path, again)
            again.replace(path)


def _switch_branch(desk: Desk, random: Random) -> None:
    git(desk.workspace, "add", "-A")
    git(desk.workspace, "commit", "-q", "--allow-empty", "-m", "A state")
    if desk.main is None:
        desk.main = desk.state
        git(desk.workspace, "checkout", "-q", "-B", "side")
        desk.edit(random.choice(sorted(EDITS)), random)
        return
    git(desk.workspace, "checkout", "-q", "main")
    outside = {path: file for path, file in desk.state.files.items() if not path.startswith("workspace/")}
    inside = {path: file for path, file in desk.main.files.items() if path.startswith("workspace/")}
    desk.past.append(desk.state)
    desk.state = replace(desk.main, files=inside | outside, variables=desk.state.variables)
    desk.main = None


def _move_workspace(desk: Desk, _random: Random) -> None:
    moved = desk.top.with_name(f"{desk.top.name}-moved")
    desk.top.rename(moved)
    desk.top = moved


def _damage_numbers(desk: Desk, random: Random) -> None:
    found = sorted(desk.workspace.glob("projects/*/results.json"))
    path = random.choice([path for path in found if path.parent.name not in desk.known.failed])
    if random.random() < 0.5:
        path.unlink()
    else:
        path.write_text("<<<<<<< HEAD\n", encoding="utf-8")


def _folders_of_records(desk: Desk) -> list[Path]:
    folders = sorted(path for path in (desk.workspace / "build" / "records").iterdir() if path.is_dir())
    return [path for path in folders if path.name not in desk.known.failed]


def _damage_records(desk: Desk, random: Random) -> None:
    """Damage every record of a project; one that fails shows its last good record, and is left alone."""
    folder = random.choice(_folders_of_records(desk))
    for record in folder.glob("*/*"):
        if record.is_file() and record.name != "seal":
            _damage(record, random)
    desk.known.forget(folder.name)


def _damage_stored_file(desk: Desk, random: Random) -> None:
    """Flip a bit in every stored file of a project that keeps some."""
    slug = desk.state.slug("counts")
    tables = sorted((desk.workspace / "build" / "records" / (slug or "none")).glob("*/tables/*.csv"))
    if not slug or not tables or slug in desk.known.failed:
        return
    for path in tables:
        content = bytearray(path.read_bytes())
        content[random.randrange(len(content))] ^= 1 << random.randrange(8)
        path.write_bytes(content)
    if desk.state.files[f"workspace/projects/{slug}/spec.toml"].script == "script.py":  # type: ignore[union-attr]
        desk.known.forget(slug)


def _delete_records(desk: Desk, random: Random) -> None:
    folder = random.choice(_folders_of_records(desk))
    shutil.rmtree(folder)
    desk.known.forget(folder.name)


def _delete_caches(desk: Desk, _random: Random) -> None:
    shutil.rmtree(desk.workspace / "build" / "cache")


def _damage_caches(desk: Desk, random: Random) -> None:
    """Damage all but environments: what is installed there is the project's own, and leads to this machine's Python."""
    cache = desk.workspace / "build" / "cache"
    for path in _files_below(cache):
        if path.relative_to(cache).parts[0] != "environments":
            _damage(path, random)


def _damage_pages(desk: Desk, random: Random) -> None:
    _damage(random.choice(_files_below(desk.workspace / "build" / "docs")), random)


def _damage(path: Path, random: Random) -> None:
    """Delete a file, cut it somewhere, or put something else in its place."""
    content = path.read_bytes()
    how = random.randrange(3)
    if how == 0:
        path.unlink()
    elif how == 1 and content:
        path.write_bytes(content[: random.randrange(len(content))])
    else:
        path.write_bytes(b"something else")


def _files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if _is_own(path))


def _is_own(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and not path.name.startswith(".")


ACTS: Mapping[str, Callable[[Desk, Random], None]] = {
    "going back": _go_back,
    "touched": _touch,
    "saved again": _save_again,
    "branch switched": _switch_branch,
    "workspace moved": _move_workspace,
    "numbers damaged": _damage_numbers,
    "records damaged": _damage_records,
    "stored file damaged": _damage_stored_file,
    "records deleted": _delete_records,
    "caches deleted": _delete_caches,
    "caches damaged": _damage_caches,
    "pages damaged": _damage_pages,
}
"""What happens to a workspace without changing what its author wrote."""
NAMES = (*EDITS, *ACTS)
