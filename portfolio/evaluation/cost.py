"""What wrong answers cost at every threshold: the threshold is chosen on training folds, its cost told on test rows."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from portfolio.evaluation.belonging import sides
from portfolio.evaluation.given import target
from portfolio.evaluation.holdout import N_RESAMPLES
from portfolio.evaluation.intervals import bootstrap
from portfolio.evaluation.training_folds import out_of_fold
from portfolio.evaluation.wording import ends, interval_of, number
from portfolio.log import current, log_figure, log_metric, log_table

CHOSEN = "threshold from the training folds"
_NAMES = {"false_positive", "false_negative"}
_GRID = np.linspace(0, 1, 201)


@dataclass(frozen=True, slots=True, kw_only=True)
class CostCurve:
    """Costs per 100 rows.

    `table` is indexed by rule (the chosen threshold, one half, every row positive, no row positive) with `cost` on the
    test rows, its bootstrap interval from `low` to `high`, and `false_positives` and `false_negatives` there. `curve`
    is indexed by threshold, with `training` (held-out training rows) and `test`.
    """

    table: pd.DataFrame
    curve: pd.DataFrame
    threshold: float
    positive: str
    cost: Mapping[str, float]
    n: int
    saving: tuple[float, float, float]
    folds: str
    drawn: str

    @property
    def without_model(self) -> float:
        """The cost per 100 test rows of the cheaper of treating all rows alike."""
        return float(self.table["cost"].iloc[2:].min())

    @property
    def method(self) -> str:
        """How the numbers were obtained."""
        priced = ", ".join(f"a {name.replace('_', ' ')} {number(value)}" for name, value in sorted(self.cost.items()))
        return (
            f"costs: {priced}; threshold chosen on {self.folds}, cost on {self.n} test rows; "
            f"95 % bootstrap{self.drawn}, {N_RESAMPLES:,} resamples"
        )

    @property
    def caption(self) -> str:
        """What the chosen threshold costs, and what may be said against using no model."""
        row: Any = self.table.loc[CHOSEN]
        rule = self.table["cost"].iloc[2:].idxmin()
        gain, low, high = self.saving
        told = f"Above {100 * self.threshold:.1f} % taken for {self.positive}, 100 test rows cost {number(row['cost'])}"
        told += f" ({ends(row['low'], row['high'])})"
        if low > 0:
            return f"{told}, {number(gain)} less than with {rule} ({number(low)} to {number(high)})."
        if high < 0:
            return f"{told}, {number(-gain)} more than with {rule} ({number(-high)} to {number(-low)})."
        return f"{told}; against {number(self.without_model)} with {rule} that is no clear difference."

    def figure(self) -> Any:
        """Return the cost at every threshold, for training folds and test rows."""
        figure = Figure(figsize=(5, 3.6), layout="constrained")
        axes = figure.subplots()
        axes.plot(100 * self.curve.index, self.curve["training"], color="0.5", label="training folds", linestyle=":")
        axes.plot(100 * self.curve.index, self.curve["test"], color="C0", label="test rows")
        axes.axhline(self.without_model, color="0.5", linestyle="--", linewidth=1, label="no model")
        axes.axvline(100 * self.threshold, color="C1", linewidth=1)
        axes.plot([100 * self.threshold], [float(self.table["cost"].iloc[0])], "o", color="C1", label="chosen")
        most = float(self.curve.loc[0.02:0.98].to_numpy().max())
        axes.set(xlabel=f"chance of {self.positive} above which it is acted on, %", ylabel="cost per 100 rows")
        axes.set(xlim=(0, 100), ylim=(0, 1.15 * max(most, self.without_model)))
        figure.legend(loc="outside upper center", ncols=2)
        return figure

    def log(self, name: str = "cost") -> None:
        """Log the cost and its threshold as metrics, `<name>_per_100` and `<name>_threshold`, table and figure."""
        row: Any = self.table.loc[CHOSEN]
        log_metric(
            f"{name}_per_100",
            float(row["cost"]),
            goal="minimize",
            baseline=self.without_model,
            interval=interval_of(float(row["low"]), float(row["high"])),
            unit="per 100 rows",
            method=self.method,
            n=self.n,
        )
        chosen = f"lowest cost on {self.folds}, of ties the one nearest to what the costs say of true chances"
        log_metric(f"{name}_threshold", 100 * self.threshold, unit="%", method=chosen)
        log_table(name, self.table, caption=self.caption)
        alt = (
            "Cost per 100 rows against the threshold, for training folds and test rows, with a dashed line for no model"
        )
        log_figure(name, self.figure(), alt=f"{alt}. {self.caption}", caption=self.caption)


def cost_curve(  # noqa: PLR0913 - a model, the four arrays of a split, and what ties rows together
    model: Any,
    X_train: Any,
    y_train: Any,
    X_test: Any,
    y_test: Any,
    *,
    cost: Mapping[str, float],
    groups: Any = None,
    time: Any = None,
    random_state: int | None = None,
) -> CostCurve:
    """Choose a threshold by what wrong answers cost, on training folds, and tell its cost on the test rows.

    Of chances that are true the best threshold is `fp / (fp + fn)` (Elkan 2001, "The foundations of cost-sensitive
    learning", IJCAI); estimated ones need not be, so it is searched on held-out training rows.

    Args:
        model: a classifier of two classes with `predict_proba`, fitted on the training rows. The second class,
            `model.classes_[1]`, is the positive one.
        X_train: training rows.
        y_train: their classes.
        X_test: test rows.
        y_test: their classes.
        cost: of one wrong answer of each kind, `{"false_positive": 1, "false_negative": 20}`.
        groups: the group of each row, given as `leakage_checks` takes it; whole groups are held out and resampled.
        time: when each row was observed, given likewise; folds then test what comes after their training rows.
        random_state: decides the folds and the resampled rows; None for the seed of the run.

    Raises:
        TypeError: the model gives no chances.
        ValueError: an argument does not fit; the message begins with its name.
    """
    priced = _priced(cost)
    known = target(X_train, y_train, x_name="X_train", y_name="y_train")
    new = target(X_test, y_test, x_name="X_test", y_name="y_test")
    if not hasattr(model, "predict_proba"):
        raise TypeError(f"model: {type(model).__name__} has no predict_proba, so no threshold can be set")
    if len(model.classes_) != 2:  # noqa: PLR2004 - false positives need one positive class
        raise ValueError(f"cost: wants two classes, the model has {len(model.classes_)}")
    seed = current().seed if random_state is None else random_state
    whose, when = (sides(one, name, X_train, X_test) for one, name in ((groups, "groups"), (time, "time")))
    held_out = out_of_fold(
        *(model, X_train, known),
        method="predict_proba",
        random_state=seed,
        groups=whose.train if whose else None,
        time=when.train if when else None,
    )
    learned, known = held_out.predictions[:, 1], known[held_out.rows]
    chance, positive = np.asarray(model.predict_proba(X_test))[:, 1], model.classes_[1]
    on_training = np.array([_costs(learned >= at, known == positive, priced).mean() for at in _GRID])
    on_test = np.array([_costs(chance >= at, new == positive, priced).mean() for at in _GRID])
    threshold = _cheapest(on_training, priced)
    rules = {
        CHOSEN: chance >= threshold,
        "threshold of one half": chance >= 0.5,  # noqa: PLR2004 - the usual one
        f"every row taken for {positive}": np.full(len(new), True),
        f"no row taken for {positive}": np.full(len(new), False),
    }
    truth, drawn = new == positive, _Drawn(seed, whose.test if whose else None)
    table = pd.DataFrame.from_dict(
        {name: _row(acted, truth, priced, drawn) for name, acted in rules.items()},
        orient="index",
        columns=["cost", "low", "high", "false_positives", "false_negatives"],
    )
    alike = _costs(rules[str(table["cost"].iloc[2:].idxmin())], truth, priced)
    saved = 100 * (alike - _costs(rules[CHOSEN], truth, priced))
    return CostCurve(
        table=table.rename_axis("rule"),
        curve=pd.DataFrame(
            {"training": 100 * on_training, "test": 100 * on_test}, index=pd.Index(_GRID, name="threshold")
        ),
        threshold=threshold,
        positive=str(positive),
        cost=priced,
        n=len(new),
        saving=(float(saved.mean()), *drawn.interval(saved)),
        folds=held_out.words,
        drawn=f" of {whose.n_test} whole groups" if whose else "",
    )


def _priced(cost: Any) -> Mapping[str, float]:
    if not isinstance(cost, Mapping) or set(cost) != _NAMES:
        raise ValueError('cost: wants {"false_positive": …, "false_negative": …}, what one wrong answer of each costs')
    priced = {name: float(cost[name]) for name in sorted(_NAMES)}
    if not all(np.isfinite(value) and value >= 0 for value in priced.values()) or not any(priced.values()):
        raise ValueError(f"cost: wants costs from 0 on, not both 0, not {dict(cost)}")
    return priced


def _costs(acted: np.ndarray, truth: np.ndarray, priced: Mapping[str, float]) -> np.ndarray:
    """Return the cost of each row."""
    return np.where(acted & ~truth, priced["false_positive"], 0.0) + np.where(
        ~acted & truth, priced["false_negative"], 0.0
    )


def _cheapest(costs: np.ndarray, priced: Mapping[str, float]) -> float:
    by_theory = priced["false_positive"] / sum(priced.values())
    cheapest = _GRID[costs <= costs.min() * (1 + 1e-12)]
    return float(cheapest[np.argmin(np.abs(cheapest - by_theory))])


class _Drawn:
    """How test rows are resampled."""

    def __init__(self, seed: int, groups: np.ndarray | None) -> None:
        self._seed, self._groups = seed, groups

    def interval(self, values: np.ndarray) -> tuple[float, float]:
        """Return the interval of a mean; its ends are not numbers where every resample says the same."""
        drawn = bootstrap(
            lambda rows: float(values[rows].mean()),
            len(values),
            n_resamples=N_RESAMPLES,
            random_state=self._seed,
            groups=self._groups,
        )
        return (math.nan, math.nan) if drawn.is_blind else (drawn.low, drawn.high)


def _row(
    acted: np.ndarray, truth: np.ndarray, priced: Mapping[str, float], drawn: _Drawn
) -> tuple[float, float, float, int, int]:
    costs = 100 * _costs(acted, truth, priced)
    low, high = drawn.interval(costs)
    return float(costs.mean()), low, high, int((acted & ~truth).sum()), int((~acted & truth).sum())
