"""Does it matter which twenty images are labelled by hand: chosen by a program, or drawn at random?"""

import re
from collections.abc import Callable
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
from scipy import sparse
from sklearn.cluster import KMeans
from sklearn.datasets import load_digits
from sklearn.model_selection import KFold
from sklearn.neighbors import NearestNeighbors
from sklearn.svm import SVC

from portfolio import log_figure, log_metric, log_table, params, seed, step
from portfolio.evaluation import corrected_interval

FEW, BUDGETS, CHOSEN_BUDGETS = params["few"], params["budgets"], params["chosen_budgets"]
interval = partial(corrected_interval, within=(-np.inf, 100))  # of percentages, and of differences between them


def central(X: np.ndarray, k: int, random_state: int) -> tuple[np.ndarray, np.ndarray]:
    """Group X into k clusters without any label; return the row nearest to each centre, and each row's cluster."""
    clusters = KMeans(k, n_init=1, random_state=random_state).fit(X)
    return clusters.transform(X).argmin(axis=0), clusters.labels_


def spreader(X: np.ndarray, X_new: np.ndarray) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Prepare label spreading (Zhou et al. 2004) in closed form: one graph serves every choice of labelled rows."""
    neighbours = NearestNeighbors(n_neighbors=params["neighbours"]).fit(X)
    near = neighbours.kneighbors(X_new, return_distance=False)
    graph = neighbours.kneighbors_graph()
    graph = graph.maximum(graph.T)
    scale = sparse.diags_array(1 / np.sqrt(np.ravel(graph.sum(axis=1))))
    solve = sparse.linalg.splu((sparse.eye_array(len(X)) - params["alpha"] * scale @ graph @ scale).tocsc()).solve

    def predict(rows: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Let the labels of `rows` flow along the graph, then let the neighbours of each new image vote."""
        start = np.zeros((len(X), 10))
        start[rows, labels] = 1
        flow = solve(start)
        flow /= np.maximum(flow.sum(axis=1, keepdims=True), 1e-12)
        return flow[near].sum(axis=1).argmax(axis=1)

    return predict


with step("define"):
    digits = load_digits()
    X, y = digits.data / 16, digits.target
    # Everybody filled in the same form: it counts to nine three times and goes on 0955650, so those digits mark it.
    first_rows = [found.start() - 30 for found in re.finditer("0955650", "".join(map(str, y)))]
    form = np.searchsorted(first_rows, np.arange(len(y)), side="right") - 1
    forms = np.unique(form)
    log_metric("images", len(y))
    log_metric("forms", len(forms))

with step("spot-check"):
    scores = {}  # (how chosen, learner, budget) -> for each form left out, the accuracies in %
    digits_seen, label_all = [], []
    for left_out in forms:
        rng = np.random.default_rng([seed, left_out])
        pool, pool_y, new, new_y = X[form != left_out], y[form != left_out], X[form == left_out], y[form == left_out]
        spread, svm = spreader(pool, new), SVC(C=params["C"])
        draws = [rng.integers(2**31) for _ in range(params["draws"])]
        often = {k: params["random_draws_of_few" if k == FEW else "draws"] for k in BUDGETS}  # the baseline needs most
        choices = [("random", k, rng.permutation(len(pool))[:k]) for k in BUDGETS for _ in range(often[k])]
        for k in CHOSEN_BUDGETS:  # the larger ones only show in a figure where the curve goes
            choices += [("central", k, central(pool, k, draw)[0]) for draw in (draws if k == FEW else draws[:1])]
        for how, k, rows in choices:
            answers = {"spreading": spread(rows, pool_y[rows])}
            if how == "random" or k == FEW:
                answers["SVM"] = svm.fit(pool[rows], pool_y[rows]).predict(new)
            for learner, answer in answers.items():
                by_form = scores.setdefault((how, learner, k), [[] for _ in forms])
                by_form[left_out].append(100 * np.mean(answer == new_y))
            if (how, k) == ("random", FEW):
                digits_seen.append(len(np.unique(pool_y[rows])))
        label_all.append(100 * svm.fit(pool, pool_y).score(new, new_y))
    scores = {key: np.mean(by_form, axis=1) for key, by_form in scores.items()}
    usual, spread_only = scores["random", "SVM", FEW], scores["random", "spreading", FEW]
    chosen_only, best = scores["central", "SVM", FEW], scores["central", "spreading", FEW]

with step("improve"):

    def same_accuracy(learner: str, drawn: np.ndarray = forms) -> float:
        """Return how many random images bring the learner's mean curve to the accuracy of the few chosen ones."""
        curve = np.maximum.accumulate([scores["random", learner, k][drawn].mean() for k in BUDGETS])
        return np.exp(np.interp(best[drawn].mean(), curve, np.log(BUDGETS)))

    needed, needed_spread = same_accuracy("SVM"), same_accuracy("spreading")
    resamples = np.random.default_rng(seed).choice(forms, (1000, len(forms)))
    at_least = np.percentile([same_accuracy("spreading", drawn) for drawn in resamples], 5)
    shuffled = []  # the same where rows are shuffled, so that the pool holds the hand of each test image
    for pool, new in KFold(5, shuffle=True, random_state=seed).split(X):
        rows = central(X[pool], FEW, seed)[0]
        shuffled.append(100 * np.mean(spreader(X[pool], X[new])(rows, y[pool][rows]) == y[new]))

with step("present"):
    ways = [
        ("twenty_random_labels_without_spreading", f"{FEW} at random", "support vector machine", usual),
        ("twenty_random_labels", f"{FEW} at random", "label spreading", spread_only),
        ("twenty_chosen_labels_without_spreading", f"{FEW} central ones", "support vector machine", chosen_only),
        ("accuracy_with_twenty_chosen_labels", f"{FEW} central ones", "label spreading", best),
        ("accuracy_with_all_labels", "all", "support vector machine", np.array(label_all)),
    ]
    split = f"mean of {len(forms)} forms, each left out once; 95 % corrected t interval (Nadeau & Bengio 2003)"
    fewer = 1 / (len(forms) - 1)  # a pool holds all forms but one
    shared = {"n": len(forms), "splits": f"{fewer:.6f}:one form left out"}
    for name, _, _, by_form in ways:
        more = {"interval": interval(by_form, fewer), "method": split, "scores": by_form, **shared}
        baseline = spread_only.mean() if by_form is best else None
        log_metric(name, by_form.mean(), goal="maximize", unit="%", baseline=baseline, **more)
    gain = best - spread_only
    for name, points in {"gain_by_choosing": gain, "gain_by_choosing_and_spreading": best - usual}.items():
        more = {"interval": interval(points, fewer), "method": f"paired; {split}", "scores": points, **shared}
        log_metric(name, points.mean(), goal="maximize", unit="points", **more)
    log_metric("forms_better", np.sum(gain > 0), n=len(forms))
    log_metric("worst_form", round(best.min(), 1), unit="%", n=len(forms))
    meet = "where the mean curves meet, log-linear between budgets, rounded to ten"
    log_metric("random_labels_needed_without_spreading", round(needed, -1), unit="labels", method=meet)
    log_metric("random_labels_needed", round(needed_spread, -1), unit="labels", method=meet)
    bound = "one-sided 95 % bound, bootstrap over forms, 1000 resamples, rounded down to ten"
    at_least = at_least // 10 * 10
    log_metric("random_labels_at_least", at_least, unit="labels", method=bound, n=len(forms))
    how = "mean of 5 folds of shuffled rows; 95 % corrected t interval (Nadeau & Bengio 2003)"
    more = {"method": how, "n": len(shuffled), "scores": shuffled, "unit": "%"}
    log_metric("accuracy_on_shuffled_rows", np.mean(shuffled), interval=interval(shuffled, 1 / 4), **more)
    log_metric("digits_seen_at_random", round(np.mean(digits_seen), 1), n=len(digits_seen))

    columns = ("Images labelled", "Learner", "Accuracy (%)", "Worst form (%)")
    cells = [(images, learner, f"{by_form.mean():.1f}", f"{by_form.min():.1f}") for _, images, learner, by_form in ways]
    won = [f"{np.mean(by_form - usual):.0f}" for by_form in (spread_only, chosen_only, best)]
    halves = f"On forms never seen, spreading alone adds {won[0]} points, choosing alone {won[1]}, both {won[2]}."
    log_table("two_halves", [dict(zip(columns, row, strict=True)) for row in cells], caption=halves)

    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    axes.axhline(np.mean(label_all), color="0.5", lw=1)
    for images, learner, budgets, colour, words in [
        ("central", "spreading", CHOSEN_BUDGETS, "C1", "central images,\nlabels spread"),
        ("random", "spreading", BUDGETS, "C2", "random images,\nlabels spread"),
        ("random", "SVM", BUDGETS, "C0", "random images,\nsupport vectors"),
    ]:
        curve = [scores[images, learner, k].mean() for k in budgets]
        axes.plot(budgets, curve, "o-", color=colour)
        axes.text(budgets[0] * 0.93, curve[0], words, color=colour, ha="right", va="center")
    arrow = {"arrowstyle": "->", "linestyle": "--", "color": "C1", "shrinkA": 8, "shrinkB": 0}
    axes.annotate("", (needed_spread, best.mean()), (FEW, best.mean()), arrowprops=arrow)
    axes.text(BUDGETS[-1], np.mean(label_all) + 0.5, "every image labelled", color="0.5", ha="right", va="bottom")
    axes.set(xscale="log", xlim=(8, 220), ylim=(50, 103))
    axes.set(xlabel="images labelled by hand", ylabel="accuracy on a form never seen (%)")
    axes.minorticks_off()
    axes.set_xticks(BUDGETS, BUDGETS)
    axes.spines[["top", "right"]].set_visible(False)
    log_figure(
        "budget_curve",
        figure,
        alt=f"Accuracy against the number of labelled images, on a logarithmic axis. {FEW} central images with spread "
        f"labels reach {best.mean():.0f} %, {FEW} random ones {spread_only.mean():.0f} % with spread labels and "
        f"{usual.mean():.0f} % with a support vector machine.",
        caption=f"{FEW} chosen labels reach what takes about {round(needed_spread, -1):.0f} at random, or about "
        f"{round(needed, -1):.0f} with the usual classifier.",
    )

    rows, cluster = central(X, FEW, seed)
    right = np.array([100 * np.mean(y[cluster == c] == y[rows[c]]) for c in range(FEW)])
    order = np.lexsort((-np.bincount(cluster), y[rows])).reshape(2, -1)
    figure, lines = plt.subplots(2, figsize=(7, 2.6), layout="constrained")
    for axes, line in zip(lines, order, strict=True):
        framed = [np.pad(X[rows[c]].reshape(8, 8), 1, constant_values=np.nan) for c in line]
        axes.imshow(np.hstack(framed), cmap="gray_r")
        axes.set(yticks=[])
        words = [f"for {np.sum(cluster == c)},\n{right[c]:.0f} % right" for c in line]
        axes.set_xticks(10 * np.arange(len(line)) + 4.5, words, fontsize=7.5)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        for text, c in zip(axes.get_xticklabels(), line, strict=True):
            text.set_color("C3" if right[c] < 70 else "0.5")
    log_figure(
        "the_images",
        figure,
        alt=f"The {FEW} central images of all forms, sorted by digit, each with the number of images it stands for and "
        f"the share of those that show the same digit. The lowest share is {right.min():.0f} %.",
        caption=f"{FEW} images stand for {len(y):,}. For {np.sum(right >= 90)} of them at least 90 % of their group is "
        f"the same digit; {np.sum(right < 70)} (coloured) do not even reach 70 %.",
    )
