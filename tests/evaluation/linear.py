"""Linear discriminant analysis of two classes by sums that add up over folds, so that a thousand fits take a second."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Counts, sums and cross-products of each class, `m` sets of rows at once: (m, 2), (m, 2, d), (m, d, d)."""

    counts: Floats
    sums: Floats
    products: Floats


def fitted(found: Sums) -> tuple[Floats, Floats]:
    """Return weights (m, d) and constants (m,) of the rule that says class 1 where `X @ w + b > 0`."""
    means = found.sums / found.counts[..., None]
    scatter = found.products - np.einsum("mc,mci,mcj->mij", found.counts, means, means)
    covariance = scatter / found.counts.sum(axis=1)[:, None, None]  # as scikit-learn has it
    weights = np.linalg.solve(covariance, (means[:, 1] - means[:, 0])[..., None])[..., 0]
    middle = np.einsum("mi,mi->m", weights, means.mean(axis=1))
    return weights, np.log(found.counts[:, 1] / found.counts[:, 0]) - middle


def fit(X: Floats, y: NDArray[np.intp]) -> tuple[Floats, float]:
    weights, constants = fitted(_sums(X, y, np.zeros(len(y), dtype=int), 1))
    return weights[0], float(constants[0])


def accuracies(X: Floats, y: NDArray[np.intp], *, k: int, repeats: int, rng: np.random.Generator) -> Floats:
    """Return the accuracy of each fold of stratified k-fold cross-validation, repeated."""
    return np.concatenate([_fold_means(_hits(X, y, fold, k), fold, k) for fold in _folds(y, k, repeats, rng)])


def nested_interval(
    X: Floats, y: NDArray[np.intp], *, k: int, repeats: int, rng: np.random.Generator
) -> tuple[float, float]:
    """Return the 95 % interval of nested cross-validation.

    Source: Bates, Hastie & Tibshirani (2024), "Cross-validation: what does it estimate and how well does it do it?",
    JASA 119, algorithm 1 with the bias and the bounds of section 4.3.
    """
    squares, variances, inner_means, outer_means, spreads = [], [], [], [], []
    for fold in _folds(y, k, repeats, rng):
        hits = _hits(X, y, fold, k)
        sizes = np.bincount(fold, minlength=k)
        inner = _inner_hits(X, y, fold, k)
        outer = _fold_means(hits, fold, k)
        means = (inner.sum(axis=1) / (len(y) - sizes)).astype(float)
        squares.append((means - outer) ** 2)
        variances.append([hits[fold == j].var(ddof=1) / sizes[j] for j in range(k)])
        inner_means.append(means.mean())
        outer_means.append(hits.mean())
        spreads.append(hits.std(ddof=1) / np.sqrt(len(y)))
    naive = float(np.mean(spreads))
    mse = float(np.mean(squares) - np.mean(variances))
    error = min(max(np.sqrt(max(mse, 0) * (k - 1) / k), naive), naive * np.sqrt(k))
    bias = (1 + (k - 2) / k) * (np.mean(inner_means) - np.mean(outer_means))
    centre, half = float(np.mean(inner_means) - bias), float(stats.norm.ppf(0.975) * error)
    return centre - half, centre + half


def _folds(y: NDArray[np.intp], k: int, repeats: int, rng: np.random.Generator) -> list[NDArray[np.intp]]:
    """Return the fold of each row, once a repetition: each class is shuffled and dealt out."""
    dealt = []
    for _ in range(repeats):
        order = rng.permutation(len(y))
        order = order[np.argsort(y[order], kind="stable")]
        fold = np.empty(len(y), dtype=int)
        fold[order] = np.arange(len(y)) % k
        dealt.append(fold)
    return dealt


def _sums(X: Floats, y: NDArray[np.intp], fold: NDArray[np.intp], k: int) -> Sums:
    d = X.shape[1]
    counts, sums, products = np.zeros((k, 2)), np.zeros((k, 2, d)), np.zeros((k, d, d))
    for j in range(k):
        rows, classes = X[fold == j], y[fold == j]
        counts[j] = np.bincount(classes, minlength=2)
        sums[j] = [rows[classes == c].sum(axis=0) for c in (0, 1)]
        products[j] = rows.T @ rows
    return Sums(counts=counts, sums=sums, products=products)


def _without(found: Sums, left_out: Floats) -> Sums:
    """Return the sums of all folds but those marked in each row of `left_out`, (m, k)."""
    kept = 1 - left_out
    return Sums(
        counts=np.einsum("mk,kc->mc", kept, found.counts),
        sums=np.einsum("mk,kci->mci", kept, found.sums),
        products=np.einsum("mk,kij->mij", kept, found.products),
    )


def _hits(X: Floats, y: NDArray[np.intp], fold: NDArray[np.intp], k: int) -> NDArray[np.bool_]:
    """Return whether each row is classified rightly by the model that did not see its fold."""
    weights, constants = fitted(_without(_sums(X, y, fold, k), np.eye(k)))
    right: NDArray[np.bool_] = (np.einsum("ni,ni->n", X, weights[fold]) + constants[fold] > 0) == y
    return right


def _inner_hits(X: Floats, y: NDArray[np.intp], fold: NDArray[np.intp], k: int) -> Floats:
    """Return, for outer fold i and inner fold j, the hits on j of the model that saw neither."""
    pairs = [(i, j) for i in range(k) for j in range(i)]
    left_out = np.zeros((len(pairs), k))
    for place, pair in enumerate(pairs):
        left_out[place, list(pair)] = 1
    weights, constants = fitted(_without(_sums(X, y, fold, k), left_out))
    right = ((X @ weights.T + constants > 0) == y[:, None]).astype(float)
    by_fold = np.array([right[fold == j].sum(axis=0) for j in range(k)])
    hits = np.zeros((k, k))
    for place, (i, j) in enumerate(pairs):
        hits[i, j], hits[j, i] = by_fold[j, place], by_fold[i, place]
    return hits


def _fold_means(hits: NDArray[np.bool_], fold: NDArray[np.intp], k: int) -> Floats:
    return np.bincount(fold, weights=hits, minlength=k) / np.bincount(fold, minlength=k)
