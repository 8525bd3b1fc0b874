"""A workspace as a value: what every file says and what of it counts, and how one state on disk becomes the next."""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pytest import MonkeyPatch  # noqa: PT013 - also used outside of tests

Meaning = Any
"""What of a file counts; two files of equal meaning lead to the same run."""


@dataclass(frozen=True, slots=True)
class Source:
    """A Python file: its statements count, its remarks do not, unless somebody reads the file as a text."""

    statements: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    read_as_text: bool = False
    """Whether the run sees the remarks too."""

    @property
    def text(self) -> str:
        """The file, its remarks spread over the places a remark can have."""
        lines = list(self.statements)
        for number, remark in enumerate(self.remarks):
            place = number % (len(lines) + 1)
            lines.insert(place, f"# {remark}\n" if number % 2 else f"\n# {remark}")
        return "\n".join(lines) + "\n"

    @property
    def meaning(self) -> Meaning:
        """What counts."""
        return self.text if self.read_as_text else self.statements


@dataclass(frozen=True, slots=True)
class Text:
    """Any other file; every byte counts."""

    text: str

    @property
    def meaning(self) -> Meaning:
        """What counts."""
        return self.text


@dataclass(frozen=True, slots=True)
class Link:
    """A symbolic link; what it leads to counts, not where it leads."""

    target: str

    @property
    def meaning(self) -> Meaning:
        """Nothing: the oracle looks at what it leads to."""
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A `spec.toml`: words that are only shown, and what decides numbers."""

    words: Mapping[str, Any]
    params: Mapping[str, Any] = field(default_factory=dict)
    run: Mapping[str, Any] = field(default_factory=dict)
    script: str = "script.py"
    data: tuple[str, ...] = ()
    """Paths of declared data."""

    @property
    def text(self) -> str:
        """The file."""
        tables = {"params": self.params, "run": self.run}
        top = [f"{key} = {json.dumps(value)}" for key, value in {**self.words, "script": self.script}.items()]
        for name, table in tables.items():
            top += [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items())]
        for path in self.data:
            top += ["[[data]]", f'name = "Declared"\npath = {json.dumps(path)}']
        return "\n".join(top) + "\n"

    @property
    def meaning(self) -> Meaning:
        """What counts; a time limit decides no number."""
        run = {key: value for key, value in self.run.items() if key != "timeout"}
        return json.dumps([self.script, self.params, run, self.data], sort_keys=True)


File = Source | Text | Link | Described


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """All an author can change: files below the top folder by path, and variables of the environment."""

    files: Mapping[str, File]
    """`workspace/` is the workspace, `elsewhere/` is code of the author's that several workspaces use."""
    variables: Mapping[str, str]
    kinds: Mapping[str, str]
    """Which project of the generator lies in which folder."""

    def put(self, path: str, file: File) -> "State":
        """Return the state with that file."""
        return replace(self, files={**self.files, path: file})

    def drop(self, *paths: str) -> "State":
        """Return the state without these files."""
        return replace(self, files={path: file for path, file in self.files.items() if path not in paths})

    def below(self, folder: str) -> dict[str, File]:
        """Return the files below a folder by their path in it."""
        top = f"{folder}/"
        return {path.removeprefix(top): file for path, file in self.files.items() if path.startswith(top)}

    def move(self, old: str, new: str) -> "State":
        """Return the state with a folder renamed."""
        moved = {f"{new}/{name}": file for name, file in self.below(old).items()}
        kept = {path: file for path, file in self.files.items() if not path.startswith(f"{old}/")}
        return replace(self, files=kept | moved)

    def slug(self, kind: str) -> str | None:
        """Return the folder in which that project of the generator lies now."""
        return next((slug for slug, found in self.kinds.items() if found == kind), None)

    @property
    def identity(self) -> str:
        """A text that two states share only if a clean build of one is a clean build of the other."""
        shown = {path: (type(file).__name__, _content(file)) for path, file in self.files.items()}
        return json.dumps([shown, dict(self.variables)], sort_keys=True)


def project(slug: str, name: str = "") -> str:
    """Return the path of a project's folder, or of a file in it."""
    return f"workspace/projects/{slug}" + (f"/{name}" if name else "")


def write_state(old: State | None, new: State, top: Path, *, keep_times: bool = False) -> None:
    """Make what lies below `top` in the state `old` lie there in the state `new`; touch nothing else."""
    before = old.files if old else {}
    for path in sorted({*before, *new.files}):
        if before.get(path) == new.files.get(path):
            continue
        place = top / path
        times = place.stat() if keep_times and place.is_file() else None
        if path in new.files:
            _write(place, new.files[path])
        else:
            place.unlink()
            _delete_empty(place.parent, top)
        if times:
            os.utime(place, ns=(times.st_atime_ns, times.st_mtime_ns))


@contextmanager
def surroundings(state: State, top: Path) -> Iterator[None]:
    """Give this process the variables and the import path an author's shell would give `portfolio`."""
    folders = [str(top / "elsewhere" / "source"), str(top / "elsewhere" / "site-packages")]
    with MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(folders))
        for folder in reversed(folders):
            patch.syspath_prepend(folder)
        for name, value in state.variables.items():
            patch.setenv(name, value)
        yield


def _content(file: File) -> str:
    return file.target if isinstance(file, Link) else file.text


def _write(place: Path, file: File) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.is_symlink() or isinstance(file, Link):
        place.unlink(missing_ok=True)
    if isinstance(file, Link):
        place.symlink_to(file.target)
    else:
        place.write_text(file.text, encoding="utf-8")


def _delete_empty(folder: Path, top: Path) -> None:
    """Delete a folder nobody has files in any more, as git does; what the tool put there goes with it."""
    while folder != top and not any(_is_authors(path) for path in folder.rglob("*")):
        shutil.rmtree(folder)
        folder = folder.parent


def _is_authors(path: Path) -> bool:
    return not path.is_dir() and path.name != "results.json"
