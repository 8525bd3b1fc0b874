"""Run one project on this machine: copy, watch, collect; the outcome is a value, never an exception of the script."""

import os
import platform
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event

from portfolio import files, literate
from portfolio.planning.digested import data_digests
from portfolio.planning.keys import RunKey
from portfolio.running import fresh, scrub
from portfolio.running.cells import cells_shown
from portfolio.running.collect import Collected, collect
from portfolio.running.environment import cache_folders, run_environment
from portfolio.running.events import BadRunError
from portfolio.running.failing import failure_of
from portfolio.running.reached import cell_reached
from portfolio.running.scratch import ChangedError, copy_project
from portfolio.running.task import Limits, Place, Task, Watched
from portfolio.running.untouched import put_back, traits_of
from portfolio.running.whereabouts import place_of_run
from portfolio.running.worker_result import read_result
from portfolio.running.zygote import Zygotes, worker_command
from portfolio.values import codec
from portfolio.values.environment import Interpreter
from portfolio.values.project import Project
from portfolio.values.record import (
    SCHEMA,
    CellSource,
    Circumstances,
    Commit,
    Failure,
    FailureKind,
    Output,
    Record,
    Result,
)
from portfolio.values.settings import Settings
from portfolio.values.spec import memory_bytes
from portfolio.workspace.root import Workspace

_NAMES = ("name", "file", "light", "dark", "output")
"""Fields of a result that name its parts or its files, and what was cleaned before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The outcome of a run: a record with the folder its files lie in, or a failure."""

    record: Record | None
    failure: Failure | None
    run: Path
    seconds: float
    notes: tuple[str, ...] = ()
    """What the guards could not do, or had to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalRun:
    """All that one run needs to know."""

    project: Project
    workspace: Workspace
    settings: Settings
    key: RunKey
    packages: Mapping[str, str]
    commit: Commit | None
    style: Path
    cancel: Event
    zygotes: Zygotes
    tracer: tuple[str, ...] = ()
    """Put in front of the command, which then is a fresh interpreter's."""
    interpreter: Interpreter | None = None
    """The one of the project's own environment; this one unless given."""


def run_project(asked: LocalRun, place: Place) -> Finished:
    """Run the project in `place`, which the caller deletes when it has taken what it needs.

    Raises:
        Interrupted: the build was cancelled meanwhile.
    """
    started = datetime.now(UTC)
    try:
        folder = copy_project(asked.project, asked.workspace, place, asked.key.contents)
    except ChangedError:
        changed = Failure(kind=FailureKind.CHANGED_INPUTS, message="its inputs changed before it ran: build again")
        return Finished(record=None, failure=changed, run=place.run, seconds=0.0)
    nonce = secrets.token_hex(16)
    files.write_text(place.orders, codec.dumps(_task(asked, place, folder, nonce)))
    before = traits_of(asked.key.contents)
    watched = _watch(asked, place, folder)
    restored = put_back(before, asked.key.contents)
    text, size = scrub.read_output(place.output)
    paths = scrub.shortened_paths(folder, place.root, asked.workspace.root, asked.workspace.cache)
    output = scrub.clean(text, paths)
    ended = read_result(place.run, nonce)
    notes = (*(ended.notes if ended else ()), *_put_back_notes(asked, restored))
    at = partial(cell_reached, asked.project.script, place.run)
    failure = failure_of(asked.project.spec.run, asked.settings, watched, ended, output, paths, at)
    meant = asked.project.spec.run.expect_failure
    if meant and failure is None:
        failure = Failure(kind=FailureKind.RAISED, message=f"did not fail, though it was expected to: {meant}")
    elif failure is None or (meant and failure.kind is FailureKind.RAISED):
        try:
            scrub.private_files(place.run, paths)
            collected = collect(place.run)
            shown = cells_shown(collected.cells, place.output, partial(scrub.clean, shortened=paths))
            result = scrub.private_value(_result(asked, collected, output, size, shown), paths, _NAMES)
            circumstances = _circumstances(asked, started, watched, collected, notes)
            record = _record(asked, result, circumstances, place.run, failure)
            return Finished(record=record, failure=None, run=place.run, seconds=watched.seconds, notes=notes)
        except BadRunError as error:
            failure = Failure(kind=FailureKind.ARTIFACT, message=scrub.clean(str(error), paths))
    return Finished(record=None, failure=failure, run=place.run, seconds=watched.seconds, notes=notes)


def _put_back_notes(asked: LocalRun, changed: Sequence[Path]) -> tuple[str, ...]:
    if not changed:
        return ()
    named = ", ".join(asked.workspace.shown(path) for path in changed[:3])
    more = f" and {len(changed) - 3} more" if changed[3:] else ""
    return (f"it changed the mode, owner or time of {named}{more}, which was put back",)


def _task(asked: LocalRun, place: Place, folder: Path, nonce: str) -> Task:
    run, settings = asked.project.spec.run, asked.settings
    shared = place.root / "projects" / "_shared"
    return Task(
        nonce=nonce,
        project=str(folder),
        run=str(place.run),
        script=asked.project.spec.script,
        command=run.command,
        module_folders=(str(shared), str(shared.parent)) if shared.is_dir() else (),
        seed=run.seed,
        params=asked.project.spec.params,
        memory=memory_bytes(run.memory or settings.memory),
        file=memory_bytes(settings.output_limit),
        network=run.network,
        style=str(asked.style) if asked.style.is_file() else None,
        temporary=str(place.temporary),
        writable=_writable(place, asked.workspace.cache),
        execute=run.execute,
        asks=_asks(asked.project),
        required=settings.require_sandbox,
    )


def _asks(project: Project) -> str:
    """Return where a project asks for packages, and what then is to be typed; nothing where it asks for none."""
    if project.needs is None:
        return ""
    has_own_lock = project.needs.lock and project.needs.lock.file != project.needs.file
    return f"{project.needs.file}, then portfolio lock {project.slug}" if has_own_lock else project.needs.file


def _writable(place: Place, cache: Path) -> tuple[str, ...]:
    """Return where a run may write, after making what is missing of it: what is not there cannot be allowed."""
    place.temporary.mkdir(mode=0o700)
    caches = cache_folders(cache)
    for folder in caches:
        Path(folder).mkdir(parents=True, exist_ok=True)
    place.output.touch()
    return (str(place.root), str(place.run), str(place.temporary), str(place.output), *caches)


def _watch(asked: LocalRun, place: Place, folder: Path) -> Watched:
    run, settings = asked.project.spec.run, asked.settings
    limits = Limits(
        seconds=run.timeout or settings.timeout,
        memory=memory_bytes(run.memory or settings.memory),
        output=memory_bytes(settings.output_limit),
    )
    environment = environment_of(asked.project, settings, asked.workspace, place.run, asked.interpreter)
    if asked.tracer or asked.interpreter:
        program = asked.interpreter.program if asked.interpreter else None
        command = [*asked.tracer, *worker_command(place.orders, program)]
        return fresh.watch(
            command, folder=folder, environment=environment, output=place.output, limits=limits, cancel=asked.cancel
        )
    return asked.zygotes.watch(
        place.orders, folder=folder, environment=environment, output=place.output, limits=limits, cancel=asked.cancel
    )


def environment_of(
    project: Project, settings: Settings, workspace: Workspace, run: Path, interpreter: Interpreter | None = None
) -> dict[str, str]:
    """Return the variables that a run of `project` sees, whose files go to `run`."""
    return run_environment(
        os.environ,
        declared=project.spec.run.env,
        threads=project.spec.run.threads or settings.threads,
        seed=project.spec.run.seed,
        cache=workspace.cache,
        run=run,
        interpreter=interpreter,
    )


def _result(
    asked: LocalRun, collected: Collected, output: str, size: int, cells: tuple[tuple[Output, ...], ...]
) -> Result:
    return replace(
        collected.result(),
        warnings=collected.warned(),
        output=output,
        output_bytes=size if size > scrub.KEPT else len(output.encode("utf-8", "surrogatepass")),
        params=asked.project.spec.params,
        seed=asked.project.spec.run.seed,
        cells=cells,
    )


def _circumstances(
    asked: LocalRun, started: datetime, watched: Watched, collected: Collected, notes: tuple[str, ...]
) -> Circumstances:
    return Circumstances(
        started=started,
        seconds=round(watched.seconds, 3),
        cpu_seconds=round(watched.cpu_seconds, 3),
        # What counts a command's memory counts that of the process which started it too: of a command nothing is said.
        peak_memory=0 if asked.project.spec.run.command else watched.peak_memory,
        python=asked.interpreter.version if asked.interpreter else platform.python_version(),
        platform=f"{platform.system()} {platform.machine()}",
        packages=asked.packages,
        data=data_digests(asked.key.parts),
        steps=tuple(collected.steps),
        notes=notes,
        commit=asked.commit,
        cells=_sources(asked.project),
        place=place_of_run(os.environ),
    )


def _sources(project: Project) -> tuple[CellSource, ...]:
    """Return the cells of what ran; none of a plain script or a command."""
    if project.spec.run.command or project.script.stat().st_size > literate.MOST_BYTES:
        return ()
    return tuple(
        CellSource(
            is_code=cell.is_code,
            text=cell.text,
            number=cell.number,
            tags=tuple(sorted(cell.tags)),
            is_rest=cell.is_rest,
        )
        for cell in literate.cells_of(project.script)
    )


def _record(
    asked: LocalRun, result: Result, circumstances: Circumstances, run: Path, failure: Failure | None
) -> Record:
    return Record(
        schema=SCHEMA,
        slug=asked.project.slug,
        key=asked.key.digest,
        parts=asked.key.parts,
        result=result,
        circumstances=circumstances,
        files={name: files.digest(run / name) for name in result.file_names()},
        failure=failure,
    )
