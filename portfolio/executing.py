"""Run the stale projects, several at once, and put what they leave into the store."""

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from portfolio import folders, results
from portfolio.accepting import behind
from portfolio.digests import of_mapping
from portfolio.errors import UsageError
from portfolio.gate.gate import Gate
from portfolio.gate.results import secret_in, without_secrets
from portfolio.hiding import hide
from portfolio.holding import held
from portfolio.literate import is_notebook
from portfolio.planning.digested import data_digests
from portfolio.planning.keys import Keys, RunKey
from portfolio.planning.packages import Installed
from portfolio.provenance import History
from portfolio.reporting import Outcome, Reporter
from portfolio.running.clearing import clear_scratch
from portfolio.running.local import Finished, LocalRun, environment_of, run_project
from portfolio.running.observed import UnkeepableError, observed_names
from portfolio.running.preload import uses_of
from portfolio.running.task import Place
from portfolio.running.zygote import Zygotes
from portfolio.store import Store, Stored
from portfolio.values.project import Project, Status
from portfolio.values.record import Failure, FailureKind, Record
from portfolio.values.settings import Settings
from portfolio.workspace.root import Workspace

_NAMED = 3
"""Projects named in a note that is about many."""
_CHANGED = "its inputs changed while it ran, so nothing was stored: build again"


@contextmanager
def hold(workspace: Workspace, reporter: Reporter) -> Iterator[None]:
    """Hold the workspace: one at a time runs its projects; what one that was killed left behind is deleted."""
    with held(workspace, lambda: reporter.note("waiting for another build of this workspace to finish")):
        yield


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A project with its key; `reason` is empty where `stored` is the record of that key."""

    project: Project
    key: RunKey
    reason: str
    stored: Stored | None
    """The record of the key, else the last good one, if any."""

    @property
    def fresh(self) -> bool:
        """Whether nothing has to run."""
        return not self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """Where and with what projects are run."""

    workspace: Workspace
    settings: Settings
    store: Store
    keys: Keys
    packages: Installed
    history: History | None
    style: Path
    reporter: Reporter
    zygotes: Zygotes

    def run(self, steps: Sequence[Step], jobs: int) -> dict[str, Outcome]:
        """Run `steps`, at most `jobs` at once; return the outcomes by slug.

        Raises:
            UsageError: a sandbox is required and a guard is off; nothing was run.
            KeyboardInterrupt: asked to stop; every run was ended first.
        """
        self.demand_guards(steps)
        cancel = Event()
        hide()
        self._prepare([step.project for step in steps])
        with ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="run") as pool:
            futures = [pool.submit(self._run_one, step, cancel) for step in sorted(steps, key=_longest_first)]
            try:
                _wait_all(futures)
            except BaseException:
                cancel.set()
                pool.shutdown(wait=True, cancel_futures=True)
                raise
        outcomes = [future.result() for future in futures]
        for line in _said_of(outcomes):
            self.reporter.note(line)
        return {outcome.slug: outcome for outcome in outcomes}

    def demand_guards(self, steps: Sequence[Step]) -> None:
        """Refuse to run `steps` without guards, where a sandbox is required.

        Raises:
            UsageError: a guard is off.
        """
        if not self.settings.require_sandbox or not steps:
            return
        from portfolio.running.sandbox import missing  # noqa: PLC0415 - for those who require it

        off = missing(network=not all(step.project.spec.run.network for step in steps))
        if off:
            hint = "portfolio doctor says what follows; leave out require_sandbox to run nevertheless"
            raise UsageError(f"a sandbox is required, and these guards are off here: {', '.join(off)}", hint=hint)

    @contextmanager
    def scratch(self, project: Project) -> Iterator[Place]:
        """Give the folders of one run of `project`; they are gone behind the block."""
        scratch = self.workspace.build / "scratch"
        scratch.mkdir(parents=True, exist_ok=True)
        place = Place(top=folders.temporary(scratch, f"{project.slug}-"))
        try:
            yield place
        finally:
            clear_scratch(place.top)

    def attempt(self, step: Step, cancel: Event, place: Place, tracer: tuple[str, ...] = ()) -> Finished:
        """Run one project in `place`; nothing is stored."""
        try:
            return run_project(self._asked(step, cancel, tracer), place)
        except OSError as error:
            where = f": {self.workspace.shown(Path(error.filename))}" if isinstance(error.filename, str) else ""
            failure = Failure(kind=FailureKind.ENVIRONMENT, message=f"could not be run: {error.strerror}{where}")
            return Finished(record=None, failure=failure, run=place.run, seconds=0.0)

    def _prepare(self, projects: Sequence[Project]) -> None:
        """Let zygotes import meanwhile what these projects will."""
        plain = (project for project in projects if project.spec.run.command is None)
        scripts = [project for project in plain if not is_notebook(project.spec.script)]
        self.zygotes.prepare(
            (environment_of(project, self.settings, self.workspace, Path()), uses_of(project.folder))
            for project in scripts
        )

    def expect(self, projects: Sequence[Project]) -> None:
        """Let one zygote get ready for whatever of `projects` is edited next: of the environment most of them share."""
        groups: dict[str, list[Project]] = {}
        for project in projects:
            environment = environment_of(project, self.settings, self.workspace, Path())
            groups.setdefault(of_mapping(environment), []).append(project)
        if groups:
            self._prepare(max(groups.values(), key=len))

    def _run_one(self, step: Step, cancel: Event) -> Outcome:
        self.reporter.started(step.project.slug, step.reason)
        with self.scratch(step.project) as place:
            began = place.top.stat().st_ctime_ns
            outcome = self._keep(step, self.attempt(step, cancel, place), place, began)
        self.reporter.finished(outcome)
        return outcome

    def _asked(self, step: Step, cancel: Event, tracer: tuple[str, ...]) -> LocalRun:
        return LocalRun(
            project=step.project,
            workspace=self.workspace,
            settings=self.settings,
            key=step.key,
            packages=self._direct_packages(step.project),
            commit=self.history.commit(step.project) if self.history else None,
            style=self.style,
            cancel=cancel,
            zygotes=self.zygotes,
            tracer=tracer,
        )

    def _direct_packages(self, project: Project) -> Mapping[str, str]:
        """Return the versions of what the project's sources import themselves, for the page."""
        modules = {name.split(".")[0] for name in self.keys.imported(project)}
        names = {name for module in modules for name in self.packages.by_module.get(module, ())}
        needed = self.packages.needed_by(modules)
        return {name: version for name, version in needed.items() if name in names}

    def _keep(self, step: Step, finished: Finished, place: Place, began: int) -> Outcome:
        project, failure = step.project, finished.failure
        record = finished.record
        if record is not None:
            record, failure = self._with_whole_key(step, record, place, began)
        gate = Gate.of(os.environ)
        if record is not None and (failure := secret_in(record, finished.run, gate)):
            record = None
        if record is not None and (failure := behind(project, record)):
            results.update(project.folder, record, project.spec)  # for `diff` to show, and for `accept`
            record = None
        failure = without_secrets(failure, gate) if failure else None
        outcome = Outcome(
            slug=project.slug,
            status=Status.FAILED if record is None else Status.RAN,
            reason=step.reason,
            seconds=finished.seconds,
            stored=step.stored,
            failure=failure,
            shown=self.workspace.shown(project.script),
            notes=finished.notes,
        )
        if record is None:
            why = failure or Failure(kind=FailureKind.NO_RESULT, message="no result")
            self.store.put_failure(project.slug, why, self._parts_of_failure(step, place, began))
            return outcome
        stored = self.store.put(_like_the_last(record, step.stored), step.key.digest, finished.run)
        return replace(outcome, stored=stored, moved=results.update(project.folder, record, project.spec))

    def _parts_of_failure(self, step: Step, place: Place, began: int) -> dict[str, str]:
        """Return the parts of the key of a failed run, so that it is known when none of them is the same any more."""
        keys = self.keys.afresh()
        try:
            names = keys.beside_base(step.project, step.key, self.seen(step, place, began))
            return {**step.key.parts, **keys.observed(step.project, names)}
        except (UnkeepableError, OSError):
            return dict(step.key.parts)

    def seen(self, step: Step, place: Place, began: int) -> tuple[str, ...]:
        """Return the names of what the run in `place` was seen to use, less what its key answers for.

        Raises:
            UnkeepableError: see `observed_names`.
        """
        known = (*self.keys.outside(step.project), self.style, self.workspace.templates)
        return observed_names(step.project, self.workspace, step.key, place, known, began)

    def _with_whole_key(
        self, step: Step, record: Record, place: Place, began: int
    ) -> tuple[Record | None, Failure | None]:
        """Add what the run was seen to use to the record's key; refuse a record whose inputs are no longer the same."""
        project, now = step.project, self.keys.afresh()
        try:
            names = now.beside_base(project, step.key, self.seen(step, place, began))
        except UnkeepableError as error:
            return None, Failure(kind=FailureKind.CHANGED_INPUTS, message=str(error))
        try:
            again = now.of(project)
            parts = {**again.parts, **now.observed(project, names)}
        except OSError:
            return None, Failure(kind=FailureKind.CHANGED_INPUTS, message=_CHANGED)
        used = now.beyond(project, parts) if names else ()
        before = {path: step.key.contents[path] for path in used if path in step.key.contents}
        if again.digest != step.key.digest or any(again.contents.get(path) != before[path] for path in before):
            return None, Failure(kind=FailureKind.CHANGED_INPUTS, message=_CHANGED)
        circumstances = replace(record.circumstances, data=data_digests(parts))
        return replace(record, key=of_mapping(parts), parts=parts, circumstances=circumstances), None


def _like_the_last(record: Record, last: Stored | None) -> Record:
    """Return `record` with the circumstances of the last run, where that left the same in the same surroundings.

    Its page then says when and at which commit these numbers were first computed, and keeps its bytes.
    """
    if last is None or (last.record.result, last.record.files) != (record.result, record.files):
        return record
    old, new = last.record.circumstances, record.circumstances
    same = ("python", "platform", "packages", "data", "notes")
    if any(getattr(old, name) != getattr(new, name) for name in same):
        return record
    return replace(record, circumstances=old)


def _said_of(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield a line for each note on guards, with the projects it is about."""
    noted: dict[str, list[str]] = {}
    for outcome in outcomes:
        for note in outcome.notes:
            noted.setdefault(note, []).append(outcome.slug)
    for note, slugs in noted.items():
        more = f" and {len(slugs) - _NAMED} more" if slugs[_NAMED:] else ""
        yield f"{', '.join(slugs[:_NAMED])}{more}: {note}"


def _longest_first(step: Step) -> float:
    """Return what sorts the step by its last duration, longest first, unknown ones before all."""
    return -step.stored.record.circumstances.seconds if step.stored else float("-inf")


def _wait_all(futures: Sequence[Future[Outcome]]) -> None:
    """Wait in short turns, so that Ctrl-C is answered at once; raise what a thread raised."""
    waiting = set(futures)
    while waiting:
        done, waiting = wait(waiting, timeout=0.2, return_when=FIRST_COMPLETED)
        for future in done:
            future.result()
