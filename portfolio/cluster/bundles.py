"""What travels to a worker: the inputs of one project as a bundle, `_shared` as another, large files by their digest.

Nothing else leaves this machine: no variable of the environment, no credential, no other project.
"""

import io
import os
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from portfolio import files
from portfolio.running.scratch import LINKED_FROM, ChangedError
from portfolio.values.project import Project
from portfolio.workspace.inputs import Input, input_files, shared_files
from portfolio.workspace.root import Workspace

SHARED = "projects/_shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Large:
    """A file that does not travel: a worker has it at the same path, with the same content."""

    name: str
    """Where it lies, relative to the workspace."""
    path: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Files in one piece."""

    digest: str
    content: bytes
    contents: Mapping[str, str]
    """The files' digests by name, relative to the workspace; those of large ones too."""
    large: tuple[Large, ...]


class DamagedError(ValueError):
    """What arrived is not what was sent."""


def bundle_project(project: Project, workspace: Workspace, style: Path, digests: Mapping[Path, str]) -> Bundle:
    """Return the inputs of `project`, the data it declares elsewhere in the workspace, and the author's own style.

    Raises:
        OSError: one of them cannot be read.
        ChangedError: one is no longer what its digest was taken of.
    """
    found = [Input(_name(project.folder / own.name, workspace), own.path) for own in input_files(project.folder)]
    found += _declared(project, workspace, {own.name for own in found})
    if style.is_relative_to(workspace.templates) and style.is_file():
        found.append(Input(_name(style, workspace), style))
    return _bundle(found, digests)


def bundle_shared(workspace: Workspace, digests: Mapping[Path, str]) -> Bundle:
    """Return `_shared`, the same for all projects.

    Raises:
        OSError, ChangedError: see `bundle_project`.
    """
    shared = shared_files(workspace.shared)
    return _bundle([Input(f"{SHARED}/{own.name}", own.path) for own in shared], digests)


def unbundle(content: bytes, digest: str, folder: Path) -> None:
    """Write the files of a bundle below `folder`.

    Raises:
        DamagedError: it is not the bundle of that digest.
    """
    if sha256(content).hexdigest() != digest:
        raise DamagedError("a bundle was damaged on its way")
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive:
            path, stream = folder / member.name, archive.extractfile(member)
            if stream is None or ".." in path.parts or not path.is_relative_to(folder):
                raise DamagedError("a bundle names what is no file of it")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(stream.read())
            path.chmod(member.mode)
            os.utime(path, (member.mtime, member.mtime))


def pack(members: Iterable[tuple[tarfile.TarInfo, bytes]]) -> bytes:
    """Return an archive of these files, in their order."""
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for found, content in members:
            found.size = len(content)
            archive.addfile(found, io.BytesIO(content))
    return sink.getvalue()


def _declared(project: Project, workspace: Workspace, known: set[str]) -> Iterator[Input]:
    """Yield declared data beside the project's folder, where a run will look for it."""
    for data in project.spec.data:
        lexical = Path(os.path.normpath(project.folder / data.path)) if data.path else project.folder
        if lexical == project.folder or not lexical.is_relative_to(workspace.root):
            continue
        source, name = lexical.resolve(), _name(lexical, workspace)
        inner = input_files(source) if source.is_dir() else [Input("", source)] if source.is_file() else []
        for found in inner:
            whole = f"{name}/{found.name}" if found.name else name
            if whole not in known:
                known.add(whole)
                yield Input(whole, found.path)


def _name(path: Path, workspace: Workspace) -> str:
    return path.relative_to(workspace.root).as_posix()


def _bundle(found: Iterable[Input], digests: Mapping[Path, str]) -> Bundle:
    small, large, contents = [], [], {}
    for each in sorted(found):
        resolved = each.path.resolve()
        status = resolved.stat()
        if status.st_size >= LINKED_FROM:
            contents[each.name] = digests.get(each.path) or files.digest(resolved)
            large.append(Large(name=each.name, path=str(resolved), digest=contents[each.name]))
            continue
        content = resolved.read_bytes()
        contents[each.name] = sha256(content).hexdigest()
        if digests.get(each.path, contents[each.name]) != contents[each.name]:
            raise ChangedError
        member = tarfile.TarInfo(each.name)
        member.mode, member.mtime = status.st_mode & 0o777, status.st_mtime_ns / 1e9
        small.append((member, content))
    packed = pack(small)
    return Bundle(digest=sha256(packed).hexdigest(), content=packed, contents=contents, large=tuple(large))
