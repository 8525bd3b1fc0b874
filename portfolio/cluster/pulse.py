"""Whether a cluster is heard: a stalled network closes no connection, so that nothing else would ever say so."""

import time
from collections.abc import Mapping
from contextlib import suppress
from threading import Event, Thread
from typing import Any

_SAID, _GONE = 3, 12
"""Beats without a sign after which that is said, and after which nobody waits any longer."""


def beat() -> float:
    """Return the seconds between two signs of life: Dask's `distributed.client.heartbeat`, five unless configured."""
    import dask  # noqa: PLC0415 - for those who have a cluster
    from dask.utils import parse_timedelta  # noqa: PLC0415 - as above

    config: Any = dask.config
    parsed: Any = parse_timedelta
    return max(float(parsed(config.get("distributed.client.heartbeat"))), 0.1)


def patience() -> float:
    """Return the seconds after which nobody waits any longer for what was heard before."""
    return _GONE * beat()


def heard(dask_scheduler: Any) -> dict[str, Any]:
    """Return what a scheduler knows of its workers: the question that it is asked, executed there."""
    now = time.time()
    return {
        "lasting": dask_scheduler.worker_ttl,
        "workers": {each.address: (each.nthreads, now - each.last_seen) for each in dask_scheduler.workers.values()},
    }


class Pulse:
    """Asks a scheduler at every beat, beside all that a build does, and remembers when it answered."""

    def __init__(self, client: Any, address: str) -> None:
        self._client = client
        self._address = address
        self._beat = beat()
        self._over = Event()
        self._answer: Mapping[str, Any] = {"lasting": None, "workers": {}}
        self._silence = 0.0
        """Seconds for which somebody has waited for an answer; not those in which this machine slept."""
        self._looked = time.monotonic()
        self._told: set[str] = set()

    def begin(self, seconds: float) -> None:
        """Ask for the first time, then go on asking.

        Raises:
            TimeoutError: nothing answers within these seconds.
        """
        self._ask(seconds)
        Thread(target=self._listen, daemon=True).start()

    def end(self) -> None:
        """Ask no more."""
        self._over.set()

    @property
    def threads(self) -> int:
        """How many runs there can be at once."""
        return sum(threads for threads, _ in self._answer["workers"].values())

    @property
    def is_gone(self) -> bool:
        """Whether the scheduler has not answered for so long that nobody waits any longer."""
        return self._silence > _GONE * self._beat

    @property
    def is_silent(self) -> bool:
        """Whether it has not answered for so long that somebody has to be told."""
        return self._silence > _SAID * self._beat

    def news(self) -> list[str]:
        """Return what there is to tell since the last time; to be called again and again."""
        now = time.monotonic()
        self._silence += min(now - self._looked, self._beat)
        self._looked = now
        said = self._silences()
        known = {self._address, *self._answer["workers"]}
        again = [f"{name}: is heard again" for name in sorted((self._told - said.keys()) & known)]
        new = [f"{name}: {said[name]}" for name in sorted(said.keys() - self._told)]
        self._told = set(said)
        return [*again, *new]

    def _silences(self) -> dict[str, str]:
        """Return who is not heard, and what of it."""
        if self.is_silent:
            return {self._address: f"the scheduler has not answered for {self._silence:.0f} s"}
        lasting = self._answer["lasting"]
        then = f"the cluster gives it up within {lasting:g} s" if lasting else "restart it: nothing gives it up"
        silent = {name: last for name, (_, last) in self._answer["workers"].items() if last > _SAID * self._beat}
        return {name: f"has not been heard of for {last:.0f} s; {then}" for name, last in silent.items()}

    def _listen(self) -> None:
        while not self._over.wait(self._beat):
            with suppress(Exception):  # that the scheduler went away is known to who asks for results
                self._ask(patience())

    def _ask(self, seconds: float) -> None:
        self._answer = self._client.run_on_scheduler(heard, callback_timeout=seconds)
        self._silence = 0.0
