"""What happens around the imports of a script: seeds, figure style and capture are set when a library is imported."""

import importlib.abc
import importlib.machinery
import importlib.util
import random
import sys
import types
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from portfolio import log
from portfolio.running import observe
from portfolio.running.capture import FigureCapture
from portfolio.statements import statement_at

AGG_CANNOT_SHOW = r"FigureCanvasAgg is non-interactive"


def install(*, seed: int, style: str | None, capture: FigureCapture) -> None:
    """Seed, and arrange for libraries to be seeded, styled and captured once the script imports them."""
    random.seed(seed)
    after: dict[str, Callable[[Any], None]] = {
        "numpy": partial(_seed_numpy, seed),
        "torch": partial(_seed_torch, seed),
        "matplotlib": partial(_use_style, style),
        "matplotlib.pyplot": capture.attach,
    }
    sys.meta_path.insert(0, _AfterImport(after))
    warnings.showwarning = _log_warning
    warnings.filterwarnings("ignore", AGG_CANNOT_SHOW)


class _AfterImport(importlib.abc.MetaPathFinder):
    """Calls a function with a module right after its first import; finding and loading stay the others' work."""

    def __init__(self, after: Mapping[str, Callable[[Any], None]]) -> None:
        self._after = dict(after)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        call = self._after.pop(fullname, None)
        if call is None:
            return None
        spec = importlib.util.find_spec(fullname) if path is None else self._find_below(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _CallingLoader(spec.loader, call)
        return spec

    def _find_below(
        self, fullname: str, path: Sequence[str], target: types.ModuleType | None
    ) -> importlib.machinery.ModuleSpec | None:
        return importlib.machinery.PathFinder.find_spec(fullname, path, target)


class _CallingLoader(importlib.abc.Loader):
    """The real loader, and a call after it has executed the module."""

    def __init__(self, loader: Any, call: Callable[[Any], None]) -> None:
        self._loader = loader
        self._call = call

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType | None:
        created: types.ModuleType | None = self._loader.create_module(spec)
        return created

    def exec_module(self, module: types.ModuleType) -> None:
        module.__spec__.loader = self._loader  # type: ignore[union-attr]
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._call(module)


def _seed_numpy(seed: int, numpy: Any) -> None:
    numpy.random.seed(seed)


def _seed_torch(seed: int, torch: Any) -> None:
    torch.manual_seed(seed)


def _use_style(style: str | None, matplotlib: Any) -> None:
    if style:
        matplotlib.rc_file(style, use_default_template=False)


def _log_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: Any = None,  # noqa: ARG001 - the signature is Python's
    line: Any = None,  # noqa: ARG001
) -> None:
    """Keep a warning with the statement of the script that led to it, instead of a line number that moves."""
    script = getattr(sys.modules.get("__main__"), "__file__", None)
    frame: types.FrameType | None = sys._getframe(1)  # noqa: SLF001 - the only way to see who warned
    found = lineno if filename == script else None
    while frame is not None and found is None:
        found = frame.f_lineno if frame.f_code.co_filename == script else None
        frame = frame.f_back
    with observe.unseen():
        statement = statement_at(script, found) if script and found else None
    log.current().write("warning", category.__name__, message=str(message), statement=statement)
