"""What a model predicts for the training rows when each was held out: choices are made on these, never on test rows."""

from typing import Any

import numpy as np
from sklearn.base import clone, is_classifier
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_predict

from portfolio.evaluation.given import row_count

_FOLDS = 5


def out_of_fold(model: Any, X_train: Any, y_train: Any, *, method: str, random_state: int) -> np.ndarray:
    """Return the predictions for all training rows, each by a copy of `model` that did not see the row.

    Raises:
        ValueError: a class has fewer than two training rows.
    """
    if is_classifier(model):
        fewest = int(np.unique(np.asarray(y_train), return_counts=True)[1].min())
        if fewest < 2:  # noqa: PLR2004 - one row is either held out or learned from
            raise ValueError("y_train: a class has a single row, so no fold can hold it out")
        cv: Any = StratifiedKFold(min(_FOLDS, fewest), shuffle=True, random_state=random_state)
    else:
        cv = KFold(min(_FOLDS, row_count(X_train, "X_train")), shuffle=True, random_state=random_state)
    return np.asarray(cross_val_predict(clone(model), X_train, y_train, cv=cv, method=method))
