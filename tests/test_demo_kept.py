"""A model that keeps rows of its training data is found out, wherever in it they lie."""

from typing import Any

import numpy as np
import pytest
from sklearn import (
    calibration,
    ensemble,
    gaussian_process,
    impute,
    kernel_approximation,
    kernel_ridge,
    linear_model,
    model_selection,
    naive_bayes,
    neighbors,
    neural_network,
    pipeline,
    svm,
)

from portfolio.demo.kept import kept_rows

ROWS = np.random.default_rng(0).normal(size=(60, 3))
TARGET = (ROWS[:, 0] > 0).astype(int)
LOGISTIC = linear_model.LogisticRegression()
KEEPING = [
    neighbors.KNeighborsClassifier(),
    neighbors.KNeighborsRegressor(algorithm="ball_tree"),
    svm.SVC(),
    svm.NuSVC(),
    svm.SVR(),
    gaussian_process.GaussianProcessRegressor(),
    gaussian_process.GaussianProcessClassifier(),
    kernel_ridge.KernelRidge(),
    pipeline.make_pipeline(impute.KNNImputer(), LOGISTIC),
    pipeline.make_pipeline(kernel_approximation.Nystroem(n_components=5), LOGISTIC),
    calibration.CalibratedClassifierCV(svm.SVC(), cv=2),
    model_selection.GridSearchCV(neighbors.KNeighborsClassifier(), {"n_neighbors": [3]}, cv=2),
    ensemble.VotingClassifier([("rows", svm.SVC()), ("none", LOGISTIC)]),
    ensemble.BaggingClassifier(neighbors.KNeighborsClassifier(), n_estimators=2),
]
KEEPING_NONE = [
    LOGISTIC,
    naive_bayes.GaussianNB(),
    svm.LinearSVC(),
    ensemble.RandomForestClassifier(3),
    ensemble.GradientBoostingClassifier(n_estimators=2),
    ensemble.HistGradientBoostingClassifier(max_iter=2),
    neural_network.MLPClassifier((3,), solver="lbfgs"),
]


@pytest.mark.parametrize("model", KEEPING, ids=lambda model: type(model).__name__)
def test_rows_are_found(model: Any) -> None:
    assert kept_rows(model.fit(ROWS, TARGET)) > 0


@pytest.mark.parametrize("model", KEEPING_NONE, ids=lambda model: type(model).__name__)
def test_none_are_found_where_none_are(model: Any) -> None:
    assert kept_rows(model.fit(ROWS, TARGET)) == 0


def test_a_model_of_neighbours_keeps_all_its_rows() -> None:
    assert kept_rows(neighbors.KNeighborsClassifier().fit(ROWS, TARGET)) == len(ROWS)
