"""Data whose truth is known: two normal classes with the same covariance, and the accuracy of a linear rule on them."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from linear import Floats, Sums, fitted
from numpy.typing import NDArray
from scipy import stats
from scipy.optimize import brentq

TRUTH_SETS = 5_000  # training sets behind an expected accuracy; its standard error is below 0.0002
_DISTANCE = 2 * float(stats.norm.ppf(0.8))  # between the class means, so that the best rule is right in 80 %


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Distances of the class means, column by column, and the columns each of the compared models sees."""

    signal: tuple[float, ...]
    columns: tuple[tuple[int, ...], ...]


def single() -> World:
    """Ten columns, one model."""
    return World(signal=(_DISTANCE / np.sqrt(10),) * 10, columns=(tuple(range(10)),))


def equal() -> World:
    """Two models that share six columns and have three alike of their own: equally good, by symmetry."""
    shared = tuple(range(6))
    return World(signal=(_DISTANCE / 3,) * 12, columns=((*shared, 6, 7, 8), (*shared, 9, 10, 11)))


@lru_cache
def different(difference: float, n: int) -> World:
    """Two models, the second with one more column, which is worth `difference` when fitted to `n` rows."""

    def world(strength: float) -> World:
        return World(signal=(_DISTANCE / 3,) * 9 + (strength,), columns=(tuple(range(9)), tuple(range(10))))

    def missing(strength: float) -> float:
        return true_difference(world(strength), n) - difference

    return world(float(brentq(missing, 0.3, 2.0, xtol=1e-4)))


def sample(world: World, n: int, rng: np.random.Generator) -> tuple[Floats, NDArray[np.intp]]:
    y = rng.integers(0, 2, n)
    return rng.standard_normal((n, len(world.signal))) + np.outer(y - 0.5, world.signal), y


def accuracy(weights: Floats, constants: Floats, signal: Floats) -> Floats:
    """Return the accuracy of linear rules on fresh rows, in closed form."""
    lengths = np.linalg.norm(weights, axis=-1)
    half = weights @ signal / 2
    rates = stats.norm.cdf([(half + constants) / lengths, (half - constants) / lengths])
    shares: Floats = np.asarray(rates.mean(axis=0))
    return shares


@lru_cache
def expected_accuracy(world: World, n: int, model: int = 0) -> float:
    """Return the accuracy on fresh rows of a model fitted to `n` rows, averaged over training sets.

    Class means and scatter of a training set are drawn as they are distributed, normal and Wishart.
    """
    columns = list(world.columns[model])
    signal, d = np.array(world.signal)[columns], len(columns)
    rng = np.random.default_rng([n, d])
    ones = rng.binomial(n, 0.5, TRUTH_SETS)
    counts = np.column_stack([n - ones, ones]).astype(float)
    noise = rng.standard_normal((TRUTH_SETS, 2, d)) / np.sqrt(counts)[..., None]
    means = noise + np.array([-0.5, 0.5])[:, None] * signal
    scatter = stats.wishart.rvs(n - 2, np.eye(d), size=TRUTH_SETS, random_state=rng)
    products = scatter + np.einsum("mc,mci,mcj->mij", counts, means, means)
    weights, constants = fitted(Sums(counts=counts, sums=means * counts[..., None], products=products))
    return float(accuracy(weights, constants, signal).mean())


def true_difference(world: World, n: int) -> float:
    return expected_accuracy(world, n, 1) - expected_accuracy(world, n, 0)
