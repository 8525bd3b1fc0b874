"""What version control knows: commit, uncommitted inputs, last change, address; absent without git, never an error."""

import json
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from hashlib import sha1
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from portfolio import files, versions
from portfolio.completeness import headline_metric
from portfolio.values.entry import Earlier, Provenance
from portfolio.values.project import Project
from portfolio.values.record import Commit, Record
from portfolio.workspace.inputs import TOOL_OWNED
from portfolio.workspace.repository import repository_state, repository_top
from portfolio.workspace.root import Workspace

_NOTE = "history.json"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What one checked-out commit says, in the plain values of JSON."""

    repository: str | None = None
    """The web address of the remote `origin`, or of the only one."""
    changed: Mapping[str, str] = field(default_factory=dict)
    """The day of the last commit that touched each project, by slug."""
    recorded: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    """Commit, day and git name of each project's recorded numbers whenever they changed, the newest first, by slug."""
    blobs: Mapping[str, str] = field(default_factory=dict)
    """The git names of committed results, by path."""


@dataclass(frozen=True)
class History:
    """The git repository around a workspace; what depends on the commit alone is remembered from build to build."""

    root: Path
    top: Path
    cache: Path

    def commit(self, project: Project) -> Commit | None:
        """Return the checked-out commit, and whether an input of `project` differs from it."""
        head = self._head if self.repo else None
        if head is None:
            return None
        sha, moment = head
        return Commit(sha=sha, date=moment, dirty=self._is_dirty(project.folder))

    def provenance(self, project: Project, commit: Commit | None) -> Provenance:
        """Return what to say on the page of `project`, whose numbers were computed at `commit`."""
        folder = self._below(project.folder)
        slug = folder.split("/")[-1]
        day = self._facts.changed.get(slug) if folder else None
        recorded = self._facts.recorded.get(slug, ()) if folder else ()
        return Provenance(
            changed=date.fromisoformat(day) if day else None,
            repository=self._facts.repository,
            source=self._source(folder, commit) if folder and commit else None,
            versions=versions.headline_versions(recorded, self._numbers, lambda: self.repo, project.spec),
        )

    def earlier(self, project: Project, record: Record) -> Earlier | None:
        """Return what was committed before of the headline of `project`, computed from the same data."""
        folder = self._below(project.folder)
        now = headline_metric(project.spec, record.result)
        recorded = self._facts.recorded.get(folder.split("/")[-1], ()) if folder else ()
        if now is None:
            return None
        return versions.earlier(recorded, self._numbers, lambda: self.repo, now, record.circumstances.data)

    def recorded_at(self, revision: str) -> dict[str, bytes] | None:
        """Return the recorded numbers in a revision by slug, or None where there is no such revision."""
        if self.repo is None or revision.startswith("-"):
            return None
        import git  # noqa: PLC0415

        projects = self._below(self.root / "projects")
        with suppress(git.exc.GitError, OSError, ValueError):
            found = versions.listed(self.repo, f"{revision}^{{commit}}", projects)
            contents = {
                path.removeprefix(f"{projects}/"): versions.content(self.repo, blob) for path, blob in found.items()
            }
            return {
                slug: content
                for path, content in contents.items()
                for slug, _, name in [path.partition("/")]
                if name == "results.json" and content is not None
            }
        return None

    def committed(self, path: Path) -> bytes | None:
        """Return the content of `path`, below the projects, in the checked-out commit."""
        name = self._facts.blobs.get(self._below(path))
        if name is None:
            return None
        with suppress(OSError):
            content = path.read_bytes()
            if sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest() == name:
                return content
        if self.repo is None:
            return None
        import git  # noqa: PLC0415

        with suppress(git.exc.GitError, ValueError, KeyError, OSError, AttributeError):
            found: bytes = (self.repo.head.commit.tree / self._below(path)).data_stream.read()
            return found
        return None

    def listed(self) -> tuple[str, ...] | None:
        """Return the files below the workspace that are committed or would be, sorted; None where git cannot say."""
        if self.repo is None:
            return None
        import git  # noqa: PLC0415

        with suppress(git.exc.GitError, ValueError, OSError):
            asked = ("-z", "--cached", "--others", "--exclude-standard")
            found: str = git.Git(self.root).ls_files(*asked)
            return tuple(sorted({name for name in found.split("\0") if name}))
        return None

    def save(self) -> None:
        """Remember what git said, if it was asked and could answer."""
        if self.__dict__.get("_facts", Facts()) != Facts():
            document = {"state": repository_state(self.root), **asdict(self._facts)}
            files.write_text(self.cache / _NOTE, json.dumps(document, sort_keys=True))
            self._numbers.save()

    @cached_property
    def repo(self) -> Any:
        """The repository as GitPython sees it; None where it may not be read."""
        os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
        try:
            import git  # noqa: PLC0415 - 86 ms, and only where git is asked
        except ImportError:  # what it says of a configuration it cannot read
            return None
        with suppress(git.exc.GitError, OSError, ValueError):
            found = git.Repo(self.top)
            found.git.rev_parse("--git-dir")
            return found if found.working_tree_dir else None
        return None

    @cached_property
    def _facts(self) -> Facts:
        try:
            noted = json.loads((self.cache / _NOTE).read_text(encoding="utf-8"))
            if noted.pop("state") == repository_state(self.root):
                return Facts(**noted)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            pass
        if self.repo is None:
            return Facts()
        log = self._logged()
        return Facts(repository=self.repository(), changed=log.changed, recorded=log.recorded, blobs=self._blobs())

    def repository(self) -> str | None:
        """Return the web address of the remote `origin`, or of the only one."""
        remotes = self.remotes()
        url = remotes.get("origin") or (next(iter(remotes.values())) if len(remotes) == 1 else None)
        return web_address(url) if url else None

    def remotes(self) -> dict[str, str]:
        """Return the remotes' addresses by name, as git knows them."""
        if self.repo is None:
            return {}
        import git  # noqa: PLC0415

        with suppress(git.exc.GitError, ValueError, OSError):
            return {remote.name: remote.url for remote in self.repo.remotes}
        return {}

    def _blobs(self) -> dict[str, str]:
        """The git names of the committed results, by path from the top."""
        import git  # noqa: PLC0415

        with suppress(git.exc.GitError, OSError, ValueError):
            return versions.listed(self.repo, "HEAD", self._below(self.root / "projects"))
        return {}

    @cached_property
    def _numbers(self) -> versions.Numbers:
        return versions.Numbers(self.cache)

    @cached_property
    def _head(self) -> tuple[str, datetime] | None:
        import git  # noqa: PLC0415

        with suppress(git.exc.GitError, ValueError, OSError):
            head = self.repo.head.commit
            return head.hexsha, head.committed_datetime.astimezone(UTC)
        return None

    @cached_property
    def _uncommitted(self) -> tuple[str, ...]:
        import git  # noqa: PLC0415

        with suppress(git.exc.GitError, OSError):
            listing = self.repo.git.status(
                "--porcelain", "-z", "--untracked-files=all", "--", str(self.root / "projects")
            )
            return tuple(entry[3:] if entry[2:3] == " " else entry for entry in listing.split("\0") if entry)
        return ()

    def _logged(self) -> versions.Logged:
        import git  # noqa: PLC0415

        with suppress(git.exc.GitError, OSError, ValueError):
            projects = self.root / "projects"
            return versions.logged(self.repo, projects, self._below(projects))
        return versions.Logged()

    def _is_dirty(self, folder: Path) -> bool:
        """Whether an input is uncommitted; what the tool owns and hidden files do not count."""
        inside = f"{self._below(folder)}/"
        shared = f"{self._below(folder.parent / '_shared')}/"
        names = [name.removeprefix(inside) for name in self._uncommitted if name.startswith(inside)]
        own = any(name.split("/")[0] not in TOOL_OWNED and not name.startswith(".") for name in names)
        return own or any(name.startswith(shared) for name in self._uncommitted)

    def _below(self, path: Path) -> str:
        top, resolved = self.top.resolve(), path.resolve()
        return resolved.relative_to(top).as_posix() if resolved.is_relative_to(top) else ""

    def _source(self, folder: str, commit: Commit) -> str | None:
        address = self._facts.repository
        if address is None or commit.dirty:
            return None
        host = urlsplit(address).hostname or ""
        middle = "/src/" if "bitbucket" in host else "/-/tree/" if "gitlab" in host else "/tree/"
        return f"{address}{middle}{commit.sha}/{folder}"


def history(workspace: Workspace) -> History | None:
    """Return the repository around `workspace`, or None where there is no git or no repository."""
    top = repository_top(workspace.root)
    if top is None or find_spec("git") is None:
        return None
    return History(workspace.root, top, workspace.cache)


def web_address(remote: str) -> str | None:
    """Return the https address of a remote, without credentials and port; None for what is not http(s) or ssh."""
    found = re.fullmatch(r"(?:ssh://)?(?:[^@/\s]+@)?([A-Za-z0-9.-]+\.[A-Za-z0-9-]+)(?::\d+/|[:/])([^\s?#]+)", remote)
    if remote.startswith(("https://", "http://")):
        parts = urlsplit(remote)
        host, path = parts.hostname or "", parts.path
    elif found and "://" not in remote.removeprefix("ssh://"):
        host, path = found[1], found[2]
    else:
        return None
    path = path.strip("/").removesuffix(".git")
    if not re.fullmatch(r"[A-Za-z0-9._~/-]+", path) or not re.fullmatch(r"[A-Za-z0-9.-]+", host):
        return None
    return f"https://{host}/{path}"
