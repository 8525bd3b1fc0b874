"""Two ways to the eigenvectors of a symmetric matrix, and JPEG's cosines, written out with NumPy arrays alone."""

import numpy as np


def cosines(size: int) -> np.ndarray:
    """Return the two-dimensional discrete cosine transform of type II, one pattern a row, in JPEG's zigzag order."""
    k = np.arange(size)
    wave = np.cos(np.pi * np.outer(k, 2 * k + 1) / (2 * size)) * np.sqrt(np.where(k, 2, 1) / size)[:, None]
    zigzag = sorted(np.ndindex(size, size), key=lambda at: (sum(at), at[sum(at) % 2]))
    return np.array([np.outer(wave[down], wave[across]).ravel() for down, across in zigzag])


def jacobi(symmetric: np.ndarray, most_sweeps: int = 50) -> tuple[np.ndarray, int]:
    """Return the eigenvectors as rows, the strongest first, and the sweeps Jacobi's rotations (1846) took.

    Two axes at a time are turned so that the entry they share becomes zero, until all off the diagonal have gone.
    """
    A, V, sweeps = symmetric.copy(), np.eye(len(symmetric)), 0
    while np.abs(A - np.diag(np.diag(A))).max() > 1e-15 * np.abs(A).max() and sweeps < most_sweeps:
        sweeps += 1
        for p, q in zip(*np.triu_indices(len(A), 1), strict=True):
            if A[p, q]:
                slope = (A[q, q] - A[p, p]) / (2 * A[p, q])
                tangent = (1 if slope >= 0 else -1) / (abs(slope) + np.hypot(slope, 1))
                turn = np.array([[1, tangent], [-tangent, 1]]) / np.hypot(tangent, 1)
                A[:, [p, q]] = A[:, [p, q]] @ turn
                A[[p, q]] = turn.T @ A[[p, q]]
                V[:, [p, q]] = V[:, [p, q]] @ turn
    return V[:, np.argsort(-np.diag(A))].T, sweeps


def power(symmetric: np.ndarray, count: int, seed: int, most_rounds: int = 5000) -> np.ndarray:
    """Return the `count` leading eigenvectors as rows, found one after the other by power iteration.

    Multiply, take away what was found before, scale to length one, until nothing moves.
    """
    found = np.zeros((0, len(symmetric)))
    for start in np.random.default_rng(seed).normal(size=(count, len(symmetric))):
        old, new, rounds = np.zeros_like(start), start / np.linalg.norm(start), 0
        while np.abs(new - old).max() > 1e-15 and rounds < most_rounds:
            old, new, rounds = new, symmetric @ new, rounds + 1
            new -= found.T @ (found @ new)
            new /= np.linalg.norm(new)
        found = np.vstack([found, new])
    return found
