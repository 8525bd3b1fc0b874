"""The one number a project stands for, with all that is needed to judge it."""

import re
from dataclasses import dataclass

from markupsafe import Markup

from portfolio.rendering.numbers import Number, behind, data, like, rounded, rounded_together
from portfolio.rendering.problems import PageError, did_you_mean
from portfolio.rendering.ruler import Ruler, ruler
from portfolio.rendering.verdict import UNNAMED, the_baseline, verdict
from portfolio.rendering.words import humanised, sentence
from portfolio.values.project import Project
from portfolio.values.record import Goal, Metric, Result

_LONGEST_COUNTED = 30
"""Letters of what an interval was computed over, so that it stays on its line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The headline metric as recorded, filled in by what the spec says of it."""

    metric: str
    value: Number
    unit: str
    goal: Goal | None
    baseline: Number | None
    baseline_name: str
    interval: tuple[Number, Number] | None
    method: str
    n: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlineView:
    """What a template shows of it."""

    label: str
    value: Markup
    unit: str
    baseline: Markup | None
    baseline_name: str
    low: Markup | None
    high: Markup | None
    level: str
    """Of the interval, such as `95 %`, where the method says so."""
    percent: str
    """The sign behind the ends of the interval, where the unit begins with it."""
    short_unit: str
    """The unit behind the baseline: without what it is taken of, and without a remark behind a comma."""
    over: Markup
    """What the interval was computed over, in the method's own words, such as `14 forms`; else `n = 14`."""
    method: str
    n: Markup | None
    verdict: str
    sentence: str
    ruler: Ruler | None


def headline(project: Project, result: Result) -> Headline | None:
    """Return the project's headline; without `[headline]`, a metric that is alone is one.

    Raises:
        PageError: the spec names a metric that the run did not record.
    """
    asked = project.spec.headline
    if asked is None:
        return _headline(result.metrics[0]) if len(result.metrics) == 1 else None
    metric = _recorded(project, result, asked.metric, "metric")
    plain = _headline(metric)
    baseline, name = plain.baseline, plain.baseline_name
    if isinstance(asked.baseline, str):
        against = _recorded(project, result, asked.baseline, "baseline")
        baseline, name = against.value, humanised(against.name)
    elif asked.baseline is not None:
        baseline = asked.baseline
    return Headline(
        metric=plain.metric,
        value=plain.value,
        unit=asked.unit or plain.unit,
        goal=Goal(asked.goal) if asked.goal else plain.goal,
        baseline=baseline,
        baseline_name=name,
        interval=plain.interval,
        method=plain.method,
        n=plain.n,
    )


def headline_view(found: Headline) -> HeadlineView:
    """Return the headline for a template, its numbers rounded together."""
    decided = verdict(found.value, found.baseline, found.interval, found.goal, found.baseline_name)
    value, low, high = rounded(found.value), None, None
    if found.interval:
        value, lower, upper = rounded_together(found.value, *found.interval)
        low, high = data(found.interval[0], lower), data(found.interval[1], upper)
    baseline = None
    if found.baseline is not None:
        baseline = data(found.baseline, like(found.baseline, value) if found.interval else rounded(found.baseline))
    said = _sentence(found, decided, value, low, high, baseline)
    return HeadlineView(
        label=sentence(humanised(found.metric)),
        value=data(found.value, value),
        unit=behind(found.unit),
        baseline=baseline,
        baseline_name=found.baseline_name,
        low=low,
        high=high,
        level=_level(found.method),
        percent=behind("%") if found.unit.startswith("%") else "",
        short_unit=_short(found.unit),
        over=_over(found.method, found.n),
        method=sentence(found.method),
        n=None if found.n is None else data(found.n, rounded(found.n)),
        verdict=decided,
        sentence=said,
        ruler=ruler(found.value, found.baseline, found.interval, baseline_name=found.baseline_name, alt=said),
    )


def _short(unit: str) -> str:
    return behind("%" if unit.startswith("% ") else unit.partition(",")[0])


def _level(method: str) -> str:
    """Return the level of the interval as the author's own words on the method name it, or nothing."""
    levels = set(re.findall(r"\b([89]\d(?:\.\d)?)\s?%", method))
    return f"{levels.pop()}\u202f%\u00a0" if len(levels) == 1 else ""


def _over(method: str, n: int | None) -> Markup:
    """Return `n` with what it counts, where the method names it in a few words behind the number."""
    if n is None:
        return Markup("")
    counted = re.search(rf"(?<![\w.,]){n}\s(?P<what>[a-z][\w\s-]{{1,{_LONGEST_COUNTED}}}?)(?=[,;.(]|$)", method)
    shown = data(n, rounded(n))
    return Markup("over {} {}").format(shown, counted["what"]) if counted else Markup("n\u00a0=\u00a0{}").format(shown)


def _headline(metric: Metric) -> Headline:
    return Headline(
        metric=metric.name,
        value=metric.value,
        unit=metric.unit or "",
        goal=metric.goal,
        baseline=metric.baseline,
        baseline_name=UNNAMED,
        interval=metric.interval,
        method=metric.method or "",
        n=metric.n,
    )


def _recorded(project: Project, result: Result, name: str, key: str) -> Metric:
    metric = result.metric(name)
    if metric is None:
        hint = did_you_mean(name, [known.name for known in result.metrics])
        raise PageError(f"projects/{project.slug}/spec.toml:headline.{key}: the run recorded no metric '{name}'{hint}")
    return metric


def _sentence(
    found: Headline, decided: str, value: str, low: Markup | None, high: Markup | None, baseline: Markup | None
) -> str:
    between = f" ({low.striptags()} to {high.striptags()})" if low is not None and high is not None else ""
    name = the_baseline(found.baseline_name)
    against = f", against {baseline.striptags()}{_short(found.unit)} for {name}" if baseline is not None else ""
    return f"{value}{behind(found.unit)}{between}{against}: {decided[0].lower()}{decided[1:]}"
