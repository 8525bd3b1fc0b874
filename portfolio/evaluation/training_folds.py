"""What a model predicts for training rows when each was held out: choices are made on these, never on test rows."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import clone, is_classifier
from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold

from portfolio.evaluation.belonging import Fold, Folds, forward_folds
from portfolio.evaluation.given import group_of_rows, row_count
from portfolio.evaluation.tabular import some_rows

_FOLDS = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OutOfFold:
    """Predictions for training rows by copies that did not see them; `words` say what the folds were.

    `rows` are all rows in order, but where folds follow time the first ones are missing: nothing came before them.
    """

    rows: np.ndarray
    predictions: np.ndarray
    words: str


def out_of_fold(
    model: Any, X_train: Any, y_train: Any, *, method: str, random_state: int, groups: Any = None, time: Any = None
) -> OutOfFold:
    """Return what `method` of copies of `model` says of training rows they were not fitted on.

    Args:
        model: cloned for each fold.
        X_train: the training rows.
        y_train: their targets.
        method: such as `predict`.
        random_state: decides the folds.
        groups: the group of each row, which is then never on both sides of a fold.
        time: when each row was observed; folds then test what comes after their training rows.

    Raises:
        ValueError: there are too few rows of a class, groups or times.
    """
    y = np.asarray(y_train)
    folds, words = _folds(model, X_train, y, random_state, group_of_rows(groups, len(y)), time)
    found = [_predicted(model, X_train, y, fold, method) for fold in folds]
    rows = np.concatenate([test for _, test in folds])
    order = np.argsort(rows, kind="stable")
    return OutOfFold(rows=rows[order], predictions=np.concatenate(found)[order], words=f"{len(folds)} {words}")


def _predicted(model: Any, X_train: Any, y: np.ndarray, fold: Fold, method: str) -> np.ndarray:
    """Return what a copy fitted on one side of a fold says of the other, chances in the order of all classes."""
    train, test = fold
    try:
        fitted = clone(model).fit(some_rows(X_train, train), y[train])
        found = np.asarray(getattr(fitted, method)(some_rows(X_train, test)))
    except ValueError as error:
        raise ValueError(f"X_train: the model refuses a fold of {len(train)} training rows: {error}") from error
    if method != "predict_proba" or len(fitted.classes_) == len(classes := np.unique(y)):
        return found
    every = np.zeros((len(test), len(classes)))  # a class that the fold did not hold has no chance
    every[:, np.searchsorted(classes, fitted.classes_)] = found
    return every


def _folds(model: Any, X: Any, y: np.ndarray, seed: int, groups: Any, time: Any) -> tuple[Folds, str]:
    if time is not None:
        return forward_folds(np.asarray(time), _FOLDS), "training folds that follow time"
    most = row_count(X, "X_train") if groups is None else len(np.unique(groups))
    if groups is not None and most < 2:  # noqa: PLR2004 - one side of a fold would be empty
        raise ValueError("groups: the training rows are of one group, so no fold can hold it out")
    classify = bool(is_classifier(model))
    if classify:
        fewest = int(np.unique(y, return_counts=True)[1].min())
        if fewest < 2:  # noqa: PLR2004 - one row is either held out or learned from
            raise ValueError("y_train: a class has a single row, so no fold can hold it out")
        most = min(most, fewest)
    kinds = {(False, False): KFold, (True, False): StratifiedKFold}
    kinds |= {(False, True): GroupKFold, (True, True): StratifiedGroupKFold}
    splitter = kinds[classify, groups is not None](min(_FOLDS, most), shuffle=True, random_state=seed)
    folds = [(train, test) for train, test in splitter.split(np.zeros(len(y)), y, groups)]
    return folds, "training folds" if groups is None else "training folds of whole groups"
