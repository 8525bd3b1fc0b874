"""What version control knows: commit, uncommitted inputs, last change, address; absent without git, never an error."""

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from portfolio.values.project import Project, Provenance
from portfolio.values.record import Commit
from portfolio.workspace.inputs import TOOL_OWNED
from portfolio.workspace.root import Workspace

_MOST_COMMITS = 5000


@dataclass(frozen=True)
class History:
    """The git repository around a workspace; asked once, then remembered."""

    root: Path
    repo: Any = field(repr=False)

    def commit(self, project: Project) -> Commit | None:
        """Return the checked-out commit, and whether an input of `project` differs from it."""
        head = self._head
        if head is None:
            return None
        sha, moment = head
        return Commit(sha=sha, date=moment, dirty=self._is_dirty(project.folder))

    def provenance(self, project: Project, commit: Commit | None) -> Provenance:
        """Return what to say on the page of `project`, whose numbers were computed at `commit`."""
        folder = self._below(project.folder)
        return Provenance(
            changed=self._changed.get(folder.split("/")[-1]) if folder else None,
            repository=self.repository,
            source=self._source(folder, commit) if folder and commit else None,
        )

    def committed(self, path: Path) -> bytes | None:
        """Return the content of `path` in the checked-out commit."""
        import git  # noqa: PLC0415

        with suppress(git.exc.GitError, ValueError, KeyError, OSError):
            content: bytes = (self.repo.head.commit.tree / self._below(path)).data_stream.read()
            return content
        return None

    @cached_property
    def repository(self) -> str | None:
        """The web address of the remote `origin`, or of the only one."""
        import git  # noqa: PLC0415

        with suppress(git.exc.GitError, ValueError, OSError):
            remotes = {remote.name: remote.url for remote in self.repo.remotes}
            url = remotes.get("origin") or (next(iter(remotes.values())) if len(remotes) == 1 else None)
            return web_address(url) if url else None
        return None

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

    @cached_property
    def _changed(self) -> Mapping[str, date]:
        """The day of the last commit that touched each project; unknown in a shallow clone, which cut the history."""
        import git  # noqa: PLC0415

        with suppress(git.exc.GitError, OSError, ValueError):
            if self.repo.git.rev_parse("--is-shallow-repository") == "true":
                return {}
            projects = self._below(self.root / "projects")
            log = self.repo.git.log(
                f"-n{_MOST_COMMITS}",
                "--format=%x01%cs",
                "--name-only",
                "--no-renames",
                "--",
                str(self.root / "projects"),
            )
            days: dict[str, date] = {}
            for entry in log.split("\x01")[1:]:
                day, *names = [line.strip('"') for line in entry.splitlines() if line]
                for name in names:
                    slug = name.removeprefix(f"{projects}/").split("/")[0]
                    days.setdefault(slug, date.fromisoformat(day))
            return days
        return {}

    def _is_dirty(self, folder: Path) -> bool:
        """Whether an input is uncommitted; what the tool owns and hidden files do not count."""
        inside = f"{self._below(folder)}/"
        shared = f"{self._below(folder.parent / '_shared')}/"
        names = [name.removeprefix(inside) for name in self._uncommitted if name.startswith(inside)]
        own = any(name.split("/")[0] not in TOOL_OWNED and not name.startswith(".") for name in names)
        return own or any(name.startswith(shared) for name in self._uncommitted)

    def _below(self, path: Path) -> str:
        top = Path(self.repo.working_tree_dir)
        resolved = path.resolve()
        return resolved.relative_to(top.resolve()).as_posix() if resolved.is_relative_to(top.resolve()) else ""

    def _source(self, folder: str, commit: Commit) -> str | None:
        address = self.repository
        if address is None or commit.dirty:
            return None
        host = urlsplit(address).hostname or ""
        middle = "/src/" if "bitbucket" in host else "/-/tree/" if "gitlab" in host else "/tree/"
        return f"{address}{middle}{commit.sha}/{folder}"


def history(workspace: Workspace) -> History | None:
    """Return the repository around `workspace`, or None where there is no git, no repository or no permission."""
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    try:
        import git  # noqa: PLC0415 - 86 ms, and only when something ran
    except ImportError:
        return None
    try:
        repo = git.Repo(workspace.root, search_parent_directories=True)
        repo.git.rev_parse("--git-dir")
    except (git.exc.GitError, OSError, ValueError):
        return None
    return History(workspace.root, repo) if repo.working_tree_dir else None


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
