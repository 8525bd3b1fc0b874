"""Features that alone give the target away."""

from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from portfolio.evaluation.duplicates import comparable
from portfolio.evaluation.tabular import is_number

TOO_GOOD = 0.99
_FEWEST_IN_A_CLASS = 5
_FEW_VALUES = 20
_MOST_PAIRS = 45


def telling_features(X: pd.DataFrame, y: pd.Series, *, classes: bool, train: int) -> list[tuple[str, float]]:
    """Return the columns that alone give the target, with the AUC or |Spearman| each reaches.

    Numbers are judged by their order on all rows: for classes by the area under the ROC curve of every pair of classes
    (Hand & Till 2001), of which the lowest counts, so that a feature that finds one of three species is no alarm. A
    column of names or of few values is judged by a look-up learned on the first `train` rows and tried on the others,
    so that a number that only names its row tells nothing.
    """
    found = []
    for place, name in enumerate(X.columns):
        column = X.iloc[:, place]
        strength = 0.0
        if is_number(column):
            strength = _by_order(column.to_numpy(dtype=float, na_value=np.nan), y, classes=classes)
        if strength < TOO_GOOD and (not is_number(column) or column.nunique() <= _FEW_VALUES):
            strength = max(strength, _by_look_up(comparable(column), y, classes=classes, train=train))
        if strength >= TOO_GOOD:
            found.append((str(name), strength))
    return found


def _by_order(values: np.ndarray, y: pd.Series, *, classes: bool) -> float:
    known = ~np.isnan(values) & y.notna().to_numpy()
    if known.mean() < 0.5 or np.ptp(values[known]) == 0:  # noqa: PLR2004 - half the rows say nothing: not alone
        return 0.0
    if not classes:
        target = y.to_numpy(dtype=float)[known]
        return float(abs(stats.spearmanr(values[known], target).statistic)) if np.ptp(target) else 0.0
    return _lowest_auc(values[known], pd.factorize(y[known])[0])


def _lowest_auc(values: np.ndarray, codes: np.ndarray) -> float:
    """Return the lowest area under the ROC curve among the pairs of classes, whichever way round each."""
    counts = np.bincount(codes)
    pairs = list(combinations(np.flatnonzero(counts >= _FEWEST_IN_A_CLASS), 2))
    lowest = 1.0 if pairs else 0.0
    for first, second in pairs[:: max(1, len(pairs) // _MOST_PAIRS)]:
        ranks = stats.rankdata(np.concatenate([values[codes == first], values[codes == second]]))
        above = ranks[: counts[first]].sum() - counts[first] * (counts[first] + 1) / 2
        auc = above / (counts[first] * counts[second])
        lowest = min(lowest, max(auc, 1 - auc))
        if lowest < TOO_GOOD:
            break
    return float(lowest)


def _by_look_up(values: np.ndarray, y: pd.Series, *, classes: bool, train: int) -> float:
    """Return how well each value's usual target in the training rows orders the test rows."""
    names = pd.Series(pd.factorize(values, use_na_sentinel=False)[0])
    if names.nunique() < 2:  # noqa: PLR2004 - a constant
        return 0.0
    seen, new = names[:train], names[train:]
    if classes:
        codes = pd.Series(pd.factorize(y)[0])
        usual = codes[:train].groupby(seen).agg(lambda group: group.mode().iloc[0])
        hit = new.map(usual).to_numpy() == codes[train:].to_numpy()
        by_class = pd.Series(hit).groupby(codes[train:].to_numpy()).agg(["mean", "size"])
        enough = by_class[by_class["size"] >= _FEWEST_IN_A_CLASS]
        return float(enough["mean"].mean()) if len(enough) > 1 else 0.0
    mean = new.map(y[:train].astype(float).groupby(seen).mean()).to_numpy(dtype=float)
    target = y[train:].to_numpy(dtype=float)
    known = ~np.isnan(mean) & ~np.isnan(target)
    if known.sum() < _FEWEST_IN_A_CLASS or not np.ptp(mean[known]) or not np.ptp(target[known]):
        return 0.0
    return float(abs(stats.spearmanr(mean[known], target[known]).statistic))
