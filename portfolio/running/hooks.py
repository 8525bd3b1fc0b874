"""What happens around the imports of a script: seeds, figure style and capture are set when a library is imported."""

import importlib.abc
import importlib.machinery
import os
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
from portfolio.running.shown import ShownCapture
from portfolio.statements import statement_at

AGG_CANNOT_SHOW = r"FigureCanvasAgg is non-interactive"


def install(*, seed: int, style: str | None, capture: FigureCapture, own: Sequence[str]) -> None:
    """Seed, and arrange for libraries to be seeded, styled and captured once imported: at once where they are.

    Importing a library, which is what lies outside of the folders `own`, leaves Python's random numbers where they
    were: rich, imported by scikit-learn, draws one, and results would depend on who imported it first.
    """
    random.seed(seed)
    shown = ShownCapture()
    after: dict[str, Callable[[Any], None]] = {
        "numpy": partial(_seed_numpy, seed),
        "torch": partial(_seed_torch, seed),
        "matplotlib": partial(_use_style, style),
        "matplotlib.pyplot": capture.attach,
        "plotly.basedatatypes": shown.attach_plotly,
        "altair.vegalite.v5.api": shown.attach_altair,
        "altair.vegalite.v6.api": shown.attach_altair,
    }
    for name in [name for name in after if name in sys.modules]:
        after.pop(name)(sys.modules[name])
    sys.meta_path.insert(0, _AroundImports(after, own))
    warnings.showwarning = _log_warning
    warnings.filterwarnings("ignore", AGG_CANNOT_SHOW)


class _AroundImports(importlib.abc.MetaPathFinder):
    """Sees to what happens around the first import of a module; finding and loading stay the others' work."""

    def __init__(self, after: Mapping[str, Callable[[Any], None]], own: Sequence[str]) -> None:
        self._after = dict(after)
        self._own = tuple(f"{folder}{os.sep}" for folder in own)
        self.is_within = False
        """Whether a library is just being imported: its imports are part of that."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        call = self._after.pop(fullname, None)
        if call is None and self.is_within:
            return None
        others = (finder for finder in list(sys.meta_path) if finder is not self)
        found = (finder.find_spec(fullname, path, target) for finder in others if hasattr(finder, "find_spec"))
        spec = next((spec for spec in found if spec is not None), None)
        if spec is not None and spec.loader is not None and (call or self._is_library(spec)):
            spec.loader = _Loader(spec.loader, self, call)
        return spec

    def _is_library(self, spec: importlib.machinery.ModuleSpec) -> bool:
        return spec.has_location and not (spec.origin or "").startswith(self._own)


class _Loader(importlib.abc.Loader):
    """The real loader; it keeps random numbers as they were and calls a function with the module."""

    def __init__(self, loader: Any, around: _AroundImports, call: Callable[[Any], None] | None) -> None:
        self._loader = loader
        self._around = around
        self._call = call

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType | None:
        created: types.ModuleType | None = self._loader.create_module(spec)
        return created

    def exec_module(self, module: types.ModuleType) -> None:
        module.__spec__.loader = self._loader  # type: ignore[union-attr]
        module.__loader__ = self._loader
        outer, state = self._around.is_within, random.getstate()
        self._around.is_within = True
        try:
            self._loader.exec_module(module)
        finally:
            self._around.is_within = outer
            if not outer:
                random.setstate(state)
        if self._call:
            self._call(module)

    exec_module.__code__ = exec_module.__code__.replace(co_filename="<frozen importlib._bootstrap>")
    # Else warnings about an import would be said to be about this file, and not about whoever wrote the import.


def _seed_numpy(seed: int, numpy: Any) -> None:
    numpy.random.seed(seed)


def _seed_torch(seed: int, torch: Any) -> None:
    torch.manual_seed(seed)


def _use_style(style: str | None, matplotlib: Any) -> None:
    if style:
        with observe.unseen():  # it is of the tool, read now or when the script imports matplotlib
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
