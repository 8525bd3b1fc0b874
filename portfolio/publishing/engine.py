"""The site engine: one function from a docs tree to a staged folder. MkDocs with Material, or Zensical if asked.

MkDocs takes longer to import than to build a few pages, so its process can be started before there is anything to
build: it imports and waits. Nothing it will do depends on when it was started.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from pathlib import Path

from portfolio.errors import SiteError

SECONDS = 600
"""The engine is ended after this time; a thousand pages take well under a minute."""
_COMMAND = (sys.executable, "-P", "-m", "portfolio.publishing.engine_process")
_KILLED = -signal.SIGKILL
MKDOCS, ZENSICAL = ENGINES = ("mkdocs", "zensical")
SETTINGS = {
    "NO_MKDOCS_2_WARNING": "1",
    "PYTHONUTF8": "1",
    "PYTHONWARNINGS": "ignore",
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "0",  # else the day of the build stands in the site
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What an engine is to build."""

    configuration: Path
    """MkDocs' own; it names the docs tree."""
    staged: Path
    """The folder to fill."""
    folder: Path
    """The working directory, so that a path an author's hook opens means the same wherever we are started."""
    templates: Path
    """Where compiled templates are remembered."""
    engine: str = MKDOCS
    """One of `ENGINES`."""


class Engine:
    """A process that has MkDocs ready, or is getting it ready, and builds one site."""

    def __init__(self) -> None:
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        reading, writing = os.pipe()
        self._orders = os.fdopen(writing, "wb", buffering=0)
        self._process = subprocess.Popen(
            _COMMAND,
            stdin=reading,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **SETTINGS},
            process_group=0,
        )
        os.close(reading)
        self._has_order = False

    @property
    def waits(self) -> bool:
        """Whether it can still be given its one order."""
        return not self._has_order and self._process.poll() is None

    def accept(self, order: Order) -> bool:
        """Give it its order; return whether it was there to hear it."""
        self._has_order = True
        words = {field.name: str(getattr(order, field.name)) for field in fields(order)}
        try:
            self._orders.write(json.dumps(words).encode() + b"\n")
        except BrokenPipeError:
            return False
        return True

    def wait(self) -> tuple[int, bytes]:
        """Return its exit code and all it said.

        Raises:
            SiteError: it took too long; it was ended.
        """
        try:
            code = self._process.wait(timeout=SECONDS)
        except subprocess.TimeoutExpired as error:
            raise SiteError(f"MkDocs was still building after {SECONDS} s") from error
        finally:
            self._end()
        self._output.seek(0)
        return code, self._output.read()

    def close(self) -> None:
        """End it, whatever it does; nothing of its group is left."""
        self._end()
        self._output.close()

    def _end(self) -> None:
        """Kill the group before its leader is reaped: until then its number cannot be given to anybody else."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._orders.close()


@contextmanager
def warm_engine() -> Iterator[Engine]:
    """Give an engine that gets ready while something else is done; it ends with the block, used or not."""
    engine = Engine()
    try:
        yield engine
    finally:
        engine.close()


class Standby:
    """Keeps one engine ready for as long as somebody may ask for a site again and again."""

    def __init__(self) -> None:
        self._engine = Engine()

    @contextmanager
    def take(self) -> Iterator[Engine]:
        """Give the engine that is ready; behind the block there is one again, the same if it was not used."""
        try:
            yield self._engine
        finally:
            if not self._engine.waits:
                self._engine.close()
                self._engine = Engine()

    def close(self) -> None:
        """End the engine that waits."""
        self._engine.close()


def build_site(order: Order, log: Path, engine: Engine | None = None) -> None:
    """Build a site, strictly; the engine's words go to `log`. An engine that was killed is as good as none.

    Raises:
        SiteError: the engine failed, warned or took too long; its words are in the message.
    """
    if order.engine == ZENSICAL:
        from portfolio.publishing.zensical import build_with_zensical  # noqa: PLC0415 - it needs what is said here

        build_with_zensical(order, log)
        return
    code, said = _KILLED, b""
    if engine is not None and engine.waits and engine.accept(order):
        code, said = engine.wait()
    if code < 0:
        with warm_engine() as fresh:
            fresh.accept(order)
            code, said = fresh.wait()
    log.write_bytes(said)
    if code != 0:
        raise SiteError(f"MkDocs could not build the site:\n{_complaints(said)}", hint=_HINT)


_HINT = "the last good site is kept; look for the line above in mkdocs.yml, site_templates/ or the page it names"


def _complaints(said: bytes) -> str:
    """Return the lines in which MkDocs says what is wrong."""
    lines = said.decode("utf-8", errors="replace").splitlines()
    told = [line for line in lines if line.startswith(("WARNING", "ERROR", "Error", "Aborted", "Config"))]
    return "\n".join(f"  {line.strip()}" for line in (told or lines)[-15:])
