"""What the tests act on: a workspace made from the corpus, and the real command line."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from portfolio.build import Options, run
from portfolio.digests import of_mapping
from portfolio.reporting import Outcome, Silent
from portfolio.values.record import SCHEMA, Artifact, Circumstances, Metric, Record, Result
from portfolio.workspace.root import Workspace

REPOSITORY = Path(__file__).parent.parent
CORPUS = Path(__file__).parent / "corpus"
SECONDS = 180
"""An upper bound for any one command, so that a test that hangs fails."""
_MAIN = "from portfolio.cli.main import main; raise SystemExit(main())"
_OURS = ("PORTFOLIO_", "GIT_", "GITHUB_", "PYTEST_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """Return the one JSON document on standard output."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def projects(self) -> dict[str, dict[str, Any]]:
        """Return the projects of the document by slug."""
        return {project["slug"]: project for project in self.document["projects"]}

    @property
    def statuses(self) -> dict[str, str]:
        """Return the status of every project by slug."""
        return {slug: project["status"] for slug, project in self.projects.items()}


@dataclass(frozen=True, slots=True)
class Stage:
    """A workspace in a folder of the test's own."""

    root: Path

    @property
    def projects(self) -> Path:
        """Return the folder of all projects."""
        return self.root / "projects"

    @property
    def site(self) -> Path:
        """Return the live site."""
        return self.root / "build" / "site"

    def add(self, defect: str, slug: str = "") -> Path:
        """Copy a project of the corpus into the workspace; return its folder. A slug has hyphens, not underscores."""
        folder = self.projects / (slug or (defect if defect.startswith("_") else defect.replace("_", "-")))
        shutil.copytree(CORPUS / defect, folder, ignore=shutil.ignore_patterns("__pycache__"))
        return folder

    def write(self, name: str, text: str) -> Path:
        """Write a file of the workspace; return its path."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace `old`, which is there, by `new` in a file of the workspace."""
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        self.write(name, text.replace(old, new))

    def append(self, name: str, text: str) -> None:
        """Add `text` to the end of a file of the workspace."""
        self.write(name, (self.root / name).read_text(encoding="utf-8") + text)

    def portfolio(
        self,
        *arguments: str,
        variables: Mapping[str, str] | None = None,
        before: Sequence[str] = (),
        python: str = sys.executable,
    ) -> Ran:
        """Run the real command line in the workspace, through a command put `before` it, and wait for its end."""
        return portfolio(*arguments, folder=self.root, variables=variables, before=before, python=python)

    def run(self, *slugs: str, **options: Any) -> dict[str, Outcome]:
        """Run what is stale within this process, without a site; return the outcomes by slug."""
        built = run(Workspace(self.root), Options(slugs=slugs, **options), Silent())
        return {outcome.slug: outcome for outcome in built.outcomes}

    def start(self, *arguments: str, variables: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Start the real command line in the workspace."""
        return subprocess.Popen(
            command(*arguments),
            cwd=self.root,
            env=environment(variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def page(self, slug: str) -> str:
        """Return the HTML of a project's page."""
        return (self.site / "projects" / slug / "index.html").read_text(encoding="utf-8")

    def results(self, slug: str) -> dict[str, Any]:
        """Return the project's recorded numbers."""
        found: dict[str, Any] = json.loads((self.projects / slug / "results.json").read_text(encoding="utf-8"))
        return found

    def survivors(self) -> list[int]:
        """Return the processes that carry a folder of this workspace in their environment."""
        mark = os.fsencode(self.root / "build" / "scratch")
        found = []
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                if mark in path.read_bytes():
                    found.append(int(path.parent.name))
            except OSError:
                continue
        return found


def command(*arguments: str) -> list[str]:
    """Return how the command line of the code under test is started."""
    return [sys.executable, "-P", "-c", _MAIN, *arguments]


def environment(variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment, less what tells a build where it is; git reads no settings of the machine."""
    kept = {name: value for name, value in os.environ.items() if name != "CI" and not name.startswith(_OURS)}
    return kept | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull} | dict(variables or {})


def portfolio(
    *arguments: str,
    folder: Path,
    variables: Mapping[str, str] | None = None,
    before: Sequence[str] = (),
    python: str = sys.executable,
) -> Ran:
    """Run the real command line in `folder` and wait for its end."""
    ended = subprocess.run(
        [*before, python, *command(*arguments)[1:]],
        cwd=folder,
        env=environment(variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return Ran(code=ended.returncode, out=ended.stdout, err=ended.stderr)


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below `folder` by name."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def git(folder: Path, *arguments: str, day: str = "2026-01-01") -> str:
    """Run git in `folder` as an author nobody is, on a given day; return what it printed."""
    moment = f"{day}T12:00:00+00:00"
    author = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in _AUTHOR.items()}
    dated = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
    ended = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=environment(author | dated),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
    )
    return ended.stdout.strip()


_AUTHOR = {"NAME": "Ada Example", "EMAIL": "ada@example.org"}


def a_record(*metrics: Metric, slug: str = "one", key: str = "0", files: Mapping[str, str] | None = None) -> Record:
    """Return a record with these metrics, and with an artifact for each of `files`, given as names and digests."""
    named = files or {}
    circumstances = Circumstances(
        started=datetime(2026, 1, 31, tzinfo=UTC),
        seconds=1.5,
        cpu_seconds=1.25,
        peak_memory=1 << 20,
        python="3.11.7",
        platform="Linux x86_64",
        packages={"numpy": "2.4.6"},
        data={},
    )
    return Record(
        schema=SCHEMA,
        slug=slug,
        key=of_mapping({"seed": key}),
        parts={"seed": key},
        result=Result(metrics=metrics, artifacts=tuple(Artifact(name=name, file=name, size=1) for name in named)),
        circumstances=circumstances,
        files=named,
    )


MakeStage = Callable[..., Stage]
"""Takes a folder (the fixture `workspace`: nothing) and the names of projects of the corpus."""
Once = Callable[[str, Callable[[Path], None]], Path]
"""Takes a name and what fills the folder of that name, which it returns."""
