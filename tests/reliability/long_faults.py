"""Errors of the kernel at every k-th rename, fsync, mkdir, link, unlink, write and open of a build that publishes.

Needs `strace`.
"""

import os
import shutil
from collections.abc import Iterator, Mapping

from faults import ERRORS, Fault, calls, meet, prose_edited, warm
from figure import Figure
from ground import ground
from stage import tree

STRIDES = {"open": 4}
"""Every how-many-th call of a kind meets an error; `STRIDE` in the environment is put in place of all of them."""


def chosen(found: Mapping[str, int], strides: Mapping[str, int]) -> Iterator[Fault]:
    """Yield the faults to meet, each of another error than the one before."""
    number = 0
    for kind, total in found.items():
        for at in range(1, total + 1, strides.get(kind, 1)):
            yield Fault(kind=kind, error=ERRORS[number % len(ERRORS)], at=at)
            number += 1


def run() -> Figure:
    """Meet each fault in a workspace of its own, and build again without."""
    promised = "the exit code of the contract, last good site kept, next build equals a clean one, 0 leftovers"
    if not shutil.which("strace"):
        return Figure(what="errors injected", promised=promised, measured="not measured: no strace", ok=True)
    complaints: list[str] = []
    met = 0
    with ground() as (made, top), warm(made, top / "warm") as builds:
        found = calls(made, builds, top / "counted")
        edited = prose_edited(made, top / "clean")
        assert builds.build(edited)[0] == 0, "the build without a fault failed"
        old, new = tree(made.new.site), tree(edited.site)
        strides = dict.fromkeys(found, int(os.environ["STRIDE"])) if "STRIDE" in os.environ else STRIDES
        for fault in chosen(found, strides):
            complaints += meet(prose_edited(made, top / "workspace"), builds, fault, old, new)
            met += 1
    return Figure(
        what=f"{met} errors, at calls of these kinds: {', '.join(f'{kind} {n}' for kind, n in found.items())}",
        promised=promised,
        measured=f"{len(complaints)} complaints",
        ok=not complaints,
        notes=tuple(complaints[:30]),
    )
