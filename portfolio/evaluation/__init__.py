"""What makes a number worth believing: comparisons, intervals and checks, for scripts to call."""

from portfolio.evaluation.calibration import Calibration, calibration
from portfolio.evaluation.cost import CostCurve, cost_curve
from portfolio.evaluation.data_card import DataCard, data_card
from portfolio.evaluation.holdout import Holdout, holdout
from portfolio.evaluation.importance import Importance, importance
from portfolio.evaluation.intervals import corrected_interval, wilson
from portfolio.evaluation.leakage import Leakage, leakage_checks
from portfolio.evaluation.report import Report, report
from portfolio.evaluation.residuals import Residuals, residuals
from portfolio.evaluation.same_result import SameResult, same_result
from portfolio.evaluation.scoring import Metric, metric_of
from portfolio.evaluation.spot_check import SpotCheck, spot_check
from portfolio.evaluation.sweep import Sweep, sweep

__all__ = [
    "Calibration",
    "CostCurve",
    "DataCard",
    "Holdout",
    "Importance",
    "Leakage",
    "Metric",
    "Report",
    "Residuals",
    "SameResult",
    "SpotCheck",
    "Sweep",
    "calibration",
    "corrected_interval",
    "cost_curve",
    "data_card",
    "holdout",
    "importance",
    "leakage_checks",
    "metric_of",
    "report",
    "residuals",
    "same_result",
    "spot_check",
    "sweep",
    "wilson",
]
