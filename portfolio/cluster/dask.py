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
from portfolio.errors import UsageError
from portfolio.words import plural

_PATIENCE = 10
"""Seconds within which a scheduler answers."""
_FIRST_WORKER = 30
"""Seconds within which a cluster that has no worker yet gets its first one."""
_START = "dask scheduler prints its address; leave out --scheduler to use the cores of this machine"


class Cluster:
    """A connection to a scheduler and its workers, for one build."""

    def __init__(self, client: Any, address: str) -> None:
        self.client = client
        self.address = address
        self.build = f"portfolio-{secrets.token_hex(6)}"
        self._has_plugin = False

    @property
    def is_there(self) -> bool:
        """Whether the scheduler still answers."""
        return bool(self.client.status == "running")

    def threads(self) -> int:
        """Return how many runs there can be at once."""
        return sum(self.client.nthreads().values())

    def said(self) -> str:
        """Return in a line what this cluster is, with the address of its dashboard."""
        found = self.client.nthreads()
        has_one = "dashboard" in self.client.scheduler_info().get("services", {}) and find_spec("bokeh")
        link = self.client.dashboard_link if has_one else None
        shown = f"; dashboard: {link}" if link else ""
        return f"{self.address}: {plural(len(found), 'worker')}, {plural(sum(found.values()), 'run')} at once{shown}"

    def demand(self, needs: Needs, resources: dict[str, dict[str, float]]) -> None:
        """See that workers have what runs need.

        Args:
            needs: of every machine.
            resources: by where they are asked for, what a worker has to offer.

        Raises:
            UsageError: they have not; nothing was run.
        """
        self._await_workers()
        answers = self.client.run(eval, needs.question(), on_error="return")
        answers = {"the scheduler": self.client.run_on_scheduler(eval, needs.question()), **answers}
        failed = {name: answer for name, answer in answers.items() if not isinstance(answer, dict)}
        for name, error in failed.items():
            raise UsageError(f"{self.address}: {name} does not answer: {error}", hint="look at its log, or restart it")
        demand_same(self.address, needs, answers)
        workers = self.client.scheduler_info(n_workers=-1)["workers"].values()
        for place, wanted in resources.items():
            if not any(all(worker["resources"].get(name, 0) >= wanted[name] for name in wanted) for worker in workers):
                said = ", ".join(f"{name} = {wanted[name]:g}" for name in sorted(wanted))
                given = " ".join(f"{name}={wanted[name]:g}" for name in sorted(wanted))
                message = f"{place}:run.resources: no worker offers {said}"
                raise UsageError(message, hint=f'dask worker {self.address} --resources "{given}"')

    def begin(self, needs: Needs) -> None:
        """Let every worker get ready; those that join later too, if they have what runs need."""
        from portfolio.cluster.worker import Runs  # noqa: PLC0415 - needs dask

        self.client.register_plugin(Runs(self.build, needs, needs.here()), name=self.build)
        self._has_plugin = True

    def end(self) -> None:
        """End what still runs for this build on any worker; returns when it has ended."""
        if self._has_plugin and self.is_there:
            with suppress(Exception):  # a scheduler that goes away now ends its workers, and they their runs
                self.client.unregister_worker_plugin(self.build)

    def _await_workers(self) -> None:
        if not self.client.nthreads():
            with suppress(TimeoutError):
                self.client.wait_for_workers(1, timeout=_FIRST_WORKER)
        if not self.client.nthreads():
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
    for name in ("distributed", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # what matters of it is said in a line of ours
    local = None if scheduler else _local(workers)
    try:
        client = _client(local or scheduler)
        cluster = Cluster(client, client.scheduler.address)
        try:
            yield cluster
        finally:
            cluster.end()
            client.close(timeout=_PATIENCE)
    finally:
        if local:
            local.close(timeout=_PATIENCE)


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
