"""An earlier and a later result on the same data, side by side, and what may be said of the two."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from portfolio.completeness import headline_metric
from portfolio.rendering.escape import path_address
from portfolio.rendering.metrics import metric_parts
from portfolio.rendering.numbers import rounded, rounded_together
from portfolio.rendering.words import day_in_words
from portfolio.skill import ROPE, Compared, Verdict, compare, judged
from portfolio.values.entry import Entry
from portfolio.values.record import Goal, Metric, Record
from portfolio.values.spec import Spec
from portfolio.values.untrusted import Href

_SAID = {
    Verdict.BETTER: "Fold by fold the later one is better.",
    Verdict.SAME: "Fold by fold the later one is as good or better, but for what does not matter in practice.",
    Verdict.WORSE: "Fold by fold the later one is worse.",
    Verdict.INCONCLUSIVE: "Fold by fold they cannot be told apart.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two results; the address is that of another project's page."""

    label: str
    address: Href | None
    value: Markup
    interval: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideView:
    """Two results on the same data, and what may be said of them."""

    earlier: Side
    later: Side
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparable:
    """The headline of a project as others may set theirs beside it."""

    title: str
    metric: Metric
    data: frozenset[str]
    """Digests of its input files, whatever their names; empty where none were recorded."""


def comparable(entry: Entry, record: Record) -> Comparable | None:
    """Return the headline of a project for others; None where there is none, or no digest of its data."""
    spec = entry.project.spec
    metric, data = headline_metric(spec, record.result), frozenset(record.circumstances.data.values())
    if metric is None or not data:
        return None
    return Comparable(title=spec.title, metric=_judged(metric, spec), data=data)


def besides(entry: Entry, record: Record, others: Mapping[str, Comparable]) -> tuple[BesideView, ...]:
    """Return the project's own earlier result, and those it builds on, each beside the present one.

    Args:
        entry: the project.
        record: the record its page shows.
        others: the headlines of all projects, by slug.
    """
    spec, own = entry.project.spec, comparable(entry, record)
    if own is None:
        return ()
    found = []
    if entry.earlier:
        day, commit = day_in_words(entry.earlier.day), entry.earlier.commit[:7]
        label = f"Committed on {day}, {commit}" if spec.code else f"Committed on {day}"
        before = _side(_judged(entry.earlier.metric, spec), label)
        found.append(_view(before, _judged(entry.earlier.metric, spec), own.metric, "Now", spec))
    for slug in spec.builds_on:
        other = others.get(slug)
        if other and other.data == own.data and _alike(other.metric, own.metric):
            before = _side(other.metric, other.title, path_address(f"../{slug}/"))
            found.append(_view(before, other.metric, own.metric, "This project", spec))
    return tuple(found)


def _alike(one: Metric, other: Metric) -> bool:
    """Whether two projects measure the same: by name, unit and direction."""
    return (one.name, one.unit, one.goal) == (other.name, other.unit, other.goal)


def _judged(metric: Metric, spec: Spec) -> Metric:
    return judged({metric.name: metric}, spec)[metric.name]


def _side(metric: Metric, label: str, address: Href | None = None) -> Side:
    value, interval = metric_parts(metric)
    return Side(label=label, address=address, value=value, interval=interval)


def _view(earlier: Side, old: Metric, new: Metric, label: str, spec: Spec) -> BesideView:
    found = compare(old, new, same_data=True, rope=spec.headline.rope if spec.headline else ROPE)
    return BesideView(earlier=earlier, later=_side(new, label), said=_said(found, new))


def _said(found: Compared, new: Metric) -> str:
    """Return what may be said, with the change in the metric's own direction."""
    if found.verdict is Verdict.NOT_COMPARABLE:
        return f"They cannot be compared fold by fold: {found.why}."
    if found.why == "identical":
        return "The two values are the same."
    more = ""
    if found.bounds and found.change is not None:
        change, low, high = rounded_together(found.change, *found.bounds)
        way = {Goal.MAXIMIZE: ", more being better", Goal.MINIMIZE: ", less being better", None: ""}[new.goal]
        more = f" The mean change is {change}, between {low} and {high} (one-sided 95 % bounds){way}."
    elif found.change:
        more = f" The value changed by {rounded(found.change)}."
    return f"{_SAID[found.verdict]}{f' There are {found.why}.' if found.why.startswith('fewer') else ''}{more}"
