"""What a run really opens, listed by the worker's audit hook as it happens.

Every line of the list is a kind, a tab and an absolute path: `read` for a file opened to read, `module` for a source
that Python imported, `listing` for a folder whose names were asked for. The list is a file opened to append, so forked
children add to it. Blind are programs the script starts, and libraries that open files by themselves (Arrow, HDF5).
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import source_from_cache
from pathlib import Path
from typing import Any

OBSERVED = "observed.txt"
_IMPORTERS = ("<frozen importlib", "importlib/", "importlib\\", "pkgutil.py")
"""Whoever looks for modules reads sources to import them, and asks for the names in every folder on the way."""
_ACCESS = os.O_WRONLY | os.O_RDWR
_LISTINGS = ("os.listdir", "os.scandir")


class _Observer:
    """The hook with what it knows; it must never raise, since that would end what the script does."""

    def __init__(self, folder: Path, run: Path) -> None:
        self._own = f"{folder}{os.sep}"
        self._ignored = ignored_places(run)
        self._list = os.open(run / OBSERVED, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._seen: set[str] = set()
        self.is_on = True
        """An audit hook cannot be taken away again, only be told to look away."""

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.is_on or (event != "open" and event not in _LISTINGS):
            return
        try:
            asking = sys._getframe(1).f_code.co_filename  # noqa: SLF001 - the only way to see who asks
            is_import = any(importer in asking for importer in _IMPORTERS)
            if event == "open":
                self._opened(*arguments, is_import=is_import)
            elif not is_import:
                self._note("listing", arguments[0])
        except Exception:  # noqa: BLE001, S110 - an odd argument is the script's own trouble, in a moment
            pass

    def _opened(self, path: Any, mode: Any, flags: int, *, is_import: bool) -> None:
        is_read = "r" in mode or "a+" in mode if isinstance(mode, str) else flags & _ACCESS != os.O_WRONLY
        if is_read:
            self._note("module" if is_import and str(path).endswith((".py", ".pyc")) else "read", path)

    def _note(self, kind: str, path: Any) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return
        name = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - Path.resolve would follow links
        if name.startswith(self._ignored) or "\n" in name:
            return
        if kind == "module" and name.endswith(".pyc"):
            name = source_from_cache(name)
        if name.startswith(self._own) and (kind != "read" or not name.endswith(".py")):
            return
        line = f"{kind}\t{name}\n"
        if line not in self._seen:
            self._seen.add(line)
            os.write(self._list, line.encode("utf-8", "surrogateescape"))


_observers: list[_Observer] = []


def begin(folder: Path, run: Path) -> None:
    """Begin to list in `run` what this process and its forks open besides the project's `folder`, less its sources."""
    observer = _Observer(folder, run)
    _observers.append(observer)
    sys.addaudithook(observer)


@contextmanager
def unseen() -> Iterator[None]:
    """Leave out what the tool itself opens meanwhile."""
    for observer in _observers:
        observer.is_on = False
    try:
        yield
    finally:
        for observer in _observers:
            observer.is_on = True


def ignored_places(run: Path) -> tuple[str, ...]:
    """Return the beginnings of paths that are nobody's input.

    The run's own files, the system, and where Python, what is installed for it and this tool lie: there, versions stand
    for content.
    """
    system = ("/proc", "/sys", "/dev", "/usr", "/etc", "/lib", "/lib64", "/var", "/run")
    python = (sys.prefix, sys.base_prefix, sys.exec_prefix, str(Path(__file__).parent.parent))
    installed = (path for path in sys.path if "site-packages" in path or "dist-packages" in path)
    places = {os.path.abspath(path) for path in (str(run), *system, *python, *installed)}  # noqa: PTH100
    return tuple(f"{place}{os.sep}" for place in sorted(places))
