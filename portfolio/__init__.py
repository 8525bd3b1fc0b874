"""A portfolio of finished machine-learning projects: what a script may call.

Importing this loads next to nothing; the first name asked for loads `portfolio.log`, of the standard library alone.
"""

from typing import TYPE_CHECKING, Any

from portfolio.version import __version__

if TYPE_CHECKING:
    from portfolio.log import (
        Params,
        log_artifact,
        log_figure,
        log_metric,
        log_metrics,
        log_model,
        log_table,
        log_text,
        step,
    )

    params: Params
    seed: int

__all__ = [
    "__version__",
    "log_artifact",
    "log_figure",
    "log_metric",
    "log_metrics",
    "log_model",
    "log_table",
    "log_text",
    "params",
    "seed",
    "step",
]


def __getattr__(name: str) -> Any:
    """Answer what a script may call; `portfolio.seed` is known only once a run has begun."""
    if name not in __all__:
        raise AttributeError(f"module 'portfolio' has no attribute {name!r}")
    from portfolio import log  # noqa: PLC0415 - the command line does without

    if name == "seed":
        return log.current().seed
    value = globals()[name] = log.Params() if name == "params" else getattr(log, name)
    return value


def __dir__() -> list[str]:
    """Return what a shell completes."""
    return sorted({*globals(), *__all__})
