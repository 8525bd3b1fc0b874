"""Is there a sign that the test rows were not new to the model? Ten checks, each with what it found."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from portfolio.evaluation.belonging import Sides, sides
from portfolio.evaluation.duplicates import duplicate_rows, equal_sparse_rows
from portfolio.evaluation.estimator_checks import (
    NOT_APPLICABLE,
    NOT_CHECKED,
    PASS,
    WARN,
    Finding,
    edge_of_grid,
    fitted_estimator,
    learned_elsewhere,
    train_test_gap,
    unseeded,
)
from portfolio.evaluation.given import is_fitted, row_count
from portfolio.evaluation.scaling import scaled_before_split
from portfolio.evaluation.single_feature import telling_features
from portfolio.evaluation.tabular import are_wide, frame_of, is_classification, listed, target_of
from portfolio.log import log_table

_RARE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Leakage:
    """What the checks found. `table` is indexed by check, with the columns `outcome` and `detail`."""

    table: pd.DataFrame

    @property
    def warnings(self) -> tuple[str, ...]:
        """The checks that warn."""
        return tuple(self.table.index[self.table["outcome"] == WARN])

    @property
    def sentence(self) -> str:
        """What may be said of it: that these checks found something or none, never that nothing leaks."""
        done = int(self.table["outcome"].isin([PASS, WARN]).sum())
        if not done:
            return "None of the checks could be made."
        checks = "This 1 check" if done == 1 else f"These {done} checks"
        if not self.warnings:
            return f"{checks} found none of the signs looked for; others were not looked for."
        return f"{len(self.warnings)} of {done} checks warn: {'; '.join(self.warnings)}."

    def log(self, name: str = "checks") -> None:
        """Log the table under `name`."""
        log_table(name, self.table, caption=self.sentence)


def leakage_checks(
    X_train: Any,
    X_test: Any,
    y_train: Any,
    y_test: Any,
    *,
    groups: Any = None,
    time: Any = None,
    estimator: Any = None,
) -> Leakage:
    """Look for signs that test rows were known before they were tested.

    Args:
        X_train: rows of the training set, a frame or an array.
        X_test: rows of the test set.
        y_train: their targets.
        y_test: their targets.
        groups: who each row belongs to: a column's name, a pair (of the training rows, of the test rows), or one
            sequence of both, training rows first; a Series whose index has the frames' rows is matched by it.
        time: when each row was observed; given like `groups`.
        estimator: the model, best unfitted; fitted, its training score and its searches are looked at too.

    Returns:
        One row a check, the outcome `pass`, `warn`, `not applicable` or `not checked`. Kapoor & Narayanan (2023),
        "Leakage and the reproducibility crisis in machine-learning-based science", Patterns 4, describe the kinds.

    Raises:
        ValueError: an argument, which is named, does not fit the others.
    """
    split = _Split(X_train, X_test, y_train, y_test)
    findings = _of_rows(split) | {
        "group overlap": _overlap(sides(groups, "groups", X_train, X_test), "groups", _shared_groups),
        "time overlap": _overlap(sides(time, "time", X_train, X_test), "time", _shared_time),
        "class imbalance": _imbalance(split),
    }
    return _table(findings | _of_estimator(split, estimator, estimator))


def checks_of_report(  # noqa: PLR0913 - the four arrays of a split, the model, and what ties rows together
    X_train: Any,
    X_test: Any,
    y_train: Any,
    y_test: Any,
    *,
    given: Any,
    fitted: Any,
    groups: Sides | None,
    time: Sides | None,
) -> Leakage:
    """Return the checks where it is known which rows the `fitted` form of a `given` model should have learned from."""
    split = _Split(X_train, X_test, y_train, y_test)
    findings = _of_rows(split)
    if groups:
        findings["group overlap"] = _overlap(groups, "groups", _shared_groups)
    if time:
        findings["time overlap"] = _overlap(time, "time", _shared_time)
    findings |= {"class imbalance": _imbalance(split)} | _of_estimator(split, given, fitted)
    if is_fitted(given) and learned_elsewhere(given, X_train, y_train, X_test) is False:
        findings["fitted estimator"] = (PASS, "came fitted; a copy fitted on the training rows predicts the same")
    return _table(findings)


class _Split:
    """The four arrays, as given and as frames; sparse rows of very many columns are not laid out."""

    def __init__(self, X_train: Any, X_test: Any, y_train: Any, y_test: Any) -> None:
        self.given = (X_train, X_test, y_train, y_test)
        self.wide = are_wide(X_train) or are_wide(X_test)
        if not self.wide:
            self.train, self.test = _frames(X_train, X_test)
        self.known = target_of(y_train, "y_train", row_count(X_train, "X_train"))
        self.new = target_of(y_test, "y_test", row_count(X_test, "X_test"))


def _frames(X_train: Any, X_test: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    train, test = frame_of(X_train, "X_train"), frame_of(X_test, "X_test")
    if train.shape[1] != test.shape[1]:
        raise ValueError(f"X_test: has {test.shape[1]} columns, X_train has {train.shape[1]}")
    if not (isinstance(X_train, pd.DataFrame) and isinstance(X_test, pd.DataFrame)):
        return train, test.set_axis(train.columns, axis=1)
    if set(train) != set(test):
        raise ValueError("X_test: its columns are not named as those of X_train")
    return train, test[list(train)]


def _table(findings: dict[str, Finding]) -> Leakage:
    table = pd.DataFrame.from_dict(findings, orient="index", columns=["outcome", "detail"])
    return Leakage(table=table.rename_axis("check"))


def _of_rows(split: _Split) -> dict[str, Finding]:
    if split.wide:
        return _of_wide_rows(split)
    copied, by_chance = duplicate_rows(split.train, split.test)
    said = f"{copied} of {len(split.test)} test rows equal a training row"
    if not copied:
        rows: Finding = (PASS, "no test row equals a training row")
    elif by_chance:
        rows = (NOT_APPLICABLE, f"{said}, as happens where values are few: as many differ in a single one")
    else:
        rows = (WARN, said)
    return {"duplicate rows": rows, "leaked target": _leaked_target(split), "scaling before the split": _scaling(split)}


def _of_wide_rows(split: _Split) -> dict[str, Finding]:
    """Return what can be said of sparse rows of many columns, which are not laid out."""
    copied = equal_sparse_rows(*split.given[:2])
    found = (WARN, f"{copied} of {len(split.new)} test rows equal a training row")
    names = ("leaked target", "scaling before the split")
    unchecked = dict.fromkeys(names, (NOT_CHECKED, "sparse rows of too many columns to look at each"))
    return {"duplicate rows": found if copied else (PASS, "no test row equals a training row"), **unchecked}


def _leaked_target(split: _Split) -> Finding:
    both = pd.concat([split.train, split.test], ignore_index=True)
    y = pd.concat([split.known, split.new], ignore_index=True)
    if y.nunique() < 2:  # noqa: PLR2004 - a constant
        return NOT_CHECKED, "the target takes one value only"
    classes = is_classification(y)
    found = telling_features(both, y, classes=classes, train=len(split.train))
    measure = "AUC or hit rate" if classes else "|Spearman|"
    if not found:
        return PASS, f"no column alone reaches 0.99 ({measure})"
    return WARN, f"alone gives the target: {listed([f'{name} ({value:.3f})' for name, value in found])}; {measure}"


def _scaling(split: _Split) -> Finding:
    looked_at, trait = scaled_before_split(pd.concat([split.train, split.test], ignore_index=True))
    if not looked_at:
        return NOT_APPLICABLE, "no numeric column with more than two values"
    if trait:
        return WARN, f"train and test together have {trait}, in each of {looked_at} numeric columns"
    return PASS, "train and test together are not standardised"


def _overlap(known: Sides | None, name: str, compare: Callable[[pd.Series, pd.Series], Finding]) -> Finding:
    if known is None:
        return NOT_CHECKED, f"{name} not given"
    return compare(pd.Series(known.train), pd.Series(known.test))


def _shared_groups(train: pd.Series, test: pd.Series) -> Finding:
    shared = set(train.dropna().unique()) & set(test.dropna().unique())
    if not shared:
        return PASS, f"{train.nunique()} groups in training, {test.nunique()} others in the test"
    rows = int(test.isin(shared).sum())
    return WARN, f"{len(shared)} of {test.nunique()} test groups are in training too, with {rows} test rows"


def _shared_time(train: pd.Series, test: pd.Series) -> Finding:
    early = int((test <= train.max()).sum())
    if early:
        return WARN, f"{early} of {len(test)} test rows are not later than the last training row"
    return PASS, "every test row is later than every training row"


def _imbalance(split: _Split) -> Finding:
    if not is_classification(pd.concat([split.known, split.new], ignore_index=True)):
        return NOT_APPLICABLE, "the target is a number"
    counts = split.known.value_counts()
    unseen = set(split.new.dropna().unique()) - set(counts.index)
    if unseen:
        return WARN, f"in the test rows only: {listed(sorted(map(str, unseen)))}"
    said = f"{counts.index[-1]} has {counts.iloc[-1]} training rows, {counts.index[0]} {counts.iloc[0]}"
    return (WARN if counts.iloc[-1] < _RARE * counts.iloc[0] else PASS), said


def _of_estimator(split: _Split, given: Any, fitted: Any) -> dict[str, Finding]:
    names = ("fitted estimator", "train/test gap", "tuning on the edge", "no seed")
    if given is None:
        return dict.fromkeys(names, (NOT_CHECKED, "estimator not given"))
    X_train, X_test, y_train, y_test = split.given
    unfitted = (NOT_APPLICABLE, "the estimator is not fitted")
    gap = train_test_gap(fitted, X_train, X_test, y_train, y_test) if is_fitted(fitted) else unfitted
    findings = (
        fitted_estimator(given, X_train, y_train, X_test),
        gap,
        edge_of_grid(fitted),
        unseeded(given, X_train, y_train),
    )
    return dict(zip(names, findings, strict=True))
