"""A portfolio of finished machine-learning projects: what a script may call.

Importing this loads the standard library only.
"""

from typing import TYPE_CHECKING, Any

from portfolio.log import (
    Params,
    current,
    log_artifact,
    log_figure,
    log_metric,
    log_metrics,
    log_model,
    log_table,
    log_text,
    step,
)
from portfolio.version import __version__

if TYPE_CHECKING:
    seed: int

params = Params()

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
    """Answer `portfolio.seed`, which is known only once a run has begun."""
    if name == "seed":
        return current().seed
    raise AttributeError(f"module 'portfolio' has no attribute {name!r}")
