"""Run the stale projects, several at once, and put what they leave into the store."""

import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from portfolio import results
from portfolio.planning.keys import RunKey, run_key
from portfolio.planning.packages import Installed, imported_modules
from portfolio.planning.plan import PlannedStep
from portfolio.provenance import History
from portfolio.reporting import Outcome, Reporter
from portfolio.running.local import Finished, LocalRun, clear_scratch, run_project
from portfolio.store import Store
from portfolio.values.project import Project, Status
from portfolio.values.record import Failure, FailureKind
from portfolio.values.settings import Settings
from portfolio.workspace.inputs import input_files
from portfolio.workspace.root import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """Where and with what projects are run."""

    workspace: Workspace
    settings: Settings
    store: Store
    packages: Installed
    history: History | None
    style: Path
    reporter: Reporter

    def run(self, steps: Sequence[PlannedStep], jobs: int) -> dict[str, Outcome]:
        """Run `steps`, at most `jobs` at once; return the outcomes by slug.

        Raises:
            KeyboardInterrupt: asked to stop; every run was ended first.
        """
        cancel = Event()
        longest_first = sorted(steps, key=lambda step: -self._expected_seconds(step.project.slug))
        with ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="run") as pool:
            futures = [pool.submit(self._run_one, step, cancel) for step in longest_first]
            try:
                _wait_all(futures)
            except BaseException:
                cancel.set()
                pool.shutdown(wait=True, cancel_futures=True)
                raise
        outcomes = [future.result() for future in futures]
        return {outcome.slug: outcome for outcome in outcomes}

    def key(self, project: Project) -> RunKey:
        """Return the run key of `project` now."""
        return run_key(project, self.workspace, self.settings, self.packages, self.style)

    def _expected_seconds(self, slug: str) -> float:
        last = self.store.last_good(slug)
        return last.record.circumstances.seconds if last else float("inf")

    def _run_one(self, step: PlannedStep, cancel: Event) -> Outcome:
        self.reporter.started(step.project.slug, step.reason)
        scratch = self.workspace.build / "scratch"
        scratch.mkdir(parents=True, exist_ok=True)
        top = Path(tempfile.mkdtemp(dir=scratch, prefix=f"{step.project.slug}-"))
        try:
            finished = self._run_unless_broken(step, cancel, top)
            outcome = self._keep(step, finished)
        finally:
            clear_scratch(top)
        self.reporter.finished(outcome)
        return outcome

    def _run_unless_broken(self, step: PlannedStep, cancel: Event, top: Path) -> Finished:
        try:
            return run_project(self._asked(step, cancel), top)
        except OSError as error:
            where = f": {self.workspace.shown(Path(error.filename))}" if isinstance(error.filename, str) else ""
            failure = Failure(kind=FailureKind.ENVIRONMENT, message=f"could not be run: {error.strerror}{where}")
            return Finished(record=None, failure=failure, run=top, seconds=0.0)

    def _asked(self, step: PlannedStep, cancel: Event) -> LocalRun:
        return LocalRun(
            project=step.project,
            workspace=self.workspace,
            settings=self.settings,
            key=step.key,
            packages=self._direct_packages(step.project),
            commit=self.history.commit(step.project) if self.history else None,
            style=self.style,
            cancel=cancel,
        )

    def _direct_packages(self, project: Project) -> Mapping[str, str]:
        """Return the versions of what the project's sources import themselves, for the page."""
        sources = [found.path for found in input_files(project.folder) if found.name.endswith(".py")]
        texts = [path.read_text(encoding="utf-8", errors="replace") for path in sources]
        modules = {module for text in texts for module in imported_modules(text)}
        names = {name for module in modules for name in self.packages.by_module.get(module, ())}
        needed = self.packages.needed_by(modules)
        return {name: version for name, version in needed.items() if name in names}

    def _keep(self, step: PlannedStep, finished: Finished) -> Outcome:
        project, record, failure = step.project, finished.record, finished.failure
        if record is not None and self.key(project).digest != step.key.digest:
            message = "its inputs changed while it ran, so nothing was stored: build again"
            record, failure = None, Failure(kind=FailureKind.CHANGED_INPUTS, message=message)
        outcome = Outcome(
            slug=project.slug,
            status=Status.FAILED if record is None else Status.RAN,
            reason=step.reason,
            seconds=finished.seconds,
            record=record,
            failure=failure,
            shown=self.workspace.shown(project.script),
        )
        if record is None:
            self.store.put_failure(project.slug, failure or Failure(kind=FailureKind.NO_RESULT, message="no result"))
            return outcome
        self.store.put(record, finished.run)
        return replace(outcome, moved=results.update(project.folder, record, project.spec))


def _wait_all(futures: Sequence[Future[Outcome]]) -> None:
    """Wait in short turns, so that Ctrl-C is answered at once; raise what a thread raised."""
    waiting = set(futures)
    while waiting:
        done, waiting = wait(waiting, timeout=0.2, return_when=FIRST_COMPLETED)
        for future in done:
            future.result()
