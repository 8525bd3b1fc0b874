"""Recorded metrics as markup: in a sentence, and as rows of a table."""

from dataclasses import dataclass

from markupsafe import Markup

from portfolio.rendering.numbers import Number, behind, data, like, rounded, rounded_together
from portfolio.rendering.words import humanised, sentence
from portfolio.values.record import Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricView:
    """One row of the table of all metrics."""

    label: str
    value: Markup
    interval: Markup
    baseline: Markup
    unit: str
    method: str


def metric_view(metric: Metric) -> MetricView:
    """Return the metric as a row."""
    value, interval = metric_parts(metric)
    return MetricView(
        label=sentence(humanised(metric.name)),
        value=value,
        interval=interval,
        baseline=Markup() if metric.baseline is None else data(metric.baseline, _baseline(metric, metric.baseline)),
        unit=metric.unit or "",
        method=metric.method or "",
    )


def metric_parts(metric: Metric) -> tuple[Markup, Markup]:
    """Return a metric's value with its unit, and its interval, empty without one."""
    shown, low, high = shown_parts(metric)
    value = data(metric.value, shown) + behind(metric.unit)
    if not metric.interval:
        return value, Markup()
    ends = data(metric.interval[0], low), data(metric.interval[1], high)
    return value, Markup("{} to {}").format(*ends)


def metric_markup(metric: Metric) -> Markup:
    """Return a metric's value with its unit and, in brackets, its interval."""
    value, interval = metric_parts(metric)
    return Markup("{} ({})").format(value, interval) if interval else value


def shown_parts(metric: Metric) -> tuple[str, str, str]:
    """Return value, low and high for readers, the ends empty without an interval."""
    if metric.interval:
        return rounded_together(metric.value, *metric.interval)
    return rounded(metric.value), "", ""


def _baseline(metric: Metric, baseline: Number) -> str:
    """Return the baseline with the decimals of the value it stands beside."""
    return like(baseline, shown_parts(metric)[0]) if metric.interval else rounded(baseline)
