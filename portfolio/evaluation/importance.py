"""Which features does a fitted model lean on?"""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from sklearn.inspection import permutation_importance

from portfolio.evaluation.figures import Dot, dot_plot
from portfolio.evaluation.given import classifies, target
from portfolio.evaluation.scoring import Metric, metric_of
from portfolio.evaluation.tabular import frame_of
from portfolio.evaluation.wording import number
from portfolio.log import current, log_figure, log_table

_MOST_DRAWN = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Importance:
    """How much a score falls when one column is shuffled.

    `table` is indexed by feature, the most important first: `mean` fall over the shuffles, `low` and `high` the lowest
    and the highest fall. That range is of the shuffles only, not of other test rows.
    """

    table: pd.DataFrame
    metric: Metric
    n: int

    @property
    def caption(self) -> str:
        """The feature that matters most, or that none does."""
        leaned = int((self.table["low"] > 0).sum())
        if not leaned:
            return (
                f"No single column surely costs {self.metric.label} when shuffled; columns may stand in for each other."
            )
        top, fall = self.table.index[0], float(self.table["mean"].iloc[0])
        return (
            f"Shuffling {top} costs most, {number(fall)} in {self.metric.label}; {leaned} of {len(self.table)} columns "
            "cost something in every shuffle. Columns that stand in for each other look unimportant."
        )

    def figure(self) -> Any:
        """Return a dot plot of the most important features."""
        top = self.table[:_MOST_DRAWN]
        dots = [Dot(str(row.Index), row.mean, row.low, row.high) for row in top.itertuples()]  # type: ignore[arg-type]
        return dot_plot(dots, label=f"fall in {self.metric.label} when shuffled", reference=0.0)

    def log(self, name: str = "importance") -> None:
        """Log table and figure under `name`."""
        log_table(name, self.table, caption=self.caption)
        shown = min(len(self.table), _MOST_DRAWN)
        alt = f"Fall in {self.metric.label} when one column is shuffled, for {shown} columns from the most important "
        log_figure(name, self.figure(), alt=f"{alt}down. {self.caption}", caption=self.caption)


def importance(
    model: Any,
    X_test: Any,
    y_test: Any,
    *,
    scoring: Any = None,
    n_repeats: int = 10,
    random_state: int | None = None,
) -> Importance:
    """Measure how much each column matters to a fitted model, on rows it has not seen.

    Permutation importance: Breiman (2001), "Random forests", Machine Learning 45; computed by
    `sklearn.inspection.permutation_importance`.

    Args:
        model: a fitted estimator.
        X_test: test rows.
        y_test: their targets.
        scoring: the name of a scorer or a scorer; None for accuracy or R².
        n_repeats: how often each column is shuffled.
        random_state: decides the shuffles; None for the seed of the run.

    Raises:
        ValueError: an argument does not fit; the message begins with its name.
    """
    values = target(X_test, y_test, x_name="X_test", y_name="y_test")
    metric = metric_of(scoring, classify=classifies(model, values))
    seed = current().seed if random_state is None else random_state
    found = permutation_importance(model, X_test, values, scoring=metric.scorer, n_repeats=n_repeats, random_state=seed)
    columns = {
        "mean": found.importances_mean,
        "low": found.importances.min(axis=1),
        "high": found.importances.max(axis=1),
    }
    index = pd.Index(frame_of(X_test, "X_test").columns, name="feature")
    table = pd.DataFrame(columns, index=index).sort_values("mean", ascending=False, kind="stable")
    return Importance(table=table, metric=metric, n=len(values))
