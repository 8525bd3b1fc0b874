"""Replace this by your own ladder; `python script.py` works on its own, too.

Three rungs to one result: a library, NumPy, and plain Python that hides nothing.
"""

import numpy as np
from sklearn.datasets import load_diabetes
from sklearn.linear_model import LinearRegression

from portfolio import log_metric, step
from portfolio.evaluation import same_result

X, y = load_diabetes(return_X_y=True)

with step("library"):
    model = LinearRegression().fit(X, y)
    library = np.array([model.intercept_, *model.coef_])

with step("numpy"):
    design = np.column_stack([np.ones(len(X)), X])
    numpy, *_ = np.linalg.lstsq(design, y, rcond=None)

with step("by hand"):
    # The normal equations, A w = b, solved by Gauss's elimination with the largest pivot.
    rows = design.tolist()
    size = len(rows[0])
    A = [[sum(row[i] * row[j] for row in rows) for j in range(size)] for i in range(size)]
    b = [sum(row[i] * value for row, value in zip(rows, y, strict=True)) for i in range(size)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda i: abs(A[i][column]))
        A[column], A[pivot], b[column], b[pivot] = A[pivot], A[column], b[pivot], b[column]
        for i in range(column + 1, size):
            factor = A[i][column] / A[column][column]
            A[i] = [below - factor * above for below, above in zip(A[i], A[column], strict=True)]
            b[i] -= factor * b[column]
    by_hand = [0.0] * size
    for i in reversed(range(size)):
        by_hand[i] = (b[i] - sum(A[i][j] * by_hand[j] for j in range(i + 1, size))) / A[i][i]

with step("compare"):
    same_result(library, numpy).log("with_numpy")
    same_result(library, by_hand).log("by_hand")
    log_metric("intercept", float(library[0]), method="the library's")
