"""Are we done, is it any good, is it reliable: answered from what was recorded, absent where that says nothing."""

from dataclasses import dataclass

from markupsafe import Markup

from portfolio.completeness import Done, done, headline_metric
from portfolio.rendering.headline import Headline
from portfolio.rendering.metrics import shown_parts
from portfolio.rendering.numbers import behind, data, like, rounded
from portfolio.rendering.verdict import verdict
from portfolio.rendering.words import humanised, sentence
from portfolio.values.record import Goal, Metric, Record, Result
from portfolio.values.spec import Spec

_CHECKS = "checks"
"""The table in which `portfolio.evaluation` says what it looked for and found."""
_FOLDS = "cross_validated"
"""The metric that carries the scores of the folds where the headline is of held-out rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A question every project is asked, and its computed answer."""

    question: str
    short: str
    """Yes, no or something between; empty where only numbers can say."""
    text: Markup


def answers(spec: Spec, record: Record, found: Headline | None) -> tuple[Answer, ...]:
    """Return the questions that can be answered."""
    asked = (_are_we_done(spec, record.result), _is_it_any_good(found), _is_it_reliable(spec, record.result))
    return tuple(answer for answer in asked if answer)


def _are_we_done(spec: Spec, result: Result) -> Answer | None:
    reached = done(spec, result)
    if reached is None:
        return None
    short = "Yes" if reached.reached else "Not yet"
    return Answer(question="Are we done?", short=short, text=_bound(reached, _unit(spec, reached.metric)))


def _bound(reached: Done, unit: str) -> Markup:
    metric, side = reached.metric, "at least" if reached.wants_least else "at most"
    value = data(metric.value, shown_parts(metric)[0])
    text = Markup("{} is {}{}; wanted was {} {}{}.")
    name = sentence(humanised(metric.name))
    return text.format(name, value, behind(unit), side, rounded(reached.bound), behind(unit))


def _is_it_any_good(found: Headline | None) -> Answer | None:
    if found is None or found.baseline is None:
        return None
    said = verdict(found.value, found.baseline, found.interval, found.goal, found.baseline_name)
    return Answer(question="Is it any good?", short=_good(found, found.baseline), text=Markup("{}").format(said))


def _good(found: Headline, baseline: float) -> str:
    """Return the answer in a word: yes only where the whole interval lies on the good side of the baseline."""
    if found.interval is None or found.goal is None:
        return ""
    low, high = found.interval
    if low <= baseline <= high:
        return "Not clear"
    return "Yes" if (low > baseline) == (found.goal is Goal.MAXIMIZE) else "No"


def _is_it_reliable(spec: Spec, result: Result) -> Answer | None:
    metric = headline_metric(spec, result)
    folds = next((known for known in (metric, result.metric(_FOLDS)) if known and known.scores), None)
    said = [_interval(metric, _unit(spec, metric))] if metric and metric.interval else []
    said += [_spread(folds, folds.scores, is_headline=folds is metric)] if folds and folds.scores else []
    said += [Markup("{}").format(table.caption) for table in result.tables if table.name == _CHECKS and table.caption]
    return Answer(question="Is it reliable?", short="", text=Markup(" ").join(said)) if said else None


def _interval(metric: Metric, unit: str) -> Markup:
    value, low, high = shown_parts(metric)
    ends = metric.interval or (metric.value, metric.value)
    text = Markup("The interval around {} goes from {} to {}{}.")
    return text.format(data(metric.value, value), data(ends[0], low), data(ends[1], high), behind(unit))


def _spread(metric: Metric, scores: tuple[int | float, ...], *, is_headline: bool) -> Markup:
    """Return how far the folds lie apart, with as many decimals as the metric itself is shown with."""
    shown = shown_parts(metric)[0]
    low, high = min(scores), max(scores)
    what = "it" if is_headline else humanised(metric.name)
    text = Markup("Over {} folds {} goes from {} to {}.")
    return text.format(len(scores), what, data(low, like(low, shown)), data(high, like(high, shown)))


def _unit(spec: Spec, metric: Metric) -> str:
    asked = spec.headline
    named = asked.unit if asked and asked.metric == metric.name else None
    return named or metric.unit or ""
