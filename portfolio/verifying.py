"""Run projects several times and say what moved, and what they read that no key counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event

from portfolio import results
from portfolio.executing import Execution, hold
from portfolio.keeping import Step
from portfolio.planned import make_plan
from portfolio.reading import Options, read
from portfolio.reporting import Reporter
from portfolio.running.local import Finished
from portfolio.running.observed import UnkeepableError
from portfolio.running.task import Place
from portfolio.running.traced import read_trace, tracer_command
from portfolio.running.zygote import Zygotes
from portfolio.values.record import Failure, FailureKind, Record
from portfolio.workspace.root import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What several runs of one project showed."""

    slug: str
    runs: int
    moved: tuple[results.Moved, ...] = ()
    """Metrics that differ between runs by more than their tolerance."""
    differing: tuple[str, ...] = ()
    """Files and output that differ though no number moved."""
    unseen: tuple[str, ...] = ()
    """Files it read that its key does not count: native code or a started program opened them."""
    traced: bool = False
    """Whether native code and started programs were watched too."""
    failure: Failure | None = None

    @property
    def ok(self) -> bool:
        """Whether its numbers come back, and stay known to be current."""
        return not (self.moved or self.unseen or self.failure)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """One run: what came of it, and what it was seen to use."""

    finished: Finished
    hooked: frozenset[str]
    traced: frozenset[str] | None
    """None where there is no tracer."""


def verify(workspace: Workspace, options: Options, runs: int, reporter: Reporter) -> tuple[Verified, ...]:
    """Run each project asked for `runs` times, the last time under a tracer where there is one; nothing is stored.

    Raises:
        WorkspaceError, UsageError: see `reading.read`.
    """
    parsed = read(workspace, options)
    with hold(workspace, reporter), Zygotes() as zygotes:
        plan = make_plan(workspace, parsed, options, reporter, zygotes)
        wanted = [step for step in plan.steps if options.wants(step.project) and step.project.runs]
        plan.execution.demand_guards(wanted)
        return tuple(_verify(plan.execution, step, runs) for step in wanted)


def _verify(execution: Execution, step: Step, runs: int) -> Verified:
    slug, records = step.project.slug, list[Record]()
    unseen, traced = frozenset[str](), False
    for number in range(1, runs + 1):
        execution.reporter.started(slug, f"run {number} of {runs}")
        attempt = _attempt(execution, step, is_last=number == runs)
        if attempt.finished.record is None:
            failure = attempt.finished.failure
            return Verified(slug=slug, runs=number, failure=failure or Failure(kind=FailureKind.NO_RESULT, message=""))
        records.append(attempt.finished.record)
        traced = attempt.traced is not None
        unseen = (attempt.traced or unseen) - attempt.hooked
    first, others = records[0], records[1:]
    document = results.document(first)
    moved = {
        change.name: change for other in others for change in results.moved(document, other.result, step.project.spec)
    }
    differing = {words for other in others for words in _differing(first, other)}
    return Verified(
        slug=slug,
        runs=runs,
        moved=tuple(moved[name] for name in sorted(moved)),
        differing=tuple(sorted(differing)),
        unseen=tuple(sorted(unseen)),
        traced=traced,
    )


def _attempt(execution: Execution, step: Step, *, is_last: bool) -> _Attempt:
    with execution.scratch(step.project) as place:
        began = place.top.stat().st_ctime_ns
        tracer = tracer_command(place) if is_last else ()
        finished = execution.attempt(step, Event(), place, tracer)
        hooked = _used(execution, step, place, began)
        copied = place.root / step.project.folder.relative_to(execution.workspace.root)
        traced = _used(execution, step, place, began) if tracer and read_trace(place, copied) else None
    known = {name.removeprefix("shared ") for name in step.key.parts if name.startswith("shared ")}
    beside = frozenset(f"../_shared/{name}" for name in known)
    return _Attempt(finished=finished, hooked=hooked | beside, traced=traced)


def _used(execution: Execution, step: Step, place: Place, began: int) -> frozenset[str]:
    """Return the paths that the list in `place` adds to the key."""
    try:
        names = execution.seen(step, place, began)
    except UnkeepableError as error:
        return frozenset({str(error)})
    return frozenset(name.partition(" ")[2] for name in names if name.startswith(("read ", "module ")))


def _differing(one: Record, other: Record) -> Sequence[str]:
    """Return in words what differs between two runs beside their numbers."""
    named = sorted({*one.files, *other.files})
    said = [name for name in named if one.files.get(name) != other.files.get(name)]
    said += ["printed output"] if one.result.output != other.result.output else []
    return [*said, *(["what its cells show"] if one.result.cells != other.result.cells else [])]
