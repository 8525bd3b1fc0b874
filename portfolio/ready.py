"""Processes that get ready while other work goes on: for the site, for what authors wrote, and for the runs."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

from portfolio.publishing.engine import MKDOCS, Engine, Standby, warm_engine
from portfolio.rendering.limited import Limited

if TYPE_CHECKING:
    from portfolio.running.zygote import Zygotes


class Ready:
    """What one build has ready, or, with `keep`, what all builds of `serve` share."""

    def __init__(self, *, keep: bool = False, engine: str = MKDOCS) -> None:
        self.keeps = keep
        """Whether another build will follow."""
        self._name = engine
        self._open = ExitStack()
        self._standby = Standby() if keep else None
        is_wanted = self._standby is None and engine == MKDOCS
        self._engine = self._open.enter_context(warm_engine()) if is_wanted else None
        if self._standby:
            self._open.callback(self._standby.close)
        self.limited = self._open.enter_context(Limited())
        """Renders what authors wrote."""
        self.limited.start()
        self._zygotes: Zygotes | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    @property
    def zygotes(self) -> "Zygotes":
        """The zygotes that runs are forked from."""
        if self._zygotes is None:
            from portfolio.running.zygote import Zygotes  # noqa: PLC0415 - only where something may run

            self._zygotes = self._open.enter_context(Zygotes(keep=self.keeps))
        return self._zygotes

    @contextmanager
    def engine(self) -> Iterator[Engine | str]:
        """Give the engine for one site: one that is ready, or the name of one to start."""
        if self._standby is None:
            yield self._engine or self._name
        else:
            with self._standby.take() as engine:
                yield engine
