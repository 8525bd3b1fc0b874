"""Real builds of a state on disk, and what of their outcome has to be equal between two of them."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from exact_state import State, surroundings, write_state
from one_run import of_any_run

from portfolio import provenance
from portfolio.build import Built, Options, build, run
from portfolio.entries import entry
from portfolio.publishing.docs_tree import write_docs
from portfolio.rendering.pages import render
from portfolio.reporting import Outcome, Silent
from portfolio.templates import template_folders
from portfolio.workspace.config import read_configuration
from portfolio.workspace.discover import discover
from portfolio.workspace.root import Workspace

_PATH = os.environ.get("PATH", os.defpath)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a build did and what it left."""

    ran: frozenset[str]
    failed: frozenset[str]
    left: Mapping[str, Any] = field(repr=False)
    """Results, committed numbers and pages, by name."""


class _Counting(Silent):
    """Remembers which projects were really executed."""

    def __init__(self) -> None:
        self.ran: set[str] = set()

    def started(self, slug: str, reason: str) -> None:  # noqa: ARG002 - the reporter's signature
        self.ran.add(slug)


def build_pages(state: State, top: Path) -> Seen:
    """Run what is stale and write the docs tree, without the site engine, which would take most of the time."""
    workspace, counting = Workspace(top / "workspace"), _Counting()
    with surroundings(state, top):
        built = run(workspace, Options(jobs=2), counting)
        _write_pages(workspace, built)
    return _seen(workspace, built, counting.ran, workspace.docs)


def build_site(state: State, top: Path) -> Seen:
    """Build as `portfolio build` does."""
    workspace, counting = Workspace(top / "workspace"), _Counting()
    with surroundings(state, top):
        built = build(workspace, Options(jobs=2), counting)
    return _seen(workspace, built, counting.ran, workspace.docs, workspace.site)


@dataclass(slots=True)
class Clean:
    """Builds in fresh folders, each state once."""

    site: bool = False
    known: dict[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)

    def left(self, states: Sequence[State], repository: Path) -> Mapping[str, Any]:
        """Return what builds of `states`, one after the other in a fresh folder, leave in the end."""
        head = git(repository.parent, "rev-parse", "HEAD")
        name = "\n".join([head, *(state.identity for state in states)])
        if name not in self.known:
            with tempfile.TemporaryDirectory(prefix="clean-") as folder:
                self.known[name] = self._built(states, repository, Path(folder))
        return self.known[name]

    def _built(self, states: Sequence[State], repository: Path, top: Path) -> Mapping[str, Any]:
        shutil.copytree(repository, top / "workspace" / ".git")
        before = None
        for state in states:
            write_state(before, state, top)
            seen = (build_site if self.site else build_pages)(state, top)
            before = state
        return seen.left


def differences(left: Mapping[str, Any], right: Mapping[str, Any]) -> list[str]:
    """Return the names under which two builds left something different."""
    return sorted(name for name in {*left, *right} if left.get(name) != right.get(name))


def git(folder: Path, *arguments: str) -> str:
    """Run git as an author nobody is, always on the same day; return what it printed."""
    author = ["-c", "user.name=Ada Example", "-c", "user.email=ada@example.org", "-c", "core.hooksPath=/dev/null"]
    day = "2026-01-01T12:00:00+00:00"
    ended = subprocess.run(
        ["git", *author, *arguments],
        cwd=folder,
        env={"PATH": _PATH, "GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day, "GIT_CONFIG_NOSYSTEM": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stdout.strip()


def _write_pages(workspace: Workspace, built: Built) -> None:
    history = provenance.history(workspace)
    projects = {project.slug: project for project in discover(workspace).projects}
    entries = [entry(projects[outcome.slug], outcome, history) for outcome in built.outcomes]
    rendered = render(entries, read_configuration(workspace).site, template_folders(workspace))
    assert not rendered.failures, rendered.failures
    write_docs(workspace.docs, rendered.pages)


def _seen(workspace: Workspace, built: Built, ran: set[str], *trees: Path) -> Seen:
    left: dict[str, Any] = {}
    for outcome in built.outcomes:
        left[f"result of {outcome.slug}"] = _result(outcome)
        committed = workspace.projects / outcome.slug / "results.json"
        left[f"numbers of {outcome.slug}"] = committed.read_text(encoding="utf-8") if committed.exists() else None
    for tree in trees:
        for path in sorted(tree.rglob("*")):
            if path.is_file() and path.suffix != ".gz":
                left[path.relative_to(workspace.build).as_posix()] = _of_any_run(path)
    failed = frozenset(outcome.slug for outcome in built.outcomes if outcome.failure)
    return Seen(ran=frozenset(ran), failed=failed, left=left)


def _of_any_run(path: Path) -> str | bytes:
    """Return the content of a file, of a zip those of the files in it, without what is true of one run only."""
    if path.suffix == ".zip":
        with ZipFile(path) as packed:
            return repr({name: of_any_run(packed.read(name)) for name in packed.namelist()})
    content = path.read_bytes()
    return of_any_run(content) if path.suffix in (".md", ".html", ".json", ".bib") else content


def _result(outcome: Outcome) -> Any:
    if outcome.stored is None:
        return None
    record = outcome.stored.record
    return record.result, record.files
