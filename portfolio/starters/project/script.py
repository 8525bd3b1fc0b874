"""Replace this by your own project; `python script.py` works on its own, too."""

import matplotlib.pyplot as plt
from scipy.stats import binomtest
from sklearn.datasets import load_breast_cancer
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import ConfusionMatrixDisplay
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from portfolio import log_figure, log_metric, seed, step

with step("prepare"):
    X, y = load_breast_cancer(return_X_y=True, as_frame=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, stratify=y, random_state=seed)

with step("spot-check"):
    baseline = DummyClassifier().fit(X_train, y_train)
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(X_train, y_train)

with step("present"):
    right = int((model.predict(X_test) == y_test).sum())
    interval = binomtest(right, len(y_test)).proportion_ci(method="wilson")
    log_metric("always_the_common_kind", 100 * baseline.score(X_test, y_test), unit="%", n=len(y_test))
    log_metric(
        "accuracy",
        100 * right / len(y_test),
        goal="maximize",
        interval=(100 * interval.low, 100 * interval.high),
        unit="%",
        method="held-out rows, 95 % Wilson interval",
        n=len(y_test),
    )

    figure, axes = plt.subplots(figsize=(5, 4), layout="constrained")
    ConfusionMatrixDisplay.from_estimator(model, X_test, y_test, ax=axes, colorbar=False, cmap="Blues")
    log_figure(
        "confusion",
        figure,
        alt="Confusion matrix of the held-out rows",
        caption=f"{len(y_test) - right} of {len(y_test)} held-out rows are misread.",
    )
