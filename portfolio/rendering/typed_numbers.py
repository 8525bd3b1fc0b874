"""The number lint: results that somebody typed into a write-up, where they go stale, with the name to write instead."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from portfolio.rendering.spelled import Spelled, spelled_numbers
from portfolio.rendering.words import humanised
from portfolio.values.record import Metric

_MANY, _ABOUT = 100, 0.03
"""From where on, and how near, `about 1,200` is 1,234."""
_MOST = 5000
"""Numbers of a write-up that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedNumber:
    """A number in prose that a run produced, or that stands beside the name of one."""

    line: int
    text: str
    """As it is written."""
    name: str
    """What to write instead, such as `metrics.roc_auc.value`."""
    certain: bool
    """Whether it equals the recorded number within the digits shown; else it only stands beside its name."""
    earlier: bool = False
    """Whether it is of an earlier run: it went stale already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recorded:
    """A recorded number and how a write-up names it."""

    value: float
    name: str
    metric: Metric
    earlier: bool


def typed_numbers(text: str, metrics: Sequence[Metric], earlier: Sequence[Metric] = ()) -> tuple[TypedNumber, ...]:
    """Return the numbers of a write-up that are typed results, in the order of the text.

    Args:
        text: Markdown with Jinja; what Jinja prints, code, addresses and headings' own numbering are left out.
        metrics: what the last run recorded.
        earlier: what earlier runs recorded; a number of one of them is a result that went stale.
    """
    known = [*_recorded(metrics, is_earlier=False), *_recorded(earlier, is_earlier=True)]
    found = []
    for number in islice(spelled_numbers(text), _MOST):
        same = [recorded for recorded in known if _is_near(number, recorded) and _is_same(number, recorded)]
        match = max(same, key=lambda recorded: _names(number, recorded.metric), default=None)
        if match is None:
            beside = next((metric for metric in metrics if _is_beside(number, metric)), None)
            if beside is not None:
                found.append(_typed(number, f"metrics.{beside.name}", certain=False))
        else:
            found.append(_typed(number, match.name, certain=True, earlier=match.earlier))
    return tuple(found)


def _typed(number: Spelled, name: str, *, certain: bool, earlier: bool = False) -> TypedNumber:
    return TypedNumber(line=number.around.line, text=number.around.text, name=name, certain=certain, earlier=earlier)


def _recorded(metrics: Sequence[Metric], *, is_earlier: bool) -> Iterator[_Recorded]:
    for metric in metrics:
        parts = {"value": metric.value, "baseline": metric.baseline}
        if metric.interval:
            parts |= {"low": metric.interval[0], "high": metric.interval[1]}
        for part, value in parts.items():
            if value is not None:
                name = f"metrics.{metric.name}.{part}"
                yield _Recorded(value=value, name=name, metric=metric, earlier=is_earlier)


def _is_near(number: Spelled, recorded: _Recorded) -> bool:
    """Whether it could be the recorded number at all, as one or as a percentage; most are not."""
    value, shown = recorded.value, number.value
    return any(abs(shown - scale * value) <= max(number.unit, _ABOUT * abs(scale * value)) for scale in (1, 100, 0.01))


def _is_same(number: Spelled, recorded: _Recorded) -> bool:
    """Whether the number is the recorded one in the digits it shows.

    A number of one digit, or a bare one of two, is too many things to be a result; with its sign of percent, its unit
    or the metric's name beside it, it is one.
    """
    metric = recorded.metric
    is_percentage = metric.unit in ("%", "percent", "per cent")
    if number.is_words:
        return _is_share(number, recorded.value / 100 if is_percentage else recorded.value)
    if number.around.is_role or (number.is_percent and not is_percentage and abs(recorded.value) > 1):
        return False
    value = recorded.value * 100 if number.is_percent and not is_percentage else recorded.value
    is_meant = number.is_percent or _has_unit(number, metric) or _names(number, metric)
    if number.is_whole and number.is_hedged:
        return number.value >= _MANY and abs(number.value - value) <= min(number.unit / 2, _ABOUT * abs(value))
    if number.digits < (1 if number.is_percent or (is_meant and number.decimals) else 2):
        return False
    if not is_meant and number.digits == 2 and not number.decimals:  # noqa: PLR2004
        return False
    if number.is_whole and not is_meant:
        return number.value == value
    return _is_rounded(number, value, may_be_cut=recorded.name.endswith(".value") and number.digits > 1)


def _is_rounded(number: Spelled, value: float, *, may_be_cut: bool) -> bool:
    """Whether `value`, rounded or cut to the digits shown, is the number."""
    if abs(number.value - value) <= number.unit / 2 + 1e-12:
        return True
    beyond = abs(value) - abs(number.value)
    return may_be_cut and number.value * value > 0 and 0 < beyond < number.unit - 1e-9


def _is_share(number: Spelled, share: float) -> bool:
    """Whether a share in words, such as nine in ten, tells of that share."""
    return 0 < share < 1 and abs(number.value - share) <= number.unit


def _is_beside(number: Spelled, metric: Metric) -> bool:
    """Whether the number looks like a result and stands in a sentence that names the metric."""
    looks = number.is_percent or (number.decimals > 1 and not number.is_words)
    return looks and not number.around.is_role and _names(number, metric)


def _names(number: Spelled, metric: Metric) -> bool:
    """Whether the sentence holds every word of the metric's name, as one or as many."""
    words = humanised(metric.name).casefold().split()
    return all(number.around.words & {word, f"{word}s", word.removesuffix("s")} for word in words)


def _has_unit(number: Spelled, metric: Metric) -> bool:
    unit = (metric.unit or "points").split(" ")[0].casefold()
    unit = "points" if unit == "%" else unit
    before, after = number.around.before.casefold().rstrip(), number.around.after.casefold().lstrip()
    return before.endswith(unit) or after.startswith(unit)
