"""Runs under way on a cluster: sent a few ahead of the workers, taken back at once, given up after three lost workers.

A result is fetched as soon as it is there, and its future dropped then: Dask would compute again what a lost worker
had finished and somebody still holds.
"""

import queue
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from portfolio.cluster.bundles import Bundle
from portfolio.cluster.dask import Cluster
from portfolio.errors import SiteError
from portfolio.values.record import Failure, FailureKind

_MOST_LOST = 3
"""Workers that one run may take with it."""
_AHEAD = 2
"""Orders sent for each that can run at once, so that no worker waits for this machine."""
_LOOK = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What is sent for one run."""

    slug: str
    order: bytes
    bundle: bytes
    shared: Bundle | None
    resources: Mapping[str, float]


@dataclass(slots=True)
class _Flight:
    sent: Sent
    key: str = ""
    future: Any = None
    worker: str = ""
    """Where it runs now."""
    lost: int = 0
    """Workers that were lost while it ran on them."""
    again: int = 0
    """How often it was sent anew because it ended in no result."""


@dataclass(slots=True)
class Flights:
    """The runs of one build on a cluster."""

    cluster: Cluster
    started: Callable[[str], None]
    """Told the slug of each run when it begins."""
    note: Callable[[str], None]
    """Told what else is worth a line."""
    _flying: dict[str, _Flight] = field(default_factory=dict)
    _arrived: "queue.SimpleQueue[tuple[str, Any]]" = field(default_factory=queue.SimpleQueue)
    _held: dict[str, Any] = field(default_factory=dict)
    _threads: int = 0

    def outcomes(self, orders: Iterator[Sent]) -> Iterator[tuple[str, bytes | Failure]]:
        """Yield for each of `orders` what its worker returned, or why nothing did, in the order in which they end.

        Raises:
            SiteError: the scheduler is gone.
        """
        client = self.cluster.client
        client.subscribe_topic(self.cluster.build, self._told)
        client.subscribe_topic("all", self._told)
        try:
            while True:
                self._look()
                self._send(orders)
                if not self._flying:
                    return
                with suppress(queue.Empty):
                    key, content = self._arrived.get(timeout=_LOOK)
                    yield from self._landed(key, content)
        finally:
            for flight in self._flying.values():
                flight.future.release()
            self._flying.clear()
            self._held.clear()

    def _send(self, orders: Iterator[Sent]) -> None:
        while len(self._flying) < _AHEAD * max(self._threads, 1) + 1:
            sent = next(orders, None)
            if sent is None:
                return
            self._submit(_Flight(sent))

    def _submit(self, flight: _Flight) -> None:
        from portfolio.cluster.worker import work  # noqa: PLC0415 - needs dask

        cluster, sent = self.cluster, flight.sent
        flight.key, flight.worker = f"{cluster.build}-{sent.slug}-{flight.again}", ""
        self._flying[flight.key] = flight
        arguments = (cluster.build, flight.key, sent.order, sent.bundle, self._shared(sent.shared))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a bundle of some megabytes is what it is
            flight.future = cluster.client.submit(
                work, *arguments, key=flight.key, pure=False, resources=dict(sent.resources) or None
            )
        flight.future.add_done_callback(self._fetch)

    def _shared(self, bundle: Bundle | None) -> Any:
        """Return the bundle that many runs need: sent once, and from worker to worker."""
        from portfolio.cluster.worker import hold  # noqa: PLC0415 - needs dask

        if bundle is None:
            return b""
        if bundle.digest not in self._held:
            key = f"{self.cluster.build}-shared-{bundle.digest[:16]}"
            self._held[bundle.digest] = self.cluster.client.submit(hold, bundle.content, key=key, pure=False)
        return self._held[bundle.digest]

    def _fetch(self, future: Any) -> None:
        """Take a result as soon as it is there, and drop its future; in a thread of Dask's."""
        try:
            content = future.result()
        except BaseException as error:  # noqa: BLE001 - whatever a task ends in is judged where it lands
            content = error
        self._arrived.put((future.key, content))
        future.release()

    def _landed(self, key: str, content: Any) -> Iterator[tuple[str, bytes | Failure]]:
        flight = self._flying.pop(key, None)
        if flight is None:
            return  # given up before
        if isinstance(content, bytes | Failure):
            flight.future.release()
            yield flight.sent.slug, content
            return
        self._demand_scheduler()
        flight.again += 1
        if flight.again < _MOST_LOST:
            self._submit(flight)
            return
        why = " ".join(str(content).split())[:300] or type(content).__name__
        message = f"ended {_MOST_LOST} times without a result on the cluster: {type(content).__name__}: {why}"
        yield flight.sent.slug, Failure(kind=FailureKind.WORKER_LOST, message=message)

    def _told(self, event: tuple[float, Any]) -> None:
        """Hear that a run began, or that a worker was lost; in Dask's own thread."""
        message = event[1]
        if not isinstance(message, dict):
            return
        if "run" in message and (flight := self._flying.get(message["run"])):
            flight.worker = message["worker"]
            self.started(flight.sent.slug)
        elif message.get("action") == "remove-worker" and not message.get("expected"):
            for key, flight in list(self._flying.items()):
                if flight.worker == message["worker"]:
                    self._lose(key, flight)

    def _lose(self, key: str, flight: _Flight) -> None:
        flight.worker, flight.lost = "", flight.lost + 1
        if flight.lost < _MOST_LOST:
            self.note(f"{flight.sent.slug}: its worker was lost, so it is run again")
            return
        message = f"{_MOST_LOST} workers were lost while it ran: does it take more memory than they have?"
        self._arrived.put((key, Failure(kind=FailureKind.WORKER_LOST, message=message)))
        flight.future.release()

    def _look(self) -> None:
        self._demand_scheduler()
        for told in self.cluster.pulse.news():
            self.note(told)
        before, self._threads = self._threads, self.cluster.pulse.threads
        if before and not self._threads:
            self.note(f"{self.cluster.address}: all workers are gone; waiting for one to join")

    def _demand_scheduler(self) -> None:
        """Go on only while the scheduler is there.

        Raises:
            SiteError: it is not.
        """
        if not self.cluster.is_there:
            how = "no longer answers" if self.cluster.pulse.is_gone else "is gone"
            message = f"{self.cluster.address}: the scheduler {how}; what had finished is stored"
            raise SiteError(message, hint="start the scheduler and its workers, then build again")
