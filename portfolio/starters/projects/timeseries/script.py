"""Replace data/demand.csv by your own series; `python script.py` works on its own, too.

Whatever is judged here was foretold from days before it: folds go forward in time and nothing is shuffled.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.model_selection import TimeSeriesSplit

from portfolio import log_figure, log_metric, log_table, step

HORIZON = 7
FOLDS = 12

with step("prepare"):
    series = pd.read_csv("data/demand.csv", parse_dates=["day"], index_col="day")["demand"]
    # Only what is known HORIZON days before: older values, and the calendar.
    table = pd.DataFrame({f"lag_{lag}": series.shift(lag) for lag in (7, 8, 14, 21, 28)})
    table["mean_of_four_weeks"] = series.shift(HORIZON).rolling(28).mean()
    table = table.join(
        pd.get_dummies(pd.DatetimeIndex(series.index).day_of_week, prefix="weekday")
        .set_index(series.index)
        .astype(float)
    )
    table = table.dropna()
    target = series.loc[table.index]

with step("spot-check"):
    rows, errors, repeated = [], [], []
    folds = TimeSeriesSplit(n_splits=FOLDS, test_size=HORIZON)
    for train, test in folds.split(table):
        # The last HORIZON days before a fold are not known either when it is foretold.
        known = train[: len(train) - HORIZON + 1]
        foretold = Ridge().fit(table.iloc[known], target.iloc[known]).predict(table.iloc[test])
        actual, last_week = target.iloc[test], table["lag_7"].iloc[test]
        errors.append(float(np.abs(actual - foretold).mean()))
        repeated.append(float(np.abs(actual - last_week).mean()))
        rows.append({"week of": actual.index[0].date().isoformat(), "model": errors[-1], "last week": repeated[-1]})

with step("present"):
    log_table("weeks", pd.DataFrame(rows).round(2), caption="Mean absolute error of each week that was foretold.")
    half = 1.96 * np.std(errors, ddof=1) / np.sqrt(FOLDS)
    method = f"mean of {FOLDS} weeks, each foretold {HORIZON} days ahead from what was before it"
    mean, splits = float(np.mean(errors)), f"forward {FOLDS} weeks"
    log_metric("last_week", float(np.mean(repeated)), goal="minimize", method=method, n=FOLDS * HORIZON)
    log_metric(
        "mean_absolute_error",
        mean,
        goal="minimize",
        interval=(mean - half, mean + half),
        method=method,
        n=FOLDS * HORIZON,
        scores=errors,
        splits=splits,
    )
    figure, axes = plt.subplots(figsize=(7, 3))
    weeks = range(1, FOLDS + 1)
    axes.plot(weeks, repeated, "o--", label="this week repeated")
    axes.plot(weeks, errors, "o-", label="model")
    axes.set(xlabel="week that was foretold", ylabel="mean absolute error", ylim=(0, None))
    axes.legend()
    alt = f"Error of {FOLDS} weeks: {mean:.1f} by the model, {np.mean(repeated):.1f} by repeating the week before."
    log_figure("weeks", figure, alt=alt, caption="Each week foretold from what was known a week before.")
