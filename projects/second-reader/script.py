"""Who gets a second reader: what a referral rule costs when a missed cancer costs many needless reviews."""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from portfolio import log_figure, log_metric, log_table, params, seed, step
from portfolio.evaluation import corrected_interval

PER_100 = "per 100 patients"
UNIT = f"needless reviews {PER_100}"
DRAWN = {
    "bayes": ("naive Bayes", "C3"),
    "isotonic": ("calibrated Bayes", "C2"),
    "logistic": ("logistic regression", "C0"),
}

with step("define"):
    RATIO, N_SPLITS = params["cost_ratio"], params["splits"]
    THRESHOLD = 1 / (RATIO + 1)  # where referring and not referring cost the same
    X, y = load_breast_cancer(return_X_y=True)
    cancer = y == 0
    splits = [
        train_test_split(np.arange(len(y)), test_size=params["test_share"], stratify=cancer, random_state=seed + i)
        for i in range(N_SPLITS)
    ]
    TEST_OVER_TRAIN = len(splits[0][1]) / len(splits[0][0])
    truth = np.array([cancer[test] for _, test in splits])  # one row a split, as all arrays below
    log_metric("patients", len(y))
    log_metric("cancers", cancer.sum())
    log_metric("threshold", round(100 * THRESHOLD, 1), unit="%", method="one divided by the cost ratio plus one")


def cost(referred: np.ndarray, ratio: float = RATIO) -> np.ndarray:
    """Return each split's cost: needless reviews, and `ratio` for each missed cancer, per 100 patients."""
    return 100 * (ratio * (truth & ~referred) + (~truth & referred)).mean(axis=1)


def half_width(scores: np.ndarray) -> float:
    """Return half the 95 % interval of a mean over random splits; they share patients, so are not independent."""
    return np.ptp(corrected_interval(scores, TEST_OVER_TRAIN)) / 2


def log_mean(name: str, scores: np.ndarray, unit: str, goal: str | None = None, most: float = np.inf) -> None:
    """Log a mean over the splits with its interval; a cost or accuracy, which has a goal, is never below zero."""
    counted = f"a missed cancer counts as {RATIO} needless reviews; " if unit == UNIT else ""
    within = (0 if goal else -np.inf, most)
    method = (
        f"{counted}mean of {N_SPLITS} random splits, stratified, {truth.shape[1]} patients held out in each; "
        f"95 % corrected resampled t interval (Nadeau & Bengio 2003), {N_SPLITS - 1} degrees of freedom"
    )
    interval = corrected_interval(scores, TEST_OVER_TRAIN, within=within)
    more = {"n": N_SPLITS, "scores": scores, "splits": f"{TEST_OVER_TRAIN:.6f}:stratified splits, seed {seed}"}
    log_metric(name, scores.mean(), goal=goal, unit=unit, interval=interval, method=method, **more)


def held_out_chance(model: ClassifierMixin) -> np.ndarray:
    """Return the chance of cancer the model gives each held-out patient, having seen the others only."""
    return np.array([model.fit(X[train], cancer[train]).predict_proba(X[test])[:, 1] for train, test in splits])


with step("spot-check"):
    everyone = np.ones_like(truth)
    chance = {"logistic": held_out_chance(make_pipeline(StandardScaler(), LogisticRegression()))}
    chance["bayes"] = held_out_chance(GaussianNB())
with step("improve"):
    for method in ("isotonic", "sigmoid"):
        chance[method] = held_out_chance(CalibratedClassifierCV(GaussianNB(), method=method, ensemble=False))

with step("present"):
    rules = {  # who is referred, and in words
        "everyone": (everyone, "everyone"),
        "usual": (chance["logistic"] > 0.5, "logistic regression, above one half"),
        "logistic": (chance["logistic"] > THRESHOLD, "logistic regression, threshold from the costs"),
        "bayes": (chance["bayes"] > THRESHOLD, "naive Bayes, threshold from the costs"),
        "isotonic": (chance["isotonic"] > THRESHOLD, "naive Bayes calibrated by isotonic regression"),
        "sigmoid": (chance["sigmoid"] > THRESHOLD, "naive Bayes calibrated by a sigmoid"),
    }
    costs = {key: cost(referred) for key, (referred, _) in rules.items()}
    right = {key: 100 * (truth == referred).mean(axis=1) for key, (referred, _) in rules.items()}
    log_metric("referring_everyone", costs["everyone"].mean(), goal="minimize", unit=UNIT, n=N_SPLITS)
    named = {"logistic": "cost_of_the_less_accurate_test", "bayes": "the_more_accurate_test"}
    for key in list(rules)[1:]:
        log_mean(named.get(key, f"cost_{key}"), costs[key], UNIT, "minimize")
        log_mean(f"accuracy_{key}", right[key], "%", "maximize", most=100)
    log_mean("saved", costs["everyone"] - costs["logistic"], UNIT)
    log_mean("bayes_extra_cost", costs["bayes"] - costs["logistic"], UNIT)
    log_mean("bayes_extra_accuracy", right["bayes"] - right["logistic"], "points")
    times = costs["bayes"].mean() / costs["logistic"].mean()
    log_metric("bayes_times_cost", times.round(1), unit="times", method="ratio of the means")
    log_mean("saved_by_calibration", costs["bayes"] - costs["isotonic"], UNIT)
    gain = costs["usual"] - costs["logistic"]
    log_mean("saved_by_threshold", gain, UNIT)
    log_metric("splits_won", (gain > 0).sum(), unit=f"of {N_SPLITS} splits", n=N_SPLITS)
    # Patients who would tell such a saving from none with 80 % power, if the corrected variance falls as 1 / n.
    needed = len(y) * ((1.96 + 0.84) / 1.96 * half_width(gain) / gain.mean()) ** 2
    log_metric("patients_to_settle", round(needed, -2), method="80 % power at 5 %, from the splits' corrected variance")
    let_go = {key: 100 * truth[chance[key] <= THRESHOLD].mean() for key in DRAWN}
    for key, share in let_go.items():
        log_metric(
            f"cancer_among_let_go_{key}", share.round(1), unit="%", method="patients not referred, all splits pooled"
        )
    rows = [
        {
            "who gets a second reader": name,
            f"cost, {UNIT}": costs[key].mean().round(1),
            "± (95 %)": half_width(costs[key]).round(1),
            "accuracy, %": right[key].mean().round(1),
            "referred, %": round(100 * referred.mean(), 1),
            "cancers missed, %": round(100 * (truth & ~referred).sum() / truth.sum(), 1),
        }
        for key, (referred, name) in rules.items()
    ]
    caption = f"Means over {N_SPLITS} splits. A missed cancer costs as much as {RATIO} needless reviews."
    log_table("rules", rows, caption=caption)

    # The cost of every threshold, not of the chosen one alone.
    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    thresholds = np.geomspace(0.0005, 0.9, 80)
    for (key, (label, colour)), at in zip(DRAWN.items(), ((0.06, 80), (0.16, 36), (0.075, 9)), strict=True):
        axes.plot(thresholds, [cost(chance[key] > t).mean() for t in thresholds], color=colour, linewidth=2)
        axes.annotate(label, at, color=colour, ha="right" if key == "isotonic" else "left")
    axes.axhline(costs["everyone"].mean(), color="0.5", linestyle="--")
    axes.annotate("a second reader for everyone", (0.0005, costs["everyone"].mean() + 1.5), color="0.5")
    for threshold, label in ((THRESHOLD, "threshold from the costs "), (0.5, "one half ")):
        axes.axvline(threshold, color="0.5", linewidth=1, linestyle=":")
        axes.annotate(label, (threshold, 100), color="0.5", ha="right", va="top")
    axes.set(xscale="log", ylim=(0, 102), xlabel="refer above this chance of cancer", ylabel=f"cost, {UNIT}")
    axes.set_xticks([0.001, 0.01, 0.1, 0.5], ["0.1 %", "1 %", "10 %", "50 %"])
    axes.minorticks_off()
    log_figure(
        "cost_curve",
        figure,
        caption="At the threshold that follows from the costs, logistic regression costs "
        f"{costs['logistic'].mean():.1f} {PER_100} and naive Bayes {costs['bayes'].mean():.1f}, although naive Bayes "
        f"is {(right['bayes'] - right['logistic']).mean():.1f} points more accurate there. Calibrated, it costs "
        f"{costs['isotonic'].mean():.1f}.",
        alt="Mean cost against referral threshold for three models. Logistic regression is cheapest near the threshold "
        f"from the costs, far below the line of referring everyone at {costs['everyone'].mean():.1f}. Naive Bayes "
        "climbs steadily and is above that line there; calibrated, it stays low until just before one half.",
    )

    # Reliability: of the patients given about this chance, how many have cancer?
    figure, panels = plt.subplots(1, 3, figsize=(7, 2.8), layout="constrained", sharey=True)
    for axes, (key, (label, colour)) in zip(panels, DRAWN.items(), strict=True):
        group = np.digitize(chance[key], [THRESHOLD, 0.15, 0.3, 0.5, 0.7, 0.85]).ravel()
        patients = np.bincount(group)
        given, found = (np.bincount(group, weights=w.ravel()) / patients for w in (chance[key], truth))
        axes.plot([0, 1], [0, 1], color="0.5", linestyle="--", linewidth=1)
        axes.plot(given, found, color=colour)
        axes.scatter(given, found, 600 * patients / patients.sum(), color=colour)
        axes.annotate(label, (0.5, 1.14), color=colour, ha="center")
        axes.set(xlim=(-0.12, 1.12), ylim=(-0.12, 1.28), xticks=[0, 0.5, 1], yticks=[0, 0.5, 1], box_aspect=1)
    panels[0].set_ylabel("share who have cancer")
    panels[1].set_xlabel("chance of cancer the model gives (a dot's area: share of patients)")
    log_figure(
        "reliability",
        figure,
        caption=f"Of the patients whose chance naive Bayes puts below {100 * THRESHOLD:.1f} %, {let_go['bayes']:.1f} % "
        f"have cancer; after calibration {let_go['isotonic']:.1f} %, by logistic regression "
        f"{let_go['logistic']:.1f} %. The dot at the lower left decides who is let go.",
        alt="Reliability of three models on the held-out patients of all splits. Naive Bayes puts nearly everyone at "
        "zero or one and strays from the diagonal between; calibrated, it follows the diagonal; logistic regression "
        "strays less, a little too sure of benign and too unsure of malignant ones.",
    )

    # The cost ratio is assumed: what would others change, and what do these patients leave open?
    sweep = np.arange(params["ratios_swept"][0], params["ratios_swept"][1] + 1)
    at_half = np.array([cost(chance["logistic"] > 0.5, r) for r in sweep])
    swept = {key: np.array([cost(chance[key] > 1 / (r + 1), r) for r in sweep]) for key in DRAWN}
    middle, half = np.array([(gain.mean(), half_width(gain)) for gain in at_half - swept["logistic"]]).T
    settled = sweep[middle > half].min()
    log_metric("settled_from", settled, method="lowest swept cost ratio at which the saving's interval excludes zero")
    figure, (left, axes) = plt.subplots(1, 2, figsize=(7, 3.6), layout="constrained")
    left.plot(sweep, at_half.mean(axis=1), color="C1")
    left.axhline(costs["everyone"].mean(), color="0.5", linestyle="--")
    left.annotate("everyone", (50, 54), color="0.5", ha="right")
    left.annotate("one half", (50, 101), color="C1", ha="right")
    for (key, (label, colour)), height in zip(DRAWN.items(), (130, 41, 12), strict=True):
        left.plot(sweep, swept[key].mean(axis=1), color=colour)
        left.annotate(label, (38 if key == "bayes" else 50, height), color=colour, ha="right")
    left.set(ylim=(0, 155), xlabel="cost of a miss, in needless reviews", ylabel=f"cost, {UNIT}")
    axes.fill_between(sweep, middle - half, middle + half, color="C0", alpha=0.25, linewidth=0)
    axes.plot(sweep, middle, color="C0")
    axes.axhline(0, color="0.5", linestyle="--")
    axes.axvline(settled, color="0.5", linewidth=1, linestyle=":")
    axes.annotate(f"excludes zero\nfrom {settled} on", (settled - 1, 110), color="0.5", ha="right")
    axes.set(xlabel="cost of a miss, in needless reviews", ylabel="saved by leaving one half")
    log_figure(
        "sweep",
        figure,
        caption="The costlier a miss, the more calibration and threshold matter. Yet what logistic regression saves by "
        f"leaving one half has an interval (the band) that excludes zero only from a ratio of {settled} on.",
        alt=f"Left: cost against cost ratios from {sweep[0]} to {sweep[-1]}. Naive Bayes, and logistic regression "
        "at one half, climb past the line of referring everyone; calibrated naive Bayes and logistic regression at the "
        f"threshold from the costs stay low. Right: what the threshold saves; the band includes zero below {settled}.",
    )
