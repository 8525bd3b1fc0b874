"""How long `portfolio serve` takes from a saved file to the page that shows it."""

import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rounds import Bench
from rows import NotMeasuredError

_PAUSE = 0.01
_PATIENCE = 120.0


@contextmanager
def served(bench: Bench) -> Iterator[str]:
    """Serve the workspace on a free port meanwhile; yield the address."""
    log = bench.folder / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["portfolio", "serve", "-p", "0"],
            cwd=bench.root,
            env=dict(bench.variables),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield _address(log)
        finally:
            os.kill(process.pid, signal.SIGINT)
            process.wait()


def seconds_until_served(page: str, marker: int, change: Callable[[], None]) -> float:
    """Return the seconds from `change` until `page` holds `marker`."""
    began = time.perf_counter()
    change()
    while str(marker) not in _read(page):
        if time.perf_counter() - began > _PATIENCE:
            raise NotMeasuredError(f"{page} does not show the change after {_PATIENCE:g} s")
        time.sleep(_PAUSE)
    return time.perf_counter() - began


def _address(log: Path) -> str:
    """Return the address that the server says when it answers."""
    began = time.perf_counter()
    while time.perf_counter() - began < _PATIENCE:
        words = log.read_text(encoding="utf-8").split()
        if "serving" in words[:-1]:
            return words[words.index("serving") + 1]
        time.sleep(_PAUSE)
    raise NotMeasuredError(f"portfolio serve does not say where it listens: see {log}")


def _read(page: str) -> str:
    with urllib.request.urlopen(page, timeout=_PATIENCE) as answer:  # noqa: S310 - our own server
        content: bytes = answer.read()
    return content.decode()
