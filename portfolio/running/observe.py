"""What a run really opens, listed by the worker's audit hook as it happens.

Every line of the list is a kind, a tab and what it is about. An absolute path: `read` for a file opened to read,
`module` for a source that Python imported, `listing` for a folder whose names were asked for. A name: `loaded` for a
top-level module looked for, found or not, `version` for a distribution whose version was read. The list is a file that
is opened to append, so forked children add to it. Blind are programs the script starts, and libraries that open files
by themselves (Arrow, HDF5).
"""

import importlib.abc
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import source_from_cache
from pathlib import Path
from typing import Any

OBSERVED = "observed.txt"
_IMPORTERS = ("<frozen importlib", "importlib/", "importlib\\", "pkgutil.py")
"""Whoever looks for modules reads sources to import them, and asks for the names in every folder on the way."""
_ACCESS = os.O_WRONLY | os.O_RDWR
_EVENTS = ("open", "os.listdir", "os.scandir")


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
        if not self.is_on or event not in _EVENTS:
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

    def looked_for(self, module: str) -> None:
        """Note that a top-level module was looked for."""
        if self.is_on:
            self._write("loaded", module)

    def _opened(self, path: Any, mode: Any, flags: int, *, is_import: bool) -> None:
        is_read = "r" in mode or "a+" in mode if isinstance(mode, str) else flags & _ACCESS != os.O_WRONLY
        if is_read:
            self._note("module" if is_import and str(path).endswith((".py", ".pyc")) else "read", path)

    def _note(self, kind: str, path: Any) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return
        name = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - Path.resolve would follow links
        if name.endswith((".dist-info/METADATA", ".egg-info/PKG-INFO")):
            self._write("version", name.split("/")[-2].partition("-")[0])
        if name.startswith(self._ignored):
            return
        if kind == "module" and name.endswith(".pyc"):
            name = source_from_cache(name)
        if name.startswith(self._own) and (kind != "read" or not name.endswith(".py")):
            return
        self._write(kind, name)

    def _write(self, kind: str, name: str) -> None:
        line = f"{kind}\t{name}\n"
        if line not in self._seen and "\n" not in name:
            self._seen.add(line)
            os.write(self._list, line.encode("utf-8", "surrogateescape"))


class Finder(importlib.abc.MetaPathFinder):
    """Finds nothing and tells what was looked for: of `importlib.import_module` no audit event speaks."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell

    def find_spec(self, fullname: str, _path: object, _target: object = None) -> None:
        """Tell the top-level name; leave the finding to others."""
        self._tell(fullname.partition(".")[0])


_observers: list[_Observer] = []


def begin(folder: Path, run: Path) -> None:
    """Begin to list in `run` what this process and its forks open besides the project's `folder`, less its sources."""
    observer = _Observer(folder, run)
    _observers.append(observer)
    sys.addaudithook(observer)
    sys.meta_path.insert(0, Finder(observer.looked_for))


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


def note_preloaded(run: Path, tried: Mapping[str, Iterable[str]]) -> None:
    """Add to a run's list what was looked for before it began, by the import that did: `preloaded`, both names."""
    with (run / OBSERVED).open("a", encoding="utf-8") as stream:
        for name in sorted(tried):
            stream.writelines(f"preloaded\t{name} {module}\n" for module in sorted(tried[name]))


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
