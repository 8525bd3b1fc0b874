"""Recorded numbers as git keeps them: in one commit, and over the history, whatever number of projects there is."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from portfolio import files, results
from portfolio.values import codec
from portfolio.values.entry import Earlier, Version
from portfolio.values.record import Metric
from portfolio.values.spec import Spec

MOST_COMMITS = 5000
MOST_VERSIONS = 40
"""Versions of one project that are read, the newest."""
_NOTE = "versions.json"
_REGULAR = ("100644", "100755")
_NOTHING: dict[str, Any] = {"metrics": {}, "data": "", "whole": {}}
_WORDS = 5
"""Before the name on a line of `git log --raw`: modes and git names of the content before and after, what happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """What one walk over the history says of the folders below `projects/`."""

    changed: Mapping[str, str] = field(default_factory=dict)
    """The day of the last commit that touched each, by slug."""
    recorded: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    """Commit, day and git name of the recorded numbers each time they changed, the newest first, by slug."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The metrics in recorded numbers by their git name, which stands for one content for ever; read once."""

    cache: Path
    known: dict[str, Any] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def of(self, blob: str, repo: Callable[[], Any]) -> Mapping[str, Sequence[float]]:
        """Return value and, where there is one, both ends of the interval of each metric, from `repo` if need be."""
        noted: Mapping[str, Sequence[float]] = self._noted(blob, repo)["metrics"]
        return noted

    def data(self, blob: str, repo: Callable[[], Any]) -> str:
        """Return what stands for the data they were computed from, empty where no digest of any was recorded."""
        return str(self._noted(blob, repo)["data"])

    def metric(self, blob: str, name: str, repo: Callable[[], Any]) -> Metric | None:
        """Return one metric with all that was recorded of it."""
        noted = self._noted(blob, repo)
        if name not in noted["whole"]:
            found = results.metrics(results.read(content(repo(), blob) or b"") or {}).get(name)
            if found is None:
                return None
            noted["whole"][name] = codec.encode(found)
        with suppress(codec.CodecError):
            decoded: Metric = codec.decode(Metric, noted["whole"][name])
            return decoded
        return None

    def _noted(self, blob: str, repo: Callable[[], Any]) -> dict[str, Any]:
        if not self.known:
            with suppress(OSError, ValueError):
                self.known.update(json.loads((self.cache / _NOTE).read_text(encoding="utf-8")))
        noted = self.known.get(blob)
        if not isinstance(noted, dict) or noted.keys() != _NOTHING.keys():
            raw = content(repo(), blob)
            if raw is None:
                return _NOTHING
            noted = self.known[blob] = _shortened(results.read(raw))
        self.used.add(blob)
        return noted

    def save(self) -> None:
        """Remember what was read for this state of the history."""
        if self.used:
            kept = {blob: self.known[blob] for blob in sorted(self.used)}
            files.write_text(self.cache / _NOTE, json.dumps(kept, sort_keys=True))


def logged(repo: Any, projects: Path, below: str) -> Logged:
    """Walk the history once; nothing is known of a shallow clone, which cut it.

    Args:
        repo: a repository of GitPython's.
        projects: the folder of all projects.
        below: the same from the top of the working tree, as git writes it.

    Raises:
        git.exc.GitError, OSError, ValueError: git could not answer.
    """
    if repo.git.rev_parse("--is-shallow-repository") == "true":
        return Logged()
    asked = ("--format=%x01%H %cs", "--raw", "--no-abbrev", "--no-renames")
    log = repo.git.log(f"-n{MOST_COMMITS}", *asked, "--", str(projects))
    days: dict[str, str] = {}
    recorded: dict[str, list[tuple[str, str, str]]] = {}
    for entry in log.split("\x01")[1:]:
        commit, *changes = [line for line in entry.splitlines() if line]
        sha, day = commit.split()
        for told, _, quoted in (change.partition("\t") for change in changes):
            slug, _, name = quoted.strip('"').removeprefix(f"{below}/").partition("/")
            days.setdefault(slug, day)
            words = told.split()
            if name == results.NAME and len(words) == _WORDS and words[1] in _REGULAR:
                recorded.setdefault(slug, []).append((sha, day, words[3]))
    return Logged(changed=days, recorded={slug: found[:MOST_VERSIONS] for slug, found in recorded.items()})


def headline_versions(
    recorded: Sequence[Sequence[str]], numbers: Numbers, repo: Callable[[], Any], spec: Spec
) -> tuple[Version, ...]:
    """Return each committed state of the headline, the oldest first, where it differs from the one before."""
    found: list[Version] = []
    for sha, day, blob in reversed(recorded):
        listed = numbers.of(blob, repo)
        name = spec.headline.metric if spec.headline else next(iter(listed)) if len(listed) == 1 else ""
        if name not in listed:
            continue
        value, *ends = listed[name]
        version = Version(
            commit=sha, day=date.fromisoformat(day), value=value, interval=(ends[0], ends[1]) if ends else None
        )
        if not found or (found[-1].value, found[-1].interval) != (version.value, version.interval):
            found.append(version)
    return tuple(found)


def earlier(
    recorded: Sequence[Sequence[str]], numbers: Numbers, repo: Callable[[], Any], now: Metric, data: Mapping[str, str]
) -> Earlier | None:
    """Return the newest committed state of a metric that differs from `now` and is surely of the same data.

    Sure is what digests of the input files say; where none were recorded, as of data that a package ships, nothing is.
    """
    digest = data_digest(data)
    for sha, day, blob in recorded if digest else ():
        value, *ends = numbers.of(blob, repo).get(now.name, (now.value, *(now.interval or ())))
        is_other = (value, tuple(ends)) != (now.value, tuple(now.interval or ()))
        if is_other and numbers.data(blob, repo) == digest:
            metric = numbers.metric(blob, now.name, repo)
            return Earlier(commit=sha, day=date.fromisoformat(day), metric=metric) if metric else None
    return None


def data_digest(data: Any) -> str:
    """Return what stands for digests of input files by name, or nothing where there are none."""
    if not isinstance(data, Mapping) or not data:
        return ""
    return sha256(json.dumps(dict(data), sort_keys=True).encode()).hexdigest()


def listed(repo: Any, revision: str, projects: str) -> dict[str, str]:
    """Return the git names of the recorded numbers of a revision, by path from the top of the working tree.

    Raises:
        git.exc.GitError, OSError, ValueError: there is no such revision, or git could not answer.
    """
    listing = repo.git.ls_tree("-r", "-z", "--full-tree", revision, "--", f"{projects}/")
    entries = (entry.partition("\t") for entry in listing.split("\0") if entry)
    ending = f"/{results.NAME}"
    return {path: told.split()[2] for told, _, path in entries if path.endswith(ending) and told[:6] in _REGULAR}


def content(repo: Any, blob: str) -> bytes | None:
    """Return the content of that git name, or None where git cannot say."""
    import git  # noqa: PLC0415 - only where git is asked

    with suppress(git.exc.GitError, ValueError, KeyError, OSError, AttributeError):
        found: bytes = repo.odb.stream(bytes.fromhex(blob)).read()
        return found
    return None


def _shortened(found: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return value and ends of the metrics of a document, and its data; a tenth of the work of reading all of them."""
    kept = {}
    for name, noted in found["metrics"].items() if found else ():
        value, interval = (noted.get("value"), noted.get("interval")) if isinstance(noted, dict) else (None, None)
        numbers = [value, *(interval if isinstance(interval, list) and len(interval) == 2 else ())]  # noqa: PLR2004
        if all(type(number) in (int, float) and math.isfinite(number) for number in numbers):
            kept[name] = numbers
    return {"metrics": kept, "data": data_digest(found.get("data") if found else None), "whole": {}}
