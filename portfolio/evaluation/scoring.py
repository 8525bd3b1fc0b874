"""Metrics by scikit-learn's names: how they are called, which way is better, and which values they can take."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sklearn.metrics import get_scorer, get_scorer_names

from portfolio.words import did_you_mean

_SHARES = (
    *("accuracy", "balanced_accuracy", "top_k_accuracy", "precision", "recall", "f1", "jaccard"),
    *("roc_auc", "average_precision", "completeness_score", "homogeneity_score", "v_measure_score"),
    *("normalized_mutual_info_score", "fowlkes_mallows_score", "rand_score"),
)
_CORRELATIONS = ("matthews_corrcoef", "adjusted_rand_score")
_AT_MOST_ONE = ("r2", "explained_variance", "d2_", "adjusted_mutual_info_score")
_NOT_BELOW_ZERO = ("positive_likelihood_ratio", "mutual_info_score")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric as scikit-learn scores it: higher is better, so that errors are negative.

    `name` is scikit-learn's name of the scorer. `label` is for people and, like `shown`, for the number without the
    sign that scikit-learn gives to errors; `goal` is which way is better then.
    """

    name: str
    scorer: Any
    range: tuple[float, float]

    @property
    def negated(self) -> bool:
        """Whether scikit-learn turned an error's sign around."""
        return self.name.startswith("neg_")

    @property
    def label(self) -> str:
        """The metric's name for people."""
        known = {"roc_auc": "ROC AUC", "r2": "R²", "f1": "F1"}
        name = self.name.removeprefix("neg_")
        return known.get(name, name.replace("_", " "))

    @property
    def goal(self) -> str:
        """Which way is better of the shown number."""
        return "minimize" if self.negated else "maximize"

    def shown(self, value: float) -> float:
        """Return a score as people expect it: an error is positive."""
        return -value if self.negated else value


def metric_of(scoring: Any, *, classify: bool, argument: str = "scoring") -> Metric:
    """Return the metric that `scoring` names; None stands for accuracy of classes and R² of numbers.

    Args:
        scoring: None, a name that scikit-learn knows, or a scorer.
        classify: whether the target is a class.
        argument: what messages call it.

    Raises:
        TypeError: it is neither a string nor callable.
        ValueError: scikit-learn has no scorer of that name.
    """
    if scoring is None:
        scoring = "accuracy" if classify else "r2"
    if isinstance(scoring, str):
        known = get_scorer_names()
        if scoring not in known:
            near = did_you_mean(scoring, known) or "sklearn.metrics.get_scorer_names() lists them"
            raise ValueError(f"{argument}: scikit-learn has no scorer {scoring!r}\nhint: {near}")
        return Metric(name=scoring, scorer=get_scorer(scoring), range=_range(scoring))
    if not callable(scoring):
        raise TypeError(f"{argument}: wants the name of a scorer or a scorer, not {type(scoring).__name__}")
    name = _known_as(scoring)
    return Metric(name=name or _own_name(scoring), scorer=scoring, range=_range(name))


def _known_as(scorer: Callable[..., Any]) -> str:
    """Return scikit-learn's name of a scorer that measures the same and cannot leave the range of that one."""
    parts = ("_score_func", "_sign", "_kwargs")  # scikit-learn tells it no other way
    wanted = [getattr(scorer, part, None) for part in parts]
    same = (name for name in get_scorer_names() if [getattr(get_scorer(name), part) for part in parts] == wanted)
    return next(same, "")


def _own_name(scorer: Any) -> str:
    function = getattr(scorer, "_score_func", scorer)
    return str(getattr(function, "__name__", type(scorer).__name__))


def _range(name: str) -> tuple[float, float]:
    """Return the lowest and the highest value a scorer can return."""
    if name == "neg_brier_score":
        return -2.0, 0.0  # of several classes; a probability of one class stays above -1
    if name.startswith("neg_"):
        return -math.inf, 0.0
    if name.startswith(_CORRELATIONS):
        return -1.0, 1.0
    if name.startswith(_AT_MOST_ONE):
        return -math.inf, 1.0
    if name.startswith(_NOT_BELOW_ZERO):
        return 0.0, math.inf
    return (0.0, 1.0) if name.startswith(_SHARES) else (-math.inf, math.inf)
