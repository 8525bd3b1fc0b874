"""Dask takes orders to workers and results back: connect, compare, send, take, and leave nothing running."""

import json
import logging
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from portfolio.cluster.checking import Needs, demand_same
from portfolio.cluster.pulse import Pulse
from portfolio.errors import UsageError
from portfolio.words import plural

_PATIENCE = 10
"""Seconds within which a scheduler answers."""
_FIRST_WORKER = 30
"""Seconds within which a cluster that has no worker yet gets its first one."""
_READY = 60
"""Seconds within which all machines answer and get ready; on a cold one that is many imports."""
_LONGEST_END = 20
"""Seconds within which workers have ended their runs."""
_HAS_DASHBOARD = "'distributed.dashboard.scheduler' in __import__('sys').modules"
"""Asked of the scheduler: the module is there once its pages are, which needs bokeh."""
_START = "dask scheduler prints its address; leave out --scheduler to use the cores of this machine"


class Cluster:
    """A connection to a scheduler and its workers, for one build."""

    def __init__(self, client: Any, address: str) -> None:
        self.client = client
        self.address = address
        self.build = f"portfolio-{secrets.token_hex(6)}"
        self.pulse = Pulse(client, address)
        self._has_plugin = False

    @property
    def is_there(self) -> bool:
        """Whether there still is a connection to the scheduler, and it is heard."""
        return bool(self.client.status == "running") and not self.pulse.is_gone

    def said(self) -> str:
        """Return in a line what this cluster is, with the address of its dashboard."""
        found = self.client.nthreads(callback_timeout=_READY)
        has_one = self.client.run_on_scheduler(eval, _HAS_DASHBOARD, callback_timeout=_READY)
        host = self.address.partition("://")[2].rpartition(":")[0]  # Dask cuts one of IPv6 at its first colon
        shown = f"; dashboard: {self.client.dashboard_link.replace('//[:', f'//{host}:')}" if has_one else ""
        return f"{self.address}: {plural(len(found), 'worker')}, {plural(sum(found.values()), 'run')} at once{shown}"

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Say within the block what does not answer, and wait for nothing for ever.

        Raises:
            UsageError: something did not; nothing was run.
        """
        try:
            yield
        except OSError as error:  # TimeoutError is one
            why = " ".join(str(error).split())[:200]
            raise UsageError(f"{self.address}: does not answer: {why}; nothing was run", hint=_START) from error

    def demand(self, needs: Needs, resources: dict[str, dict[str, float]]) -> None:
        """See that workers have what runs need.

        Args:
            needs: of every machine.
            resources: by where they are asked for, what a worker has to offer.

        Raises:
            UsageError: they have not; nothing was run.
        """
        self._await_workers()
        answers = self.client.run(eval, needs.question(), on_error="return", callback_timeout=_READY)
        own = self.client.run_on_scheduler(eval, needs.question(), callback_timeout=_READY)
        answers = {"the scheduler": own, **answers}
        failed = {name: answer for name, answer in answers.items() if not isinstance(answer, dict)}
        for name, error in failed.items():
            why = " ".join(str(error).split())[:200]
            message = f"{self.address}: {name} does not answer: {why}; nothing was run"
            raise UsageError(message, hint="look at its log, or restart it")
        demand_same(self.address, needs, answers)
        identity: Any = self.client.scheduler.identity
        workers = self.client.sync(identity, n_workers=-1, callback_timeout=_READY)["workers"].values()
        for place, wanted in resources.items():
            if not any(all(worker["resources"].get(name, 0) >= wanted[name] for name in wanted) for worker in workers):
                said = ", ".join(f"{name} = {wanted[name]:g}" for name in sorted(wanted))
                given = " ".join(f"{name}={wanted[name]:g}" for name in sorted(wanted))
                message = f"{place}:run.resources: no worker offers {said}"
                raise UsageError(message, hint=f'dask worker {self.address} --resources "{given}"')

    def begin(self, needs: Needs) -> None:
        """Let every worker get ready; those that join later too, if they have what runs need."""
        from portfolio.cluster.worker import Runs  # noqa: PLC0415 - needs dask

        self._has_plugin = True
        runs = Runs(self.build, needs, needs.here())
        register: Any = self.client._register_worker_plugin  # noqa: SLF001 - the public one waits for ever
        self.client.sync(register, runs, self.build, False, callback_timeout=_READY)
        self.pulse.begin(_READY)

    def end(self) -> None:
        """End what still runs for this build on any worker; returns when it has ended, or nothing answers."""
        self.pulse.end()
        if self._has_plugin and self.is_there and not self.pulse.is_silent:
            unregister: Any = self.client._unregister_worker_plugin  # noqa: SLF001 - the public one waits for ever
            with suppress(Exception):  # a scheduler that goes away now ends its workers, and they their runs
                self.client.sync(unregister, self.build, callback_timeout=_LONGEST_END)

    def close(self) -> None:
        """Drop the connection."""
        with suppress(TimeoutError, OSError):  # nobody is there to say goodbye to
            self.client.close(timeout=1 if self.pulse.is_silent else _PATIENCE)

    def _await_workers(self) -> None:
        if not self.client.nthreads(callback_timeout=_READY):
            with suppress(TimeoutError):
                self.client.wait_for_workers(1, timeout=_FIRST_WORKER)
        if not self.client.nthreads(callback_timeout=_READY):
            hint = f"dask worker {self.address} starts one"
            raise UsageError(f"{self.address}: has no worker; nothing was run", hint=hint)


def require_dask() -> None:
    """Make sure that it is there.

    Raises:
        UsageError: it is not installed.
    """
    if find_spec("distributed") is None:
        raise UsageError("dask is not installed", hint="pip install distributed, here and where workers run")


@contextmanager
def connected(scheduler: str, workers: int) -> Iterator[Cluster]:
    """Give a connection; behind the block nothing runs on.

    Args:
        scheduler: an address such as `tcp://…` or `tls://…`, the path of a scheduler file, or nothing: a cluster of
            this machine's own.
        workers: how many that has.

    Raises:
        UsageError: nothing answers there.
    """
    require_dask()
    _silence()
    local = None if scheduler else _local(workers)
    try:
        client = _client(local or scheduler)
        cluster = Cluster(client, client.scheduler.address)
        try:
            yield cluster
        finally:
            cluster.end()
            cluster.close()
    finally:
        if local:
            local.close(timeout=_PATIENCE)


def _silence() -> None:
    """Let Dask's loggers, each of which has a level of its own, say nothing: what matters is said in a line of ours."""
    import distributed  # noqa: F401, PLC0415 - half a second; sets levels when it is imported

    own = (name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "distributed")
    for name in ("asyncio", "distributed", *own):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _local(workers: int) -> Any:
    from distributed import LocalCluster  # noqa: PLC0415 - half a second

    make: Any = LocalCluster
    dashboard = ":0" if find_spec("bokeh") else None
    return make(n_workers=workers, threads_per_worker=1, dashboard_address=dashboard, silence_logs=logging.CRITICAL + 1)


def _client(where: Any) -> Any:
    from distributed import Client  # noqa: PLC0415 - half a second

    client: Any = Client.__new__(Client)
    if isinstance(where, str) and "://" not in where:
        where = _written_in(Path(where))
    try:
        if isinstance(where, str):
            _knock(where)
        client.__init__(where, timeout=_PATIENCE, set_as_default=False, name="portfolio")
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        client.status = "closed"  # else it would try to close for twenty seconds what was never open
        why = " ".join(str(error).split())[:200] or type(error).__name__
        raise UsageError(f"{where}: no scheduler answers: {why}", hint=_START) from error
    return client


def _knock(address: str) -> None:
    """See at once whether anybody listens there: Dask would try for long.

    Raises:
        OSError, ValueError: nobody does, or it is no address.
    """
    kind, _, place = address.partition("://")
    host, _, port = place.rpartition(":")
    if kind == "tls":
        from distributed import Security  # noqa: PLC0415 - half a second

        make: Any = Security
        if not make().get_connection_args("client").get("ssl_context"):
            raise ValueError("there is no certificate: set distributed.comm.tls in Dask's configuration")
    if kind in ("tcp", "tls") and host:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE).close()


def _written_in(path: Path) -> str:
    """Return the address in a scheduler file."""
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["address"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        hint = "an address like tcp://host:8786, or what dask scheduler --scheduler-file writes"
        raise UsageError(f"{path}: is neither an address nor a scheduler file", hint=hint) from error
