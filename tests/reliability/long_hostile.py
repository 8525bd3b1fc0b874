"""Hostile scripts, each alone beside harmless projects, from a zygote and in a fresh interpreter."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from figure import Figure
from hostility import GRACE, Ended, is_as_meant, names, outcome, run_hostile
from stage import Stage

_WAYS = {1: "forked", 2: "in a fresh interpreter"}
"""By the number of threads in the settings, which decides it."""


def run() -> Iterator[Figure]:
    """Run every hostile script both ways."""
    for threads, way in _WAYS.items():
        with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
            ended = {name: run_hostile(stage_in, Path(folder, name), [name], threads=threads) for name in names()}
            yield _figure(way, ended)


def _figure(way: str, ended: dict[str, Ended]) -> Figure:
    late = [name for name, build in ended.items() if not is_as_meant(name, build.rows[name])]
    survivors = sum(len(build.survivors) for build in ended.values())
    beside = [outcome(build.rows[slug])[0] for build in ended.values() for slug in ("minimal", "bystander")]
    changed = [*(build.changed for build in ended.values() if build.changed)]
    left = [*(build.left for build in ended.values() if build.left)]
    longest = max(ended, key=lambda name: ended[name].rows[name]["seconds"])
    worst = ended[longest].rows[longest]["seconds"]
    wrong = [f"{name}: {outcome(ended[name].rows[name])}, {ended[name].rows[name]['seconds']} s" for name in late]
    return Figure(
        what=f"{len(ended)} kinds of hostile scripts, {way}",
        promised=f"each ended by its limit within limit + {GRACE:g} s + 1 s, 0 survivors, others unaffected",
        measured=f"{len(ended) - len(late)} so, the longest {worst:.1f} s ({longest}); {survivors} survivors; "
        f"{beside.count('ran')} of {len(beside)} harmless runs beside them fine; "
        f"{len(changed)} changed files of others, {len(left)} left something",
        ok=not (late or survivors or changed or left) and set(beside) == {"ran"},
        notes=tuple(wrong + [str(each) for each in (*changed, *left)]),
    )


def stage_in(folder: Path, *defects: str) -> Stage:
    """Return a workspace with projects of the corpus."""
    stage = Stage(folder)
    stage.projects.mkdir(parents=True)
    for defect in defects:
        stage.add(defect)
    return stage
