"""What makes a number worth believing: comparisons, intervals and checks, for scripts to call."""

from portfolio.evaluation.holdout import Holdout, holdout
from portfolio.evaluation.scoring import Metric, metric_of
from portfolio.evaluation.spot_check import SpotCheck, spot_check
from portfolio.evaluation.sweep import Sweep, sweep

__all__ = [
    "Holdout",
    "Metric",
    "SpotCheck",
    "Sweep",
    "holdout",
    "metric_of",
    "spot_check",
    "sweep",
]
