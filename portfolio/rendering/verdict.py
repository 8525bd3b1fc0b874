"""One sentence on what a result says against its baseline, and never more than the interval allows."""

from portfolio.rendering.numbers import Number
from portfolio.values.record import Goal

_BETTER_SIDE = {Goal.MINIMIZE: "lower is better", Goal.MAXIMIZE: "higher is better"}


UNNAMED = "baseline"


def the_baseline(name: str) -> str:
    """Return what the baseline is called within a sentence."""
    return f"the {UNNAMED}" if name == UNNAMED else name


def verdict(
    value: Number,
    baseline: Number | None,
    interval: tuple[Number, Number] | None,
    goal: Goal | None,
    name: str = UNNAMED,
) -> str:
    """Return the sentence, without numbers; those stand beside it. `name` is what the baseline is called.

    A value that lies on the good side is not called better while its interval includes the baseline, and without an
    interval only what was measured is said.
    """
    against = the_baseline(name) if name == UNNAMED else f"the value for {name}"
    if baseline is None:
        rest = "" if interval else "; no interval was computed"
        return f"There is no baseline to compare it with{rest}."
    if interval is None:
        return f"{_measured(value, baseline, goal, against)}; no interval was computed, so chance is not ruled out."
    low, high = interval
    if low <= baseline <= high:
        where = "" if goal is None else f", where {_BETTER_SIDE[goal]}"
        return f"No clear difference{where}: the interval includes {against}."
    side, direction = ("below", "lower") if high < baseline else ("above", "higher")
    lies = f"the whole interval lies {side} {against}"
    if goal is None:
        return f"{lies[0].upper()}{lies[1:]}."
    good = _BETTER_SIDE[goal]
    if good.startswith(direction):
        return f"{good[0].upper()}{good[1:]}: {lies}."
    return f"Worse: {good}, and {lies}."


def _measured(value: Number, baseline: Number, goal: Goal | None, against: str) -> str:
    if value == baseline:
        return f"The same as {against}"
    direction = "lower" if value < baseline else "higher"
    found = f"Measured {direction} than {against}"
    return found if goal is None else f"{found}, where {_BETTER_SIDE[goal]}"
