"""Run the stale projects on a cluster: the second executor behind the door, with the same keys, guards and store."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from portfolio.cluster.bundles import Bundle, DamagedError, bundle_project, bundle_shared
from portfolio.cluster.checking import Needs
from portfolio.cluster.dask import connected
from portfolio.cluster.flights import Flights, Sent
from portfolio.cluster.order import Order, unpack_ended
from portfolio.digests import of_mapping
from portfolio.executing import Execution, longest_first, say_notes
from portfolio.keeping import Step
from portfolio.reporting import Outcome
from portfolio.running.ended import Ended
from portfolio.running.local import Finished, environment_of
from portfolio.running.preload import uses_of
from portfolio.running.scratch import ChangedError
from portfolio.running.task import Place
from portfolio.values import codec
from portfolio.values.record import Failure, FailureKind

_FEWEST = 2
"""Runs of one environment from which on workers keep a process that has imported their libraries."""


def run_on_cluster(execution: Execution, steps: Sequence[Step], scheduler: str, workers: int) -> dict[str, Outcome]:
    """Run `steps` on the workers of `scheduler`; return the outcomes by slug.

    Projects with an environment of their own run here, one after the other: it is made on this machine.

    Args:
        execution: what is run where nothing travels.
        steps: what to run.
        scheduler: see `connected`.
        workers: how many a cluster of this machine's own has.

    Raises:
        UsageError: nothing answers there, or workers lack what runs need; nothing was run.
        SiteError: the scheduler went away; what had finished is stored.
        KeyboardInterrupt: asked to stop; no run goes on.
    """
    if not steps:
        return {}
    own, steps = [step for step in steps if step.project.needs], [step for step in steps if not step.project.needs]
    outcomes = _on_workers(execution, steps, scheduler, workers) if steps else {}
    return {**outcomes, **(execution.run(own, 1) if own else {})}


def _on_workers(execution: Execution, steps: Sequence[Step], scheduler: str, workers: int) -> dict[str, Outcome]:
    reporter = execution.reporter
    by_slug = {step.project.slug: step for step in sorted(steps, key=longest_first)}
    with connected(scheduler, workers) as cluster:
        needs = _needs(steps)
        with cluster.answering():
            cluster.demand(needs, _resources(execution, steps))
            said = cluster.said()
            cluster.begin(needs)
        reporter.note(said)
        sending = Sending(execution, tuple(by_slug.values()), _preloads(execution, steps))
        flights = Flights(cluster, lambda slug: reporter.started(slug, by_slug[slug].reason), reporter.note)
        outcomes = sending.refused
        for slug, returned in flights.outcomes(sending.orders()):
            outcomes[slug] = _keep(execution, by_slug[slug], returned)
    say_notes(list(outcomes.values()), reporter)
    return outcomes


def _keep(execution: Execution, step: Step, returned: bytes | Failure) -> Outcome:
    """Store what came back at once; it is nowhere else any more."""
    with execution.scratch(step.project) as place:
        outcome = execution.keeping.keep(step, _ended(step, returned, place))
    execution.reporter.finished(outcome)
    return outcome


def _ended(step: Step, returned: bytes | Failure, place: Place) -> Ended:
    try:
        if isinstance(returned, Failure):
            return _failed(returned, place)
        ended = unpack_ended(returned, place.run)
    except DamagedError as error:
        return _failed(Failure(kind=FailureKind.WORKER_LOST, message=f"{error}: build again"), place)
    record = ended.finished.record
    if record and (record.slug, record.key, dict(record.parts)) != (
        step.project.slug,
        step.key.digest,
        dict(step.key.parts),
    ):
        lost = Failure(kind=FailureKind.WORKER_LOST, message="the worker returned the result of another run")
        return _failed(lost, place)
    return ended


def _failed(failure: Failure, place: Place) -> Ended:
    return Ended(finished=Finished(record=None, failure=failure, run=place.run, seconds=0.0), used=())


def _needs(steps: Sequence[Step]) -> Needs:
    parts = {name: value for step in steps for name, value in step.key.parts.items()}
    packages = {name.partition(" ")[2]: value for name, value in parts.items() if name.startswith("package ")}
    local = sorted(name.partition(" ")[2] for name in parts if name.startswith("local "))
    return Needs(distributions=packages, modules=tuple(local))


def _resources(execution: Execution, steps: Sequence[Step]) -> dict[str, dict[str, float]]:
    """Return what specs ask a worker to offer, by the file that asks."""
    asked = {execution.workspace.shown(step.project.folder / "spec.toml"): step.project.spec.run for step in steps}
    return {file: dict(run.resources) for file, run in asked.items() if run.resources}


def _preloads(execution: Execution, steps: Sequence[Step]) -> dict[str, tuple[str, ...]]:
    """Return by slug what a worker's zygote imports: all that the runs of one environment do, if there are several."""
    groups: dict[str, list[Step]] = {}
    for step in steps:
        if step.project.spec.run.command is None:
            environment = environment_of(step.project, execution.settings, execution.workspace, Path())
            groups.setdefault(of_mapping(environment), []).append(step)
    preloads = {}
    for group in (group for group in groups.values() if len(group) >= _FEWEST):
        wanted = frozenset[str]().union(*(uses_of(step.project.folder).preloadable for step in group))
        preloads.update({step.project.slug: tuple(sorted(wanted)) for step in group})
    return preloads


@dataclass(frozen=True, slots=True)
class Sending:
    """Makes orders one by one, as they are sent, so that no more of them are in memory."""

    execution: Execution
    steps: Sequence[Step]
    preloads: Mapping[str, tuple[str, ...]]
    refused: dict[str, Outcome] = field(default_factory=dict)
    """Outcomes of what could not be sent."""

    def orders(self) -> Iterator[Sent]:
        """Yield what is sent for each step; what cannot be sent has failed by then."""
        shared: list[Bundle] = []
        for step in self.steps:
            try:
                shared = shared or self._shared(step)
                yield self._sent(step, shared[0])
            except ChangedError:
                message = "its inputs changed before it ran: build again"
                self._refuse(step, Failure(kind=FailureKind.CHANGED_INPUTS, message=message))
            except OSError as error:
                where = f": {self.execution.workspace.shown(Path(str(error.filename)))}" if error.filename else ""
                message = f"could not be sent: {error.strerror}{where}"
                self._refuse(step, Failure(kind=FailureKind.ENVIRONMENT, message=message))

    def _shared(self, step: Step) -> list[Bundle]:
        return [bundle_shared(self.execution.workspace, step.key.contents)]

    def _refuse(self, step: Step, failure: Failure) -> None:
        self.refused[step.project.slug] = _keep(self.execution, step, failure)

    def _sent(self, step: Step, shared: Bundle) -> Sent:
        execution, project = self.execution, step.project
        bundle = bundle_project(project, execution.workspace, execution.style, step.key.contents)
        order = Order(
            slug=project.slug,
            settings=execution.settings.model_dump_json(),
            bundle=bundle.digest,
            shared=shared.digest if shared.contents else "",
            contents={**shared.contents, **bundle.contents},
            large=(*bundle.large, *shared.large),
            base=step.key.digest,
            parts=step.key.parts,
            packages=execution.direct_packages(project),
            commit=execution.history.commit(project) if execution.history else None,
            preload=self.preloads.get(project.slug, ()),
        )
        return Sent(
            slug=project.slug,
            order=codec.dumps(order).encode(),
            bundle=bundle.content,
            shared=shared if shared.contents else None,
            resources=project.spec.run.resources,
        )
