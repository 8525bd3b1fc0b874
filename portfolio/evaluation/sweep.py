"""One parameter, several values: the validation curve with its intervals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone

from portfolio.evaluation import given
from portfolio.evaluation.figures import Dot, curve
from portfolio.evaluation.folds import fold_scores
from portfolio.evaluation.intervals import corrected_interval
from portfolio.evaluation.scoring import Metric, metric_of
from portfolio.evaluation.splits import chosen_splits
from portfolio.evaluation.wording import between, described, first_place
from portfolio.log import current, log_figure, log_table
from portfolio.words import did_you_mean


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sweep:
    """Scores by the value of one parameter.

    Attributes:
        table: one row a value, in the order given: `mean` of the test rows with its corrected 95 % interval from `low`
            to `high`, and `train`, the mean of the training rows.
        scores: values by folds.
        best: the value with the highest mean, the first of several; that mean is optimistic, because it was chosen.
        on_edge: whether the best value is the smallest or the largest, so that a better one may lie beyond. False where
            values are no numbers.
        metric: what was scored.
        param: the parameter.
        splits: a digest that names the folds.
        notes: what a reader should know.
    """

    table: pd.DataFrame
    scores: pd.DataFrame
    best: Any
    on_edge: bool
    metric: Metric
    param: str
    splits: str
    notes: tuple[str, ...]

    @property
    def caption(self) -> str:
        """What the curve says, in a few sentences."""
        said = [first_place(self.table, metric=self.metric, what=f"{self.param} = ")]
        if self.on_edge:
            said.append("It is at the edge of the values tried, so a better one may lie beyond")
        return " ".join(f"{sentence[:1].upper()}{sentence[1:]}." for sentence in (*said, *self.notes))

    def figure(self) -> Any:
        """Return the validation curve, a matplotlib figure."""
        rows = self.table.iterrows()
        dots = [
            Dot(str(name), *between(row["mean"], row["low"], row["high"], metric=self.metric)) for name, row in rows
        ]
        train = [self.metric.shown(value) for value in self.table["train"]]
        return curve(dots, train, label=self.metric.label, param=self.param)

    def log(self, name: str = "sweep") -> None:
        """Log table and curve under `name`, with a caption and an alternative text from the numbers."""
        log_table(name, self.table, caption=self.caption)
        alt = described(self.table, metric=self.metric, what=self.param)
        log_figure(name, self.figure(), alt=alt, caption=self.caption)

    def __str__(self) -> str:
        return "\n".join([self.metric.name, self.table.round(3).to_string(), self.caption])


def sweep(  # noqa: PLR0913 - scikit-learn's arguments, and what is swept
    estimator: Any,
    X: Any,
    y: Any,
    *,
    param: str,
    values: Iterable[Any],
    cv: Any = None,
    scoring: Any = None,
    groups: Any = None,
) -> Sweep:
    """Score an estimator for each value of one of its parameters, on the same folds.

    Args:
        estimator: cloned for each value and fold.
        X: features.
        y: the target.
        param: the parameter, a pipeline's as `step__parameter`.
        values: the values to try, at least two.
        cv: see `spot_check`.
        scoring: see `spot_check`.
        groups: see `spot_check`.

    Raises:
        TypeError: an argument is of the wrong type.
        ValueError: an argument does not fit; the message begins with its name.
    """
    target = given.target(X, y)
    grouped = given.group_of_rows(groups, len(target))
    if not given.is_estimator(estimator):
        raise TypeError(f"estimator: wants an estimator with fit and get_params, not {estimator!r}")
    tried = _tried(estimator, param, values)
    classify = given.task_of({"estimator": estimator}, target, argument="estimator")
    metric = metric_of(scoring, classify=classify)
    splits = chosen_splits(cv, target, groups=grouped, classify=classify, random_state=current().seed)
    rows, scores = [], []
    for value in tried:
        model = clone(estimator).set_params(**{param: value})
        label = f"{param}={value!r}"
        test, train = fold_scores(model, X, target, splits=splits, metric=metric, argument=label, train=True)
        low, high = corrected_interval(test, splits.ratio, within=metric.range)
        rows.append((float(test.mean()), low, high, float(train.mean())))
        scores.append(test)
    index = pd.Index([value if isinstance(value, Real | str) else str(value) for value in tried], name=param)
    best = int(np.argmax([row[0] for row in rows]))
    return Sweep(
        table=pd.DataFrame(rows, index=index, columns=["mean", "low", "high", "train"]),
        scores=pd.DataFrame(np.array(scores), index=index, columns=pd.RangeIndex(len(splits.folds), name="fold")),
        best=tried[best],
        on_edge=_at_edge(tried, best),
        metric=metric,
        param=param,
        splits=splits.digest,
        notes=splits.notes,
    )


def _tried(estimator: Any, param: str, values: Any) -> list[Any]:
    known = sorted(estimator.get_params())
    if not isinstance(param, str) or param not in known:
        inner = (f"did you mean {name!r}?" for name in known if name.endswith(f"__{param}"))
        near = next(inner, "") or did_you_mean(str(param), known) or f"one of {', '.join(known)}"
        raise ValueError(f"param: {type(estimator).__name__} has no parameter {param!r}\nhint: {near}")
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise TypeError(f"values: wants a list of values to try, not {values!r}")
    tried = [value.item() if isinstance(value, np.generic) else value for value in values]
    if len(tried) < 2:  # noqa: PLR2004 - a curve joins two
        raise ValueError(f"values: wants at least 2, there is {len(tried)}")
    if any(left == right for place, left in enumerate(tried) for right in tried[place + 1 :]):
        raise ValueError(f"values: one is given twice: {tried}")
    return tried


def _at_edge(tried: Sequence[Any], best: int) -> bool:
    numbers = [value for value in tried if isinstance(value, Real) and not isinstance(value, bool)]
    return len(numbers) == len(tried) and tried[best] in {min(numbers), max(numbers)}
