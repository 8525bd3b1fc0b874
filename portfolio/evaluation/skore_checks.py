"""What skore's own coded checks say of a model, where skore is installed; nothing where it is not.

skore is an extra, for its checks fit some models of their own and take longer than all of ours. They are asked by their
public names alone; a release that knows other names, or that refuses this model, is as good as none.
"""

import contextlib
import io
import warnings
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import pandas as pd
from sklearn.base import clone

from portfolio.log import log_table
from portfolio.words import plural

_COLUMNS = ("title", "outcome", "explanation")
_BY_THE_CLOCK = ("SKD010",)
"""Compares running times, which are other ones in every run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SkoreChecks:
    """What skore found.

    `table` is indexed by code, with `title`, `outcome` (issue, tip, passed, not applicable) and `explanation`.
    """

    table: pd.DataFrame
    version: str

    @property
    def caption(self) -> str:
        """How many checks found something, of how many that applied."""
        outcomes = self.table["outcome"]
        counts = outcomes.value_counts()
        issues, tips = int(counts.get("issue", 0)), int(counts.get("tip", 0))
        found = " and ".join(plural(count, word) for count, word in ((issues, "issue"), (tips, "tip")) if count)
        applied = plural(int((outcomes != "not applicable").sum()), "check")
        return f"skore {self.version}: {applied} applied; {found or 'none of them found anything'}."

    def log(self, name: str = "skore_checks") -> None:
        """Log the table under `name`."""
        log_table(name, self.table, caption=self.caption)


def skore_checks(model: Any, X_train: Any, y_train: Any, X_test: Any, y_test: Any) -> SkoreChecks | None:
    """Return what skore says of a model and a split, or None where there is no skore that could.

    Args:
        model: an estimator; a copy of it is fitted on the training rows, as skore wants it.
        X_train: the training rows.
        y_train: their targets.
        X_test: the test rows.
        y_test: their targets.
    """
    if find_spec("skore") is None:
        return None
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):  # its progress is no output of a script
        warnings.simplefilter("ignore")
        try:
            import skore  # noqa: PLC0415 - seconds, and an extra

            report = skore.EstimatorReport(clone(model), X_train=X_train, y_train=y_train, X_test=X_test, y_test=y_test)
            found = report.checks.summarize(ignore=_BY_THE_CLOCK).frame()
            table = _table(found)
        except (AttributeError, ImportError, KeyError, TypeError, ValueError):
            return None
    return SkoreChecks(table=table, version=str(skore.__version__)) if len(table) else None


def _table(found: pd.DataFrame) -> pd.DataFrame:
    ordered = found[~found["code"].isin(_BY_THE_CLOCK)].sort_values("code")
    rows = [
        (str(title), str(section).replace("_", " "), "" if pd.isna(said) else str(said))
        for title, section, said in zip(ordered["title"], ordered["section"], ordered["explanation"], strict=True)
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS), index=pd.Index(list(ordered["code"]), name="code"))
