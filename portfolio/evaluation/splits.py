"""The folds of a comparison: which ones, how far they overlap, and a digest that names them."""

import hashlib
import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold, check_cv

N_SPLITS, N_REPEATS = 10, 3
ENOUGH = 10  # fewer scores than this carry an interval and no verdict
Fold = tuple[NDArray[np.intp], NDArray[np.intp]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Splits:
    """Train and test rows of every fold.

    `words` says in a few words what they are, `notes` what a reader should know of them; `in_time` is true where every
    fold is trained on what comes before its test rows.
    """

    folds: tuple[Fold, ...]
    words: str
    notes: tuple[str, ...]
    in_time: bool

    @property
    def ratio(self) -> float:
        """Test rows over training rows, see `ratio_of`."""
        return ratio_of(self.folds)

    @property
    def digest(self) -> str:
        """Names the splits, so that two results can be compared fold by fold; it begins with their ratio."""
        digest = hashlib.sha256()
        for rows in (side for fold in self.folds for side in fold):
            digest.update(len(rows).to_bytes(8, "little") + np.sort(rows).astype("<i8").tobytes())
        return f"{self.ratio:.15f}:{digest.hexdigest()}"


def ratio_of(folds: Sequence[Fold]) -> float:
    """Return test rows over training rows, which decides how far folds overlap (Nadeau & Bengio 2003).

    It is 1/(k-1) where every row is tested equally often, r times: then J folds are r repetitions with k = J/r. Else
    it is the mean over the folds.
    """
    tested = Counter(np.bincount(np.concatenate([test for _, test in folds])).tolist())
    n_rows = 1 + max(int(max(train.max(), test.max())) for train, test in folds)
    times = next(iter(tested))
    if len(tested) == 1 and times and tested[times] == n_rows and len(folds) > times:
        return 1 / (len(folds) / int(times) - 1)
    return float(np.mean([len(test) / len(train) for train, test in folds]))


def chosen_splits(cv: Any, y: NDArray[Any], *, groups: Any, classify: bool, random_state: int) -> Splits:
    """Return the folds of `cv`, or of repeated stratified 10-fold cross-validation where it is None.

    Args:
        cv: None, a number of folds, a scikit-learn splitter or pairs of train and test rows.
        y: the target, one value a row.
        groups: None, or the group of each row; a group is then never in train and test of one fold.
        classify: whether folds keep the shares of the classes.
        random_state: decides the folds where `cv` is None.

    Raises:
        TypeError: `cv` is none of these.
        ValueError: there are too few rows, groups or rows of a class, or a fold is empty.
    """
    if cv is None:
        folds, words, notes = _default(y, groups, classify=classify, random_state=random_state)
    else:
        folds, words, notes = _given(cv, y, groups, classify=classify)
    _check(folds, len(y))
    in_time = all(train.max() < test.min() for train, test in folds)
    if in_time:
        notes.append("approximate: folds follow time, so no test is made")
    if groups is not None:
        shared = sum(bool(set(groups[train]) & set(groups[test])) for train, test in folds)
        notes.append("approximate: whole groups are left out, and they may differ in size")
        if shared:
            notes.append(f"groups are in train and test of {shared} of {len(folds)} folds")
    if len(folds) < ENOUGH:
        notes.append(f"{len(folds)} folds are too few for a verdict, which takes {ENOUGH}")
    return Splits(folds=tuple(folds), words=words, notes=tuple(notes), in_time=in_time)


def _default(y: NDArray[Any], groups: Any, *, classify: bool, random_state: int) -> tuple[list[Fold], str, list[str]]:
    most, reason = _most_folds(y, groups, classify=classify)
    k = min(N_SPLITS, most)
    splitter = _splitter(groups, classify=classify)
    folds = [
        (np.asarray(train), np.asarray(test))
        for repeat in range(N_REPEATS)
        for train, test in splitter(k, shuffle=True, random_state=random_state + repeat).split(y, y, groups)
    ]
    notes = [f"{k} folds instead of {N_SPLITS}, for {reason}"] if k < N_SPLITS else []
    kind = "grouped " if groups is not None else ""
    return folds, f"{k}-fold {'stratified ' if classify else ''}{kind}cross-validation, {N_REPEATS} times", notes


def _most_folds(y: NDArray[Any], groups: Any, *, classify: bool) -> tuple[int, str]:
    """Return how many folds there can be, and what limits them."""
    limits = {f"there are {len(y)} rows": len(y) // 2}
    if classify:
        labels, counts = np.unique(y, return_counts=True)
        label, rarest = labels[counts.argmin()], int(counts.min())
        if rarest < 2:  # noqa: PLR2004 - one row is in train or in test
            raise ValueError(f"y: class {str(label)!r} has one row, so no fold can both train on it and test it")
        limits |= {f"class {str(label)!r} has {rarest} rows": rarest}
    if groups is not None:
        limits |= {f"there are {len(np.unique(groups))} groups": len(np.unique(groups))}
    reason = min(limits, key=limits.__getitem__)
    if limits[reason] < 2:  # noqa: PLR2004 - a fold tests and another trains
        raise ValueError(f"{'groups' if reason.endswith('groups') else 'y'}: {reason}, too few to split")
    return limits[reason], reason


def _splitter(groups: Any, *, classify: bool) -> Any:
    if groups is None:
        return StratifiedKFold if classify else KFold
    return StratifiedGroupKFold if classify else GroupKFold


def _given(cv: Any, y: NDArray[Any], groups: Any, *, classify: bool) -> tuple[list[Fold], str, list[str]]:
    if isinstance(cv, int | np.integer) and not isinstance(cv, bool):
        most, reason = _most_folds(y, groups, classify=classify)
        if not 2 <= cv <= max(most, 2):  # noqa: PLR2004 - a fold tests and another trains
            raise ValueError(f"cv: wants from 2 to {max(most, 2)} folds, for {reason}; not {cv}")
        splitter = _splitter(groups, classify=classify)(int(cv))
    elif not isinstance(cv, str | bytes) and (hasattr(cv, "split") or isinstance(cv, Iterable)):
        splitter = check_cv(cv, y, classifier=classify)
    else:
        raise TypeError(f"cv: wants a number of folds, a splitter or pairs of rows, not {cv!r}")
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "The groups parameter is ignored")  # a note says so where it matters
            split = [*splitter.split(np.zeros(len(y)), y, groups)]
    except (TypeError, ValueError) as error:
        raise ValueError(f"cv: {error}") from error
    pairs = [(np.asarray(train), np.asarray(test)) for train, test in split]
    words = f"{len(pairs)} splits" if isinstance(cv, Iterable) else f"{type(splitter).__name__}, {len(pairs)} splits"
    return pairs, words, []


def _check(folds: Sequence[Fold], n_rows: int) -> None:
    if len(folds) < 2:  # noqa: PLR2004 - one score has no spread
        raise ValueError(f"cv: wants at least 2 splits, there is {len(folds)}")
    for number, (train, test) in enumerate(folds):
        if not len(train) or not len(test):
            raise ValueError(f"cv: split {number} has no {'test' if len(train) else 'training'} rows")
        for rows in (train, test):
            if rows.dtype.kind not in "iu" or rows.min() < 0 or rows.max() >= n_rows:
                raise ValueError(f"cv: split {number} wants row numbers from 0 to {n_rows - 1}")
