"""What a script may call, written to the run's folder in a build and printed outside one.

Only the standard library is imported here, so a script pays nothing for `import portfolio`.
"""

from portfolio.log.drawn import UndrawnError
from portfolio.log.sink import EVENTS, INPUTS, RUN_FOLDER, FigureSaver, Log, begin, current, save_light
from portfolio.log.verbs import (
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

__all__ = [
    "EVENTS",
    "INPUTS",
    "RUN_FOLDER",
    "FigureSaver",
    "Log",
    "Params",
    "UndrawnError",
    "begin",
    "current",
    "log_artifact",
    "log_figure",
    "log_metric",
    "log_metrics",
    "log_model",
    "log_table",
    "log_text",
    "save_light",
    "step",
]
