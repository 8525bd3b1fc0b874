"""When should a forecast be retrained: never, by the calendar, or when its errors ring an alarm?"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from demand import simulate
from marking import breaks, covered, delays, soon_after
from policies import FIRST, Ridge, calendar, on_alarm
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import KFold, TimeSeriesSplit, cross_val_score

from portfolio import log_figure, log_metric, log_table, params, seed, step
from portfolio.evaluation import corrected_interval

YEAR, MONTH, DAY = 365, 30, 1
SETTINGS = {name: params[name] for name in ("slack", "wait", "growth")}
History = dict[str, np.ndarray]


def histories(stream: int, count: int, ramp: int = 1) -> list[tuple[History, Ridge]]:
    """Simulate histories from their own stream of random numbers, each with its prepared regression."""
    drawn = [simulate(np.random.default_rng([seed, stream, number]), ramp) for number in range(count)]
    return [(history, Ridge(history, params["penalty"])) for history in drawn]


def mae(runs: list[tuple]) -> np.ndarray:
    """Return the mean absolute error of each history."""
    return np.array([np.mean(np.abs(errors)) for errors, *_ in runs])


def report(name: str, values: np.ndarray, unit: str = "units a day", **more: object) -> None:
    """Log a mean over histories; they are independent, so its 95 % t interval needs no correction."""
    ends = corrected_interval(values, 0)
    how = f"mean of {len(values)} simulated histories, 95 % t interval"
    trials = f"0:{len(values)} histories drawn with seed {seed}"  # 0, for they share nothing
    log_metric(
        name, np.mean(values), unit=unit, interval=ends, method=how, n=len(values), scores=values, splits=trials, **more
    )


with step("define"):
    table = pd.read_csv("data/demand.csv")
    shown = {name: table[name].to_numpy() for name in table}
    log_metric("days", len(table), unit="days")

with step("spot-check"):  # what does validation promise for the third year, and what comes?
    forest = RandomForestRegressor(params["trees"], min_samples_leaf=2, random_state=seed)
    ways = {"shuffled": KFold(5, shuffle=True, random_state=seed), "forward": TimeSeriesSplit(3)}
    promise = {"shuffled": [], "forward": [], "got": [], "got_before_break": []}
    for history, _ in histories(1, params["forest_histories"]):
        day, y = history["day"], history["demand"]
        X = np.column_stack([day, day % 7, day % YEAR, history["temperature"], history["promotion"]])
        known, coming, unbroken = day < 2 * YEAR, day >= 2 * YEAR, (day >= 2 * YEAR) & (history["regime"] < 2)
        for name, cv in ways.items():
            folds = cross_val_score(forest, X[known], y[known], cv=cv, scoring="neg_mean_absolute_error")
            promise[name].append(-np.mean(folds))
        missed = np.abs(y - forest.fit(X[known], y[known]).predict(X))
        promise["got"].append(missed[coming].mean())
        promise["got_before_break"].append(missed[unbroken].mean())
    promise = {name: np.array(values) for name, values in promise.items()}

with step("prepare"):  # each policy's own setting, chosen on histories that are not used again
    tuning = [ridge for _, ridge in histories(2, params["tuning_histories"])]

    def best_window(every: int) -> int:
        """Return how many past days that calendar should learn from."""
        return min(params["windows"], key=lambda days: mae([calendar(ridge, every, days) for ridge in tuning]).mean())

    window = {every: best_window(every) for every in params["calendars"]}
    tried = {height: [on_alarm(ridge, height, **SETTINGS) for ridge in tuning] for height in params["thresholds"]}
    most = len(calendar(tuning[0], MONTH, YEAR)[1])  # an alarm that retrains more often than the calendar is no use
    frugal = [height for height, runs in tried.items() if np.mean([len(fits) for _, fits, _ in runs]) <= most]
    threshold = min(frugal, key=lambda height: mae(tried[height]).mean())
    log_metric("threshold", threshold)
    log_metric("window", window[MONTH], unit="days")

with step("improve"):
    trial = histories(3, params["histories"])
    by_calendar = {every: [calendar(ridge, every, days) for _, ridge in trial] for every, days in window.items()}
    runs = {
        "never": [calendar(ridge, len(ridge.demand), YEAR) for _, ridge in trial],
        "last_week": [(history["demand"][FIRST:] - history["demand"][FIRST - 7 : -7], []) for history, _ in trial],
        "monthly": by_calendar[MONTH],
        "alarm": [on_alarm(ridge, threshold, **SETTINGS) for _, ridge in trial],
        "daily": by_calendar[DAY],
        "told": [on_alarm(ridge, threshold, **SETTINGS, told=breaks(history["regime"])) for history, ridge in trial],
    }
    error = {name: mae(outcomes) for name, outcomes in runs.items()}
    fits = {name: np.mean([len(outcome[1]) for outcome in outcomes]) for name, outcomes in runs.items()}
    saving = {1: error["monthly"] - error["alarm"]}  # by the days a break takes to come
    for ramp in params["ramps"]:
        slow = [ridge for _, ridge in histories(4, params["gradual_histories"], ramp)]
        by_month = mae([calendar(ridge, MONTH, window[MONTH]) for ridge in slow])
        saving[ramp] = by_month - mae([on_alarm(ridge, threshold, **SETTINGS) for ridge in slow])

    # What only a simulation can tell: how late the alarm is, how often it rings in vain, where intervals fail.
    late, in_vain, coverage, after = [], [], {name: [] for name in runs}, {name: [] for name in runs}
    since = np.arange(FIRST + params["memory"], len(table))
    for number, (history, _) in enumerate(trial):
        truth, alarms = breaks(history["regime"]), np.array(runs["alarm"][number][2])
        late.append(delays(truth, alarms, never=YEAR))
        in_vain.append(np.sum(~soon_after(truth, alarms, params["found_within"])) / 2)  # in two years
        for name, outcomes in runs.items():
            held = 100 * covered(outcomes[number][0], params["memory"], params["level"] / 100)
            coverage[name].append(held.mean())
            after[name].append(held[soon_after(truth, since, params["after"])].mean())
    late = np.array(late)

with step("present"):
    report("promised_shuffled", promise["shuffled"])
    report("promised_forward", promise["forward"])
    report("forest_got", promise["got"], baseline=promise["shuffled"].mean())
    report("forest_got_before_break", promise["got_before_break"])
    report("promised_share", 100 * promise["shuffled"] / promise["got"], unit="%")
    known_as = {
        "never": "never_retraining",
        "last_week": "same_as_last_week",
        "monthly": "retraining_every_month",
        "alarm": "forecast_error_when_retraining_on_alarm",
        "daily": "retraining_every_day",
        "told": "retraining_when_told_of_the_break",
    }
    for name, metric in known_as.items():
        baseline = error["monthly"].mean() if name == "alarm" else None
        report(metric, error[name], goal="minimize", baseline=baseline)
        if name in ("monthly", "alarm", "daily"):
            log_metric(f"retrainings_{name}", round(fits[name], 1), unit="retrainings")
    for ramp, values in saving.items():
        report("saving_by_alarm" if ramp == 1 else f"saving_by_alarm_over_{ramp}_days", values, goal="maximize")
    report("alarm_over_daily", error["alarm"] - error["daily"])
    report("price_of_not_knowing", error["alarm"] - error["told"])
    log_metric("histories_better", np.sum(saving[1] > 0), n=len(trial))
    log_metric("histories", len(trial), unit="histories")
    report("delay_level", late[:, 0], unit="days")
    report("delay_weekly", late[:, 1], unit="days")
    log_metric("found", 100 * np.mean(late < params["found_within"]), unit="%", n=late.size)
    report("in_vain", np.array(in_vain), unit="alarms a year")
    for name in ("monthly", "alarm"):
        report(f"coverage_{name}", np.array(coverage[name]), unit="%")
        report(f"coverage_after_{name}", np.array(after[name]), unit="%")

    words = {
        "never": "never retrained",
        "last_week": "same as last week, no model",
        "monthly": "every month",
        "alarm": "on alarm",
        "daily": "every day",
        "told": "told the day of the break",
    }
    rows = [
        {
            "Retrained": words[name],
            "Times": f"{fits[name]:.0f}",
            "Error (units a day)": f"{error[name].mean():.2f}",
            f"{params['level']} % intervals hold (%)": f"{np.mean(coverage[name]):.0f}",
            f"in the {params['after']} days after a break (%)": f"{np.mean(after[name]):.0f}",
        }
        for name in words
    ]
    caption = "After a break intervals hold less often than they should: they are made of errors from before it."
    log_table("policies", rows, caption=caption)

    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    counts = [len(outcomes[0][1]) for outcomes in by_calendar.values()]
    means = [mae(outcomes).mean() for outcomes in by_calendar.values()]
    axes.plot(counts, means, "o-", color="C0")
    for every, count, height in zip(by_calendar, counts, means, strict=True):
        near = {"xytext": (5, 5), "textcoords": "offset points", "color": "C0"}
        axes.annotate(f"every {every} days" if every > 1 else "every day", (count, height), **near)
    axes.plot(fits["alarm"], error["alarm"].mean(), "D", color="C1", ms=9)
    axes.text(fits["alarm"] * 0.88, error["alarm"].mean(), "on alarm", color="C1", ha="right", va="center")
    axes.set(xlabel="retrainings in two years", ylabel="mean absolute error (units a day)")
    axes.set(xscale="log", xlim=(6, 1500))
    axes.minorticks_off()
    axes.set_xticks([10, 30, 100, 300, 1000], [10, 30, 100, 300, 1000])
    axes.spines[["top", "right"]].set_visible(False)
    log_figure(
        "fits_against_error",
        figure,
        alt=f"Error against the number of retrainings, on a logarithmic axis. Calendars fall from {max(means):.1f} "
        f"with {min(counts)} to {min(means):.1f} with {max(counts)}; the alarm lies far below that line, at "
        f"{error['alarm'].mean():.1f} with {fits['alarm']:.0f}.",
        caption=f"For breaks that come overnight, {fits['alarm']:.0f} retrainings on alarm do nearly what "
        f"{max(counts)} do by the calendar (mean of {len(trial)} simulated histories).",
    )

    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    ridge, days = Ridge(shown, params["penalty"]), np.arange(FIRST, len(table))
    on_its_alarm, _, alarms = on_alarm(ridge, threshold, **SETTINGS)
    smooth = {}
    for line, colour, text, up in [
        (calendar(ridge, len(table), YEAR)[0], "0.5", "never retrained", 0),
        (calendar(ridge, MONTH, window[MONTH])[0], "C0", "every month", -0.9),
        (on_its_alarm, "C1", "on alarm", 0.9),
    ]:
        smooth[text] = pd.Series(np.abs(line)).rolling(14).mean()
        axes.plot(days, smooth[text], color=colour)
        axes.text(len(table) + 6, smooth[text].iloc[-30:].mean() + up, text, color=colour, va="center")
    for day, text in zip(breaks(shown["regime"]), ("level\nmoves", "week\nchanges"), strict=True):
        axes.axvline(day, color="black", ls="--", lw=1)
        axes.text(day - 6, 28, text, ha="right", va="top")
    axes.plot(alarms, np.zeros(len(alarms)), "^", color="C1", ms=9, clip_on=False)
    axes.set(xlim=(FIRST, len(table)), ylim=(0, 28), xlabel="day", ylabel="mean absolute error of 14 days")
    axes.spines[["top", "right"]].set_visible(False)
    waits = " and ".join(map(str, delays(breaks(shown["regime"]), np.array(alarms), never=YEAR)))
    log_figure(
        "one_history",
        figure,
        alt="Mean absolute error of the last 14 days in one simulated history, with its two breaks. The model never "
        f"retrained stays at about {smooth['never retrained'].mean():.0f} after the first; the monthly and the "
        "alarmed model rise at each break and come down, the alarmed one sooner.",
        caption=f"The history of the data file: alarms (triangles) ring {waits} days after the breaks, and the error "
        "falls sooner than by the calendar.",
    )

    figure, axes = plt.subplots(figsize=(7, 3.4), layout="constrained")
    for place, values in enumerate(saving.values()):
        axes.plot(place + np.linspace(-0.2, 0.2, len(values)), np.sort(values), ".", color="C0", alpha=0.5)
        axes.plot([place - 0.28, place + 0.28], [values.mean()] * 2, color="C1", lw=3)
        axes.text(place - 0.28, values.mean() + 0.06, f"{values.mean():+.2f}", color="C1")
    axes.axhline(0, color="0.5", lw=1)
    axes.set_xticks(range(len(saving)), ["overnight", *(f"over {ramp} days" for ramp in params["ramps"])])
    axes.set(xlabel="how a break comes", ylabel="saved by the alarm\n(units a day)")
    axes.spines[["top", "right"]].set_visible(False)
    slowest = max(saving)
    log_figure(
        "saving_by_ramp",
        figure,
        alt=f"What the alarm saves against the monthly calendar, one point a history: {saving[1].mean():+.2f} units a "
        f"day on average when breaks come overnight, {saving[slowest].mean():+.2f} when they take {slowest} days.",
        caption=f"The alarm wins where change is sudden: in {np.mean(saving[1] > 0):.0%} of histories overnight, in "
        f"{np.mean(saving[slowest] > 0):.0%} when it takes {slowest} days.",
    )

    figure, axes = plt.subplots(figsize=(7, 2.6), layout="constrained")
    rows = (
        "promised by shuffled folds",
        "promised by folds in order",
        "came, until the break",
        "came, in the whole year",
    )
    order = ("shuffled", "forward", "got_before_break", "got")
    for place, name in enumerate(order):
        colour = "C0" if place < 2 else "C1"
        axes.plot(promise[name], np.full(len(promise[name]), place), "o", color=colour, alpha=0.5)
        axes.plot([promise[name].mean()] * 2, [place - 0.3, place + 0.3], color=colour, lw=3)
    axes.set_yticks(range(4), rows)
    axes.invert_yaxis()
    axes.set(xlim=(0, None), xlabel="forest's mean absolute error (units a day)")
    axes.spines[["top", "right"]].set_visible(False)
    log_figure(
        "promise",
        figure,
        alt="Error of the forest promised and come true, one point a history. On average shuffled folds promise "
        f"{promise['shuffled'].mean():.1f}, folds in order {promise['forward'].mean():.1f}; until the break comes "
        f"{promise['got_before_break'].mean():.1f}, in the whole year {promise['got'].mean():.1f} units a day.",
        caption=f"Shuffled folds promised {np.mean(promise['shuffled'] / promise['got']):.0%} of the error that came. "
        "Folds in the order of time promised nearly what came before anything broke.",
    )
