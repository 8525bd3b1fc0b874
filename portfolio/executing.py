"""Run the stale projects, several at once, and put what they leave into the store."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from portfolio import folders
from portfolio.digests import of_mapping
from portfolio.environments.making import Maker
from portfolio.environments.resolving import UnmadeError
from portfolio.errors import UsageError
from portfolio.hiding import hide
from portfolio.holding import held
from portfolio.keeping import Keeping, Step
from portfolio.planning.keys import Keys
from portfolio.planning.packages import Installed
from portfolio.provenance import History
from portfolio.reporting import Outcome, Reporter
from portfolio.running.clearing import clear_scratch
from portfolio.running.ended import Ended
from portfolio.running.local import Finished, LocalRun, environment_of, run_project
from portfolio.running.observed import UnkeepableError, observed_names
from portfolio.running.preload import uses_of
from portfolio.running.task import Place
from portfolio.running.zygote import Zygotes
from portfolio.store import Store
from portfolio.values.environment import Interpreter
from portfolio.values.project import Project
from portfolio.values.record import Failure, FailureKind
from portfolio.values.scripts import is_notebook
from portfolio.values.settings import Settings
from portfolio.workspace.root import Workspace

_NAMED = 3
"""Projects named in a note that is about many."""
_GONE = "what it used changed while it ran, so nothing was stored: build again"


@contextmanager
def hold(workspace: Workspace, reporter: Reporter) -> Iterator[None]:
    """Hold the workspace: one at a time runs its projects; what one that was killed left behind is deleted."""
    with held(workspace, lambda: reporter.note("waiting for another build of this workspace to finish")):
        yield


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

    @property
    def keeping(self) -> Keeping:
        """What keeps the results."""
        return Keeping(self.workspace, self.store, self.keys)

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
            futures = [pool.submit(self._run_one, step, cancel) for step in sorted(steps, key=longest_first)]
            try:
                _wait_all(futures)
            except BaseException:
                cancel.set()
                pool.shutdown(wait=True, cancel_futures=True)
                raise
        outcomes = [future.result() for future in futures]
        say_notes(outcomes, self.reporter)
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
        except UnmadeError as error:
            failure = Failure(kind=FailureKind.ENVIRONMENT, message=str(error), detail=error.detail)
            return Finished(record=None, failure=failure, run=place.run, seconds=0.0)
        except OSError as error:
            where = f": {self.workspace.shown(Path(error.filename))}" if isinstance(error.filename, str) else ""
            failure = Failure(kind=FailureKind.ENVIRONMENT, message=f"could not be run: {error.strerror}{where}")
            return Finished(record=None, failure=failure, run=place.run, seconds=0.0)

    def direct_packages(self, project: Project, interpreter: Interpreter | None = None) -> Mapping[str, str]:
        """Return the versions of what the project asks for, or of what its sources import themselves, for the page."""
        if project.needs and interpreter:
            return {name: interpreter.packages[name] for name in project.needs.names if name in interpreter.packages}
        modules = {name.split(".")[0] for name in self.keys.uses.imported(project)}
        names = {name for module in modules for name in self.packages.by_module.get(module, ())}
        needed = self.packages.needed_by(modules)
        return {name: version for name, version in needed.items() if name in names}

    def _prepare(self, projects: Sequence[Project]) -> None:
        """Let zygotes import meanwhile what these projects will."""
        plain = (project for project in projects if not (project.spec.run.command or project.needs))
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
            outcome = self.keeping.keep(step, self._ended(step, self.attempt(step, cancel, place), place, began))
        self.reporter.finished(outcome)
        return outcome

    def _ended(self, step: Step, finished: Finished, place: Place, began: int) -> Ended:
        try:
            return Ended(finished=finished, used=self.seen(step, place, began))
        except UnkeepableError as error:
            return Ended(finished=finished, used=(), refusal=str(error))
        except OSError:
            return Ended(finished=finished, used=(), refusal=_GONE)

    def _asked(self, step: Step, cancel: Event, tracer: tuple[str, ...]) -> LocalRun:
        interpreter = self._interpreter(step.project, cancel)
        return LocalRun(
            project=step.project,
            workspace=self.workspace,
            settings=self.settings,
            key=step.key,
            packages=self.direct_packages(step.project, interpreter),
            commit=self.history.commit(step.project) if self.history else None,
            style=self.style,
            cancel=cancel,
            zygotes=self.zygotes,
            tracer=tracer,
            interpreter=interpreter,
        )

    def _interpreter(self, project: Project, cancel: Event) -> Interpreter | None:
        """Return the Python of the project's own environment, made where it is not there."""
        if project.needs is None:
            return None
        maker = Maker(cache=self.workspace.cache, told=lambda text: self.reporter.note(f"{project.slug}: {text}"))
        return maker.interpreter(project.needs, cancel)

    def seen(self, step: Step, place: Place, began: int) -> tuple[str, ...]:
        """Return the names of what the run in `place` was seen to use, less what its key answers for.

        Raises:
            UnkeepableError: see `observed_names`.
        """
        known = (*self.keys.uses.outside(step.project), self.style, self.workspace.templates)
        return observed_names(step.project, self.workspace, step.key, place, known, began)


def say_notes(outcomes: Sequence[Outcome], reporter: Reporter) -> None:
    """Tell each note on guards in a line, with the projects it is about."""
    noted: dict[str, list[str]] = {}
    for outcome in outcomes:
        for note in outcome.notes:
            noted.setdefault(note, []).append(outcome.slug)
    for note, slugs in noted.items():
        more = f" and {len(slugs) - _NAMED} more" if slugs[_NAMED:] else ""
        reporter.note(f"{', '.join(slugs[:_NAMED])}{more}: {note}")


def longest_first(step: Step) -> float:
    """Return what sorts the step by its last duration, longest first, unknown ones before all."""
    return -step.stored.record.circumstances.seconds if step.stored else float("-inf")


def _wait_all(futures: Sequence[Future[Outcome]]) -> None:
    """Wait in short turns, so that Ctrl-C is answered at once; raise what a thread raised."""
    waiting = set(futures)
    while waiting:
        done, waiting = wait(waiting, timeout=0.2, return_when=FIRST_COMPLETED)
        for future in done:
            future.result()
