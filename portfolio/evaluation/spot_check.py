"""Several models on the same folds, each beside a baseline: which are better, and what is unclear."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from portfolio.evaluation import given
from portfolio.evaluation.comparison import Paired, compare, holm, mark, rows_to_settle, verdict
from portfolio.evaluation.figures import Dot, dot_plot
from portfolio.evaluation.folds import Scores, fold_scores
from portfolio.evaluation.intervals import corrected_interval, is_constant
from portfolio.evaluation.models import default_models, dummy, is_dummy
from portfolio.evaluation.scoring import Metric, metric_of
from portfolio.evaluation.splits import ENOUGH, Splits, chosen_splits
from portfolio.evaluation.wording import between, comparison_caption, described
from portfolio.log import current, log_figure, log_table
from portfolio.words import did_you_mean

ROPE = 0.01
COLUMNS = ("mean", "low", "high", "difference", "p_value", "mark", "p_worse", "p_same", "p_better")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpotCheck:
    """What several models scored on the same folds.

    Attributes:
        table: one row a model, the baseline first. `mean` with its corrected 95 % interval from `low` to `high`;
            `difference` from the baseline, `p_value` (Holm), `mark` (`v` better, `*` worse, as in Weka), and the
            posterior that the model is worse, the same within `rope`, or better. NaN where no test was made.
        scores: models by folds, in the same order; scikit-learn's sign, so that higher is better.
        verdicts: one row a model but the baseline: `verdict` (better, same, worse, unclear, or empty where none may be
            given), the interval `low` to `high` of the difference, `rows_needed` to settle what is unclear (0 where
            nothing is open or no number of rows would do), and `detail`.
        splits: a digest that names the folds.
        ratio: test rows over training rows of one fold.
        metric: what was scored.
        rope: differences up to this size are no difference in practice.
        n_rows: number of rows.
        method: how scores and intervals were obtained.
        notes: what a reader should know.
    """

    table: pd.DataFrame
    scores: pd.DataFrame
    verdicts: pd.DataFrame
    splits: str
    ratio: float
    metric: Metric
    rope: float
    n_rows: int
    method: str
    notes: tuple[str, ...]

    @property
    def baseline(self) -> str:
        """The name of the model that the others are compared with."""
        return str(self.table.index[0])

    @property
    def best(self) -> str:
        """The name of the model with the highest mean; that mean is optimistic, because it was chosen."""
        return str(self.table["mean"].idxmax())

    @property
    def caption(self) -> str:
        """What the comparison says, in a few sentences."""
        return comparison_caption(self.table, self.verdicts, metric=self.metric, notes=self.notes)

    def shown(self) -> pd.DataFrame:
        """Return the table with the verdict as its first column."""
        return self.table.assign(verdict=self.verdicts["verdict"]).fillna({"verdict": ""})[["verdict", *COLUMNS]]

    def logged(self) -> pd.DataFrame:
        """Return the same with the score on each fold behind; a page shows tests and folds folded."""
        folds = self.scores.set_axis([f"fold {number}" for number in range(1, self.scores.shape[1] + 1)], axis=1)
        return pd.concat([self.shown(), folds], axis=1)

    def figure(self) -> Any:
        """Return a dot plot of means and intervals, a matplotlib figure."""
        rows = self.table.iterrows()
        dots = [
            Dot(str(name), *between(row["mean"], row["low"], row["high"], metric=self.metric)) for name, row in rows
        ]
        return dot_plot(dots, label=self.metric.label, reference=dots[0].value)

    def log(self, name: str = "comparison") -> None:
        """Log table and dot plot under `name`, with a caption and an alternative text from the numbers."""
        log_table(name, self.logged(), caption=self.caption)
        log_figure(name, self.figure(), alt=described(self.table, metric=self.metric), caption=self.caption)

    def __str__(self) -> str:
        return "\n".join([f"{self.metric.name}, {self.method}", self.shown().round(3).to_string(), self.caption])


def spot_check(  # noqa: PLR0913 - scikit-learn's arguments, and the baseline
    models: Mapping[str, Any] | None,
    X: Any,
    y: Any,
    *,
    cv: Any = None,
    scoring: Any = None,
    baseline: Any = None,
    groups: Any = None,
    rope: float = ROPE,
    random_state: int | None = None,
) -> SpotCheck:
    """Score several models on the same folds and compare each with a baseline.

    Args:
        models: estimators by name, pipelines too; None tries one of each kind. Each is cloned for each fold.
        X: features, a DataFrame or an array.
        y: the target. Without models it is taken for classes where it holds no numbers or at most 20 different whole
            ones.
        cv: None for stratified 10-fold cross-validation three times (k-fold for regression, fewer folds where a class
            is small, grouped where there are groups), else what scikit-learn takes for `cv`.
        scoring: the name of a scorer or a scorer; None for accuracy or R².
        baseline: None for a dummy that looks at no feature, the name of a model, or an estimator. A dummy is always
            among the models.
        groups: the group of each row; a group is never in train and test of one fold.
        rope: differences up to this size are no difference in practice, in the unit of the scores.
        random_state: decides folds and default models; None for the seed of the run.

    Raises:
        TypeError: an argument is of the wrong type.
        ValueError: an argument does not fit; the message begins with its name.
    """
    values = given.target(X, y)
    grouped = given.group_of_rows(groups, len(values))
    if not isinstance(rope, int | float) or not 0 <= rope < math.inf:
        raise ValueError(f"rope: wants a number from 0 on, not {rope!r}")
    seed = current().seed if random_state is None else int(random_state)
    _check_models(models)
    extra = {} if baseline is None or isinstance(baseline, str) else {"baseline": _estimator("baseline", baseline)}
    classify = given.task_of({**(models or {}), **extra}, values, argument="models")
    if models is None:
        models = default_models(X, classify=classify, random_state=seed)
    lineup = _lineup(models, baseline, classify=classify)
    metric = metric_of(scoring, classify=classify)
    splits = chosen_splits(cv, values, groups=grouped, classify=classify, random_state=seed)
    scores = {
        name: fold_scores(model, X, values, splits=splits, metric=metric, argument=f"models[{name!r}]")[0]
        for name, model in lineup.items()
    }
    return _judged(scores, splits=splits, metric=metric, rope=float(rope), n_rows=len(values), notes=_came(lineup))


def _check_models(models: Any) -> None:
    if models is None:
        return
    if not isinstance(models, Mapping):
        raise TypeError(f"models: wants estimators by name, such as {{'ridge': Ridge()}}, not {type(models).__name__}")
    if not models:
        raise ValueError("models: is empty\nhint: name at least one, or give None for one of each kind")
    for name, model in models.items():
        if not isinstance(name, str) or not name.strip():
            raise TypeError(f"models: wants names that are strings, not {name!r}")
        _estimator(f"models[{name!r}]", model)


def _estimator(argument: str, model: Any) -> Any:
    if not given.is_estimator(model):
        called = f"the class {model.__name__}\nhint: {model.__name__}()" if isinstance(model, type) else repr(model)
        raise TypeError(f"{argument}: wants an estimator with fit and get_params, not {called}")
    return model


def _lineup(models: Mapping[str, Any], baseline: Any, *, classify: bool) -> dict[str, Any]:
    """Return all models, the baseline first, a dummy always among them."""
    with_dummy = dict(models)
    looks_at_nothing = [name for name, model in models.items() if is_dummy(model)]
    if not looks_at_nothing:
        free = next(name for name in ("dummy", "dummy (no features)", "dummy baseline") if name not in models)
        looks_at_nothing = [free]
        with_dummy[free] = dummy(classify=classify)
    if baseline is None:
        first = looks_at_nothing[0]
    elif isinstance(baseline, str):
        first = baseline
    else:
        first = next((name for name, model in models.items() if model is baseline), "baseline")
        if with_dummy.setdefault(first, baseline) is not baseline:
            raise ValueError("models: 'baseline' is the name of the baseline; name that model otherwise")
    if first not in with_dummy:
        near = did_you_mean(first, list(with_dummy)) or f"one of {', '.join(map(repr, with_dummy))}"
        raise ValueError(f"baseline: no model is called {first!r}\nhint: {near}")
    rest = [*(name for name in looks_at_nothing if name not in models), *models]
    return {name: with_dummy[name] for name in dict.fromkeys((first, *rest))}


def _came(lineup: Mapping[str, Any]) -> list[str]:
    fitted = [name for name, model in lineup.items() if given.is_fitted(model)]
    return [f"came fitted, was cloned and fitted anew in every fold: {', '.join(fitted)}"] if fitted else []


def _judged(
    scores: Mapping[str, Scores], *, splits: Splits, metric: Metric, rope: float, n_rows: int, notes: list[str]
) -> SpotCheck:
    first, *others = scores
    test = len(splits.folds) >= ENOUGH and not splits.in_time
    pairs = {name: compare(scores[name], scores[first], splits.ratio, rope=rope, test=test) for name in others}
    corrected = dict(zip(others, holm([pair.p_value for pair in pairs.values()]), strict=True))
    rows = [_row(scores[name], splits, metric, pairs.get(name), corrected.get(name, math.nan)) for name in scores]
    index = pd.Index(list(scores), name="model")
    still = [name for name, values in scores.items() if is_constant(values)]
    if still:
        notes.append(f"the same score on every fold, so an interval without width says nothing: {', '.join(still)}")
    method = (
        f"mean over {splits.words}, {len(splits.folds)} scores; 95 % corrected t interval (Nadeau & Bengio 2003), "
        f"{len(splits.folds) - 1} degrees of freedom"
    )
    judged = [_verdict(pairs[name], corrected[name], n_rows, len(others), rope) for name in others]
    columns = ("verdict", "difference", "low", "high", "rows_needed", "detail")
    return SpotCheck(
        table=pd.DataFrame(rows, index=index, columns=list(COLUMNS)),
        scores=pd.DataFrame(
            np.array(list(scores.values())), index=index, columns=pd.RangeIndex(len(splits.folds), name="fold")
        ),
        verdicts=pd.DataFrame(judged, index=pd.Index(others, name="model"), columns=list(columns)),
        splits=splits.digest,
        ratio=splits.ratio,
        metric=metric,
        rope=rope,
        n_rows=n_rows,
        method=method,
        notes=(*splits.notes, *notes),
    )


def _row(
    scores: NDArray[np.float64], splits: Splits, metric: Metric, pair: Paired | None, corrected: float
) -> tuple[Any, ...]:
    low, high = corrected_interval(scores, splits.ratio, within=metric.range)
    if pair is None:
        return float(scores.mean()), low, high, 0.0, math.nan, "", math.nan, math.nan, math.nan
    marked = mark(corrected, pair.difference)
    return (
        *(float(scores.mean()), low, high, pair.difference, corrected, marked),
        *(pair.p_worse, pair.p_same, pair.p_better),
    )


def _verdict(pair: Paired, corrected: float, n_rows: int, n_comparisons: int, rope: float) -> tuple[Any, ...]:
    said = verdict(pair, corrected)
    needed, detail = None, ""
    if pair.constant:
        detail = "the same difference on every fold, no test" if pair.difference else "identical on every fold, no test"
    if said == "unclear":
        needed = rows_to_settle(pair, n_rows=n_rows, n_comparisons=n_comparisons, rope=rope)
        detail = f"about {needed:,} rows would settle it" if needed else "no number of rows would settle it"
    return said, pair.difference, pair.low, pair.high, needed or 0, detail
