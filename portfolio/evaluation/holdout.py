"""What a fitted model scores on rows it has never seen, and how often these rows were asked."""

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from sklearn.exceptions import UndefinedMetricWarning

from portfolio.evaluation import given
from portfolio.evaluation.duplicates import stored_cells
from portfolio.evaluation.intervals import Bootstrapped, bootstrap, wilson, without_error
from portfolio.evaluation.predicted import Predicted
from portfolio.evaluation.scoring import Metric, metric_of
from portfolio.log import current
from portfolio.words import plural

N_RESAMPLES = 1000
_BLIND = "every resample says the same, so a bootstrap interval without width says nothing"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Holdout:
    """What one fitted model scored on held-out rows.

    Attributes:
        table: one row a metric: `value`, the 95 % interval from `low` to `high`, the `method` it was obtained by, and
            `n`, the number of rows. Signs are scikit-learn's: higher is better. The ends are not numbers where all
            resamples say the same and no other way is known: then nobody can tell how sure the value is.
        intervals: by metric, then by method (`wilson`, `bootstrap`): low and high, as they were computed.
        metrics: the metrics by name, with what people call them.
        times_scored: how often these rows were scored in this run, this time among them.
        notes: what a reader should know.
    """

    table: pd.DataFrame
    intervals: Mapping[str, Mapping[str, tuple[float, float]]]
    metrics: Mapping[str, Metric]
    times_scored: int
    notes: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([self.table.to_string(), *self.notes])


def holdout(
    model: Any,
    X_test: Any,
    y_test: Any,
    *,
    metrics: Sequence[str] | None = None,
    groups: Any = None,
    n_resamples: int = N_RESAMPLES,
    random_state: int | None = 0,
) -> Holdout:
    """Score a fitted model on held-out rows, with intervals over these rows.

    The rows are resampled (percentile bootstrap, see `intervals.bootstrap`), whole groups where they belong to some,
    and the model predicts once. Accuracy has Wilson's interval, with the bootstrap's beside it in `.intervals`; a mean
    recall without any error has that of `intervals.without_error`. Intervals hold for this fitted model and other rows,
    not for other training rows. Each further look at the same rows, in whatever order, is counted in the run.

    Args:
        model: a fitted estimator.
        X_test: held-out features.
        y_test: held-out target.
        metrics: names of scorers; None for accuracy with ROC AUC or balanced accuracy, or R² with mean absolute error.
        groups: the group of each row, where rows of one group resemble each other.
        n_resamples: number of resamples.
        random_state: the same one draws the same rows.

    Raises:
        TypeError: an argument is of the wrong type.
        ValueError: an argument does not fit; the message begins with its name.
    """
    y = given.target(X_test, y_test, x_name="X_test", y_name="y_test")
    if isinstance(model, type) or not hasattr(model, "predict"):
        raise TypeError(f"model: wants a fitted estimator with predict, not {model!r}")
    if not given.is_fitted(model) and hasattr(model, "get_params"):
        raise ValueError("model: is not fitted\nhint: model.fit(X_train, y_train)")
    if not isinstance(n_resamples, int) or n_resamples < 1:
        raise ValueError(f"n_resamples: wants a number from 1 on, not {n_resamples!r}")
    classify = given.classifies(model, y)
    wanted = _wanted(metrics, y, classify=classify)
    grouped = given.group_of_rows(groups, len(y))
    predicted = Predicted(model, X_test)
    times, notes = _entered(X_test, y), []
    rows, intervals = {}, {}
    for name, metric in wanted.items():
        value = predicted.score(metric, y)
        drawn = _drawn(metric, value, y, predicted, grouped, n_resamples, random_state)
        intervals[name] = _intervals(metric, value, y, drawn, grouped)
        shown, method = _shown(intervals[name], drawn, grouped)
        rows[name] = (
            value,
            *shown,
            f"held out; {method}; test rows scored {plural(times, 'time')} in this run",
            len(y),
        )
        if drawn.n_undefined:
            notes.append(f"{name}: undefined on {drawn.n_undefined} of {n_resamples:,} resamples, which are left out")
        if drawn.is_blind:
            notes.append(f"{name}: {_BLIND}")
    if grouped is not None:
        notes.append(f"approximate: {len(np.unique(grouped))} groups were resampled as wholes")
    if times > 1:
        notes.append(f"these rows were scored {times} times in this run; the best of several is optimistic")
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["value", "low", "high", "method", "n"])
    table.index.name = "metric"
    return Holdout(table=table, intervals=intervals, metrics=wanted, times_scored=times, notes=tuple(notes))


def _wanted(metrics: Sequence[str] | None, y: NDArray[Any], *, classify: bool) -> dict[str, Metric]:
    if metrics is None:
        n_classes = len(np.unique(y))
        second = "roc_auc" if n_classes == 2 else "balanced_accuracy"  # noqa: PLR2004 - a curve is of two classes
        metrics = ("accuracy", second) if classify else ("r2", "neg_mean_absolute_error")
    if isinstance(metrics, str) or not isinstance(metrics, Sequence) or not all(isinstance(m, str) for m in metrics):
        raise TypeError(f"metrics: wants a list of names of scorers, such as ['accuracy'], not {metrics!r}")
    if not metrics:
        raise ValueError("metrics: is empty")
    return {name: metric_of(name, classify=classify, argument="metrics") for name in metrics}


def _drawn(
    metric: Metric,
    value: float,
    y: NDArray[Any],
    predicted: Predicted,
    groups: NDArray[Any] | None,
    n_resamples: int,
    random_state: int | None,
) -> Bootstrapped:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        drawn = bootstrap(
            predicted.statistic(metric, y, value),
            len(y),
            n_resamples=n_resamples,
            random_state=random_state,
            groups=groups,
        )
    if drawn.n_undefined == n_resamples:
        raise ValueError(f"metrics: {metric.name!r} is undefined on every resample of y_test")
    return drawn


def _intervals(
    metric: Metric, value: float, y: NDArray[Any], drawn: Bootstrapped, groups: NDArray[Any] | None
) -> dict[str, tuple[float, float]]:
    """Return the intervals by method, the one to show first."""
    known = {"bootstrap": (drawn.low, drawn.high)}
    if groups is not None:
        return known  # the others count rows as if each told something of its own
    if metric.name == "accuracy":
        return {"wilson": wilson(round(value * len(y)), len(y)), **known}
    if metric.name == "balanced_accuracy" and value == 1:
        return {"without error": without_error(np.unique(y, return_counts=True)[1]), **known}
    return known


def _shown(
    intervals: Mapping[str, tuple[float, float]], drawn: Bootstrapped, groups: NDArray[Any] | None
) -> tuple[tuple[float, float], str]:
    """Return the interval to show, and how it was obtained."""
    method = next(iter(intervals))
    if method != "bootstrap":
        how = {"wilson": "Wilson", "without error": "Clopper-Pearson over all classes, for none was wrong"}
        return intervals[method], f"95 % {how[method]}"
    if drawn.is_blind:
        return (math.nan, math.nan), f"no interval: {_BLIND}"
    of = "" if groups is None else f" of {len(np.unique(groups))} whole groups"
    return intervals[method], f"95 % bootstrap{of}, {drawn.n_resamples:,} resamples"


def _entered(X: Any, y: NDArray[Any]) -> int:
    """Count one more look at these rows in the run's ledger and return how many there were."""
    ledger = current().scored
    digest = _digest(X, y)
    ledger[digest] = ledger.get(digest, 0) + 1
    return ledger[digest]


def _digest(X: Any, y: NDArray[Any]) -> str:
    """Return a digest of rows whatever their order, and of values whatever holds them."""
    if sparse.issparse(X):
        X = [hash(row) for row in stored_cells(X)]
    frame = pd.DataFrame(np.asarray(X).reshape(len(y), -1)).assign(y=y).infer_objects()
    numbers = frame.select_dtypes("number").columns
    frame = frame.astype(dict.fromkeys(numbers, "float64"))
    rows = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    return f"{len(rows)}:{int(rows.sum(dtype=np.uint64)):x}:{int(np.bitwise_xor.reduce(rows)):x}"
