"""How far folds overlap decides how wide an interval is."""

import numpy as np
import pytest
from sklearn.model_selection import GroupKFold, KFold, LeavePOut, RepeatedKFold, ShuffleSplit, TimeSeriesSplit

from portfolio.evaluation.intervals import corrected_interval, wilson
from portfolio.evaluation.splits import Splits, chosen_splits

Y = np.arange(60) % 3


def _splits(cv: object, groups: object = None) -> Splits:
    return chosen_splits(cv, Y, groups=groups, classify=True, random_state=0)


@pytest.mark.parametrize(
    ("cv", "ratio"),
    [
        (KFold(7), 1 / 6),  # 60 rows do not divide by 7, each is tested once all the same
        (RepeatedKFold(n_splits=5, n_repeats=4, random_state=0), 1 / 4),
        (LeavePOut(2), 2 / 58),
        (ShuffleSplit(12, test_size=15, random_state=0), 15 / 45),
        (TimeSeriesSplit(3, test_size=10), np.mean([10 / 30, 10 / 40, 10 / 50])),
    ],
)
def test_the_ratio_is_one_over_k_minus_one_or_the_mean_of_test_over_train(cv: object, ratio: float) -> None:
    assert _splits(cv).ratio == pytest.approx(ratio, abs=1e-12)


def test_the_default_is_ten_stratified_folds_three_times() -> None:
    splits = _splits(None)

    shares = {tuple(np.bincount(Y[test])) for _, test in splits.folds}
    assert (len(splits.folds), splits.ratio, shares) == (30, 1 / 9, {(2, 2, 2)})


def test_there_are_fewer_folds_where_a_class_is_small_and_it_is_said() -> None:
    y = np.repeat(["many", "few"], [50, 4])

    splits = chosen_splits(None, y, groups=None, classify=True, random_state=0)

    assert len(splits.folds) == 12
    assert splits.notes == ("4 folds instead of 10, for class 'few' has 4 rows",)


def test_no_group_is_in_train_and_test_of_a_fold() -> None:
    groups = np.repeat(np.arange(12), 5)

    for cv in (None, 5, GroupKFold(4)):
        splits = _splits(cv, groups)
        assert not any(set(groups[train]) & set(groups[test]) for train, test in splits.folds)
        assert splits.notes[0].startswith("approximate")


def test_groups_shared_by_train_and_test_are_told_of() -> None:
    groups = np.repeat(np.arange(12), 5)

    splits = _splits(ShuffleSplit(10, random_state=0), groups)

    assert any("groups are in train and test of 10 of 10 folds" in note for note in splits.notes)


def test_the_digest_names_the_folds_and_nothing_else() -> None:
    digests = [_splits(cv).digest for cv in (KFold(5), KFold(6), KFold(5, shuffle=True, random_state=0), KFold(5))]

    assert digests[0] == digests[3]
    assert len(set(digests)) == 3


@pytest.mark.parametrize(
    ("cv", "said"),
    [(1, "cv: wants from 2"), (99, "cv: wants from 2"), ([([0, 1], [])], "cv: "), ([([0], [99])] * 2, "cv: split 0")],
)
def test_folds_that_cannot_be_are_refused_by_name(cv: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        _splits(cv)


def test_intervals_stay_within_the_range_of_the_metric() -> None:
    low, high = corrected_interval([0.9, 1.0, 1.0, 0.95], 1 / 3, within=(0, 1))

    assert (low < 0.9, high) == (True, 1.0)
    assert wilson(20, 20)[1] == 1
    assert wilson(0, 20)[0] == 0
