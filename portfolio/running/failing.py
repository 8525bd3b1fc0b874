"""How a run failed, if it did: in words that name the key which raises a limit, and the end of what it printed."""

from collections.abc import Callable, Mapping

from portfolio.running import scrub
from portfolio.running.task import Watched
from portfolio.running.worker_result import WorkerResult
from portfolio.values.record import Failure, FailureKind
from portfolio.values.settings import Settings
from portfolio.values.spec import Run

_RAISE = "or raise output_limit in [tool.portfolio]"
_BEYOND = {
    "output": (FailureKind.OUTPUT_LIMIT, f"printed {{limit}} or more: print less, {_RAISE}"),
    "files": (FailureKind.OUTPUT_LIMIT, f"its files filled more than 16 times {{limit}}: write less, {_RAISE}"),
    "memory": (
        FailureKind.OUT_OF_MEMORY,
        "its processes held more than {limit} together: raise it by [run] memory in spec.toml",
    ),
    "processes": (
        FailureKind.CRASHED,
        "had more than 1,000 processes at once, which no key allows: start fewer, as by a smaller n_jobs",
    ),
}
"""By the limit that ended a run: the kind of failure, and what to say."""


def failure_of(
    run: Run,
    settings: Settings,
    watched: Watched,
    ended: WorkerResult | None,
    output: str,
    paths: Mapping[str, str],
    at: Callable[[], str],
) -> Failure | None:
    """Return how a run failed, or None.

    Args:
        run: how its spec wants it to be run.
        settings: those of the workspace.
        watched: how its process ended.
        ended: what its worker wrote at last.
        output: what it printed.
        paths: how paths are shown.
        at: says which cell it had reached, where it has cells.
    """
    tail = "\n".join(output.splitlines()[-20:])
    if watched.stopped == "time":
        limit = run.timeout or settings.timeout
        message = f"still running after {limit:g} s: raise it by [run] timeout in spec.toml"
        return Failure(kind=FailureKind.TIMED_OUT, message=_placed(message, at()), detail=tail)
    if watched.stopped in _BEYOND:
        kind, message = _BEYOND[watched.stopped]
        size = run.memory or settings.memory if watched.stopped == "memory" else settings.output_limit
        return Failure(kind=kind, message=_placed(message.format(limit=size), at()), detail=tail)
    if ended is not None and ended.failure is not None:
        found = ended.failure
        why = ": [run] network is false in spec.toml" if found.kind is FailureKind.DOWNLOAD and not run.network else ""
        message, detail = scrub.clean(found.message, paths) + why, scrub.clean(found.detail, paths) or tail
        return Failure(kind=found.kind, message=message, detail=detail, line=found.line)
    if watched.code < 0:
        return Failure(kind=FailureKind.CRASHED, message=_placed(_signal(-watched.code), at()), detail=tail)
    if ended is None:
        how = "ended early without a result" if watched.code == 0 else f"ended with exit code {watched.code}"
        message = f"the process {how}: does the script call os._exit or quit Python?"
        return Failure(kind=FailureKind.NO_RESULT, message=_placed(message, at()), detail=tail)
    return None


def _placed(message: str, place: str) -> str:
    """Return the message behind the place it is about, if there is one."""
    return f"{place}: {message}" if place else message


def _signal(number: int) -> str:
    import signal  # noqa: PLC0415

    try:
        name = signal.Signals(number).name
    except ValueError:
        name = f"signal {number}"
    hint = ": perhaps the system ran out of memory" if number == signal.SIGKILL else ""
    return f"the process was ended by {name}{hint}"
