"""The oracle: which projects have to run, said without looking at a key, a record or a file of the tool."""

import posixpath
import tomllib
from dataclasses import dataclass, field

from exact_projects import CHOOSES, COMMANDED, DECLARED_DATA, DRAWS, LINKED, PACKAGED, SHARED, SHARES
from exact_state import Described, Link, Meaning, Source, State, project

from portfolio.store import KEPT

BROKEN = "raise ValueError('broken')"
STYLE = "workspace/site_templates/figures.mplstyle"
_ONLY_SHOWN = ("writeup.md", "notes.md", "assets/")


def meaning(state: State, slug: str) -> Meaning:
    """Return all that counts for one project: two equal ones lead to the same record."""
    own = [project(slug, name) for name in state.below(project(slug)) if _counts(name)]
    counted = {path: _of(state, path) for path in (*own, *_used(state, slug))}
    variables = {name: state.variables.get(name) for name in _spec(state, slug).run.get("env", ())}
    names = sorted(state.below(f"{SHARED}/pieces")) if state.kinds[slug] == SHARES else []
    return repr((sorted(counted.items()), names, sorted(variables.items()), _threads(state, slug)))


def fails(state: State, slug: str) -> bool:
    """Whether the run cannot succeed: a statement raises or something is not there, unless that is what is meant."""
    script = state.files.get(project(slug, _spec(state, slug).script))
    broken = isinstance(script, Source) and BROKEN in script.statements
    meant = "expect_failure" in _spec(state, slug).run
    lacks = any(path not in state.files for path in _used(state, slug) if path != STYLE)
    return (broken or lacks) != meant


@dataclass(slots=True)
class Known:
    """What was recorded so far, by project, the newest first."""

    builds: int = 0
    good: dict[str, list[Meaning]] = field(default_factory=dict)
    failed: dict[str, Meaning] = field(default_factory=dict)
    """What projects meant whose newest run failed: as long as they mean that, they run at every build."""
    last_good: dict[str, tuple[int, State]] = field(default_factory=dict)

    def build(self, state: State) -> set[str]:
        """Return which projects a build of `state` has to run, and know what it recorded."""
        self.builds += 1
        stale = {slug for slug in state.kinds if meaning(state, slug) not in self.good.get(slug, ())}
        stale |= {slug for slug in set(self.failed) & set(state.kinds) if self.failed[slug] == meaning(state, slug)}
        gone = {slug: meant for slug, meant in self.failed.items() if slug not in state.kinds}
        self.failed = {slug: meaning(state, slug) for slug in stale if fails(state, slug)} | gone
        for slug in set(state.kinds) - set(self.failed):
            wanted = meaning(state, slug)
            self.good[slug] = [wanted, *(other for other in self.good.get(slug, ()) if other != wanted)][:KEPT]
            self.last_good[slug] = (self.builds, state)
        return stale

    def forget(self, slug: str) -> None:
        """Know that the records of that project are lost."""
        self.good.pop(slug, None)
        self.last_good.pop(slug, None)

    def basis(self, state: State) -> tuple[State, ...]:
        """Return the states whose builds, one after the other, have to show what this build of `state` shows.

        That is `state` alone, unless a project fails in it: that one shows its last good result, if it ever had one.
        """
        shown = set(self.failed) & set(state.kinds) & set(self.last_good)
        earlier = {self.last_good[slug][0]: self.last_good[slug][1] for slug in shown}
        return (*(earlier[number] for number in sorted(earlier)), state)


def _counts(name: str) -> bool:
    hidden = any(part.startswith(".") or part.endswith("~") for part in name.split("/"))
    return not hidden and not name.startswith(_ONLY_SHOWN)


def _spec(state: State, slug: str) -> Described:
    found = state.files[project(slug, "spec.toml")]
    assert isinstance(found, Described)
    return found


def _threads(state: State, slug: str) -> int:
    """Return what the spec says, else what the workspace's settings say, else one."""
    settings = tomllib.loads(state.files["workspace/pyproject.toml"].meaning)["tool"]["portfolio"]
    threads: int = _spec(state, slug).run.get("threads") or settings.get("threads", 1)
    return threads


def _used(state: State, slug: str) -> tuple[str, ...]:
    """Return what a project needs outside of its folder."""
    kind, params = state.kinds[slug], _spec(state, slug).params
    found = {
        SHARES: [f"{SHARED}/{name}" for name in ("common.py", "deeper.py", "values.csv")],
        CHOOSES: [
            f"{SHARED}/{params.get('plugin')}.py",
            f"{SHARED}/{params.get('plugin')}.txt",
            project(slug, f"{params.get('module')}.py"),
        ],
        LINKED: [DECLARED_DATA],
        # Nobody sees what a program of its own opens, so all of it counts.
        COMMANDED: [f"{SHARED}/values.csv", *(path for path in state.files if path.startswith(f"{SHARED}/"))],
        PACKAGED: [path for path in state.files if path.startswith("elsewhere/")],
        DRAWS: [STYLE],
    }
    return tuple(found.get(kind, ()))


def _of(state: State, path: str) -> Meaning:
    file = state.files.get(path)
    if isinstance(file, Link):
        return _of(state, posixpath.normpath(posixpath.join(posixpath.dirname(path), file.target)))
    return None if file is None else file.meaning
