"""What a build would run, with what each run took last time, and how that is shared out among machines."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from portfolio.planned import make_plan
from portfolio.reading import Options, read
from portfolio.reporting import Silent
from portfolio.running.zygote import Zygotes
from portfolio.workspace.root import Workspace

_UNKNOWN = 1.0
"""Seconds a run is taken to last where none of its kind is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """A project that would run."""

    slug: str
    reason: str
    seconds: float | None
    """What its last good run took; None where there was none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Projects that one machine runs."""

    slugs: tuple[str, ...]
    seconds: float
    """What they will take one after the other, as far as that is known."""


def stale_projects(workspace: Workspace, options: Options) -> tuple[Stale, ...]:
    """Return what a build would run, by slug; nothing is run.

    Raises:
        WorkspaceError, UsageError: see `read`.
    """
    plan = make_plan(workspace, read(workspace, options), options, Silent(), Zygotes())
    return tuple(
        Stale(
            slug=step.project.slug,
            reason=step.reason,
            seconds=step.stored.record.circumstances.seconds if step.stored else None,
        )
        for step in plan.stale(options)
    )


def split(stale: Sequence[Stale], machines: int) -> tuple[Share, ...]:
    """Share projects out among at most so many machines, so that the last one to be done is done early.

    The longest first, each to whoever has least to do so far (Graham 1969: at most 4/3 of the best). One whose duration
    is not known counts as the mean of the others.
    """
    known = [project.seconds for project in stale if project.seconds is not None]
    usual = fmean(known) if known else _UNKNOWN
    lasting = {project.slug: usual if project.seconds is None else project.seconds for project in stale}
    shares: list[list[str]] = [[] for _ in range(min(machines, len(stale)))]
    for slug in sorted(lasting, key=lambda slug: (-lasting[slug], slug)):
        min(shares, key=lambda share: (sum(lasting[other] for other in share), len(share))).append(slug)
    return tuple(
        Share(slugs=tuple(sorted(share)), seconds=round(sum(lasting[slug] for slug in share), 3)) for share in shares
    )
