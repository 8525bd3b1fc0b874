"""What an estimator itself gives away: fitted too early, tuned to the edge, unseeded, or better where it learned."""

import warnings
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone, is_classifier, is_regressor

from portfolio.evaluation.given import is_fitted
from portfolio.evaluation.tabular import listed, some_rows

PASS, WARN, NOT_APPLICABLE, NOT_CHECKED = "pass", "warn", "not applicable", "not checked"
Finding = tuple[str, str]
_FITS_ON = 500
_TRIED = 3
_GAP = 0.1


def fitted_estimator(estimator: Any, X_train: Any, y_train: Any, X_test: Any) -> Finding:
    """Check that the estimator has seen no row before the split; where it has, say whether other rows were among them.

    Cross-validation that meets fitted parts learns nothing from its own folds (scikit-learn, "Common pitfalls").
    """
    if not is_fitted(estimator):
        return PASS, "handed over unfitted"
    learned = learned_elsewhere(estimator, X_train, y_train, X_test)
    if learned is None:
        return WARN, "fitted already, on rows that cannot be seen; hand over an unfitted one"
    if learned:
        return WARN, "fitted already, and a copy fitted on the training rows predicts otherwise: it saw other rows"
    return (
        WARN,
        "fitted already, though a copy fitted on the training rows predicts the same; hand over an unfitted one",
    )


def learned_elsewhere(fitted: Any, X_train: Any, y_train: Any, X_test: Any) -> bool | None:
    """Return whether a copy fitted on the training rows predicts otherwise on the test rows; None where none can."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the script's own fit says them
            old, new = _answers(fitted, X_test), _answers(clone(fitted).fit(X_train, y_train), X_test)
    except (ValueError, TypeError, AttributeError):
        return None
    if old.dtype.kind in "fc" and new.dtype.kind in "fc":
        return not (old.shape == new.shape and np.allclose(old, new, rtol=1e-6, atol=1e-9))
    return not np.array_equal(old, new)


def edge_of_grid(estimator: Any) -> Finding:
    """Check that no search in the estimator ended at the first or last value it tried."""
    searches = [part for part in parts(estimator) if hasattr(part, "cv_results_") and hasattr(part, "best_params_")]
    if not searches:
        return NOT_APPLICABLE, "no fitted search"
    edges = [edge for search in searches for edge in _edges(search)]
    if edges:
        return WARN, f"best at the edge of what was tried: {listed(edges)}; try values beyond"
    return PASS, "the best values lie within what was tried"


def _edges(search: Any) -> Iterator[str]:
    for name, best in search.best_params_.items():
        tried = [value for value in search.cv_results_[f"param_{name}"] if _is_number(value)]
        values = sorted(set(tried))
        if not _is_number(best) or len(values) < _TRIED or best not in (values[0], values[-1]):
            continue
        # One neighbour, a leaf of one row, a share of all: nothing lies beyond.
        last_share = values[0] >= 0 and values[-1] == 1 and isinstance(best, float)
        first_count = best == 1 and not isinstance(best, float | np.floating)
        nothing_beyond = last_share if best == values[-1] else (best == 0 or first_count)
        if not nothing_beyond:
            yield f"{name} = {best:g}"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool | np.ma.core.MaskedConstant)


def unseeded(estimator: Any, X: pd.DataFrame | np.ndarray, y: Any) -> Finding:
    """Check whether two fits of the same unseeded estimator predict the same; many never use their `random_state`."""
    names = sorted({type(part).__name__ for part in parts(estimator) if _lacks_seed(part)})
    if not names:
        return PASS, "nothing in it is left to chance without a seed"
    rows = np.sort(np.random.default_rng(0).permutation(len(y))[:_FITS_ON])
    some, target = some_rows(X, rows), some_rows(y, rows)
    before = np.random.get_state()  # noqa: NPY002 - what an unseeded estimator draws from
    try:
        answers = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the script's own fit says them
            for seed in (1, 2):
                np.random.seed(seed)  # noqa: NPY002
                answers.append(_answers(clone(estimator).fit(some, target), some))
    except (ValueError, TypeError, AttributeError) as error:
        return NOT_CHECKED, f"a copy could not be fitted: {str(error).splitlines()[0]}"
    finally:
        np.random.set_state(before)  # noqa: NPY002
    if np.array_equal(answers[0], answers[1]):
        return PASS, f"random_state=None ({listed(names)}), yet two fits predict the same"
    return WARN, f"two fits predict differently: give random_state to {listed(names)}"


def _lacks_seed(part: Any) -> bool:
    return "random_state" in part.get_params(deep=False) and part.get_params(deep=False)["random_state"] is None


def _answers(fitted: Any, X: Any) -> np.ndarray:
    ask = fitted.predict_proba if hasattr(fitted, "predict_proba") else fitted.predict
    return np.asarray(ask(X))


def train_test_gap(fitted: Any, X_train: Any, X_test: Any, y_train: Any, y_test: Any) -> Finding:
    """Check that a fitted model does not do far better where it learned: by accuracy or R², allowing for chance."""
    if not (is_classifier(fitted) or is_regressor(fitted)):
        return NOT_APPLICABLE, "neither a classifier nor a regressor"
    score = _accuracy if is_classifier(fitted) else _r2
    name = "accuracy" if is_classifier(fitted) else "R²"
    try:
        known, new = np.asarray(fitted.predict(X_train)), np.asarray(fitted.predict(X_test))
    except ValueError as error:
        return NOT_CHECKED, f"it could not predict: {str(error).splitlines()[0]}"
    train, test = score(np.asarray(y_train), known), score(np.asarray(y_test), new)
    random = np.random.default_rng(0)
    draws = [random.integers(len(new), size=len(new)) for _ in range(200)]
    spread = np.std([score(np.asarray(y_test)[rows], new[rows]) for rows in draws])
    said = f"{name} {train:.3f} on the training rows, {test:.3f} on the test rows"
    return (WARN if train - test > _GAP + 2 * spread else PASS), said


def _accuracy(truth: np.ndarray, predicted: np.ndarray) -> float:
    return float(np.mean(truth.ravel() == predicted.ravel()))


def _r2(truth: np.ndarray, predicted: np.ndarray) -> float:
    total = np.sum((truth - truth.mean(axis=0)) ** 2)
    return float(1 - np.sum((truth.ravel() - predicted.ravel()) ** 2) / total) if total else 0.0


def parts(estimator: Any) -> Iterator[Any]:
    """Yield the estimator and all it is made of, those inside a fitted search or pipeline too."""
    seen: set[int] = set()
    waiting = [estimator]
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, Mapping):
            waiting.extend(part.values())
        elif isinstance(part, list | tuple):
            waiting.extend(part)
        elif hasattr(part, "get_params") and not isinstance(part, type):
            yield part
            waiting.extend(part.get_params(deep=False).values())
