"""What a completed project states, and what is missing of it: computed, never declared.

In the order of the process, so that the first thing missing is the next thing to do.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portfolio.values.project import Project
from portfolio.values.record import Metric, Record, Result
from portfolio.values.spec import Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One thing a completed project states and this one does not, and the line or command to type."""

    file: str
    key: str
    message: str
    hint: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.key}" if self.key else self.file
        return f"{place}: {self.message}\nhint: {self.hint}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """`[done_when]` beside what was reached."""

    metric: Metric
    bound: float
    wants_least: bool
    """Whether the bound is the least that is wanted, else the most."""

    @property
    def reached(self) -> bool:
        """Whether the value is within the bound."""
        return self.metric.value >= self.bound if self.wants_least else self.metric.value <= self.bound


def done(spec: Spec, result: Result) -> Done | None:
    """Return how far the project is from being done; None where it does not say, or the metric was not recorded."""
    asked = spec.done_when
    metric = result.metric(asked.metric) if asked else None
    if asked is None or metric is None:
        return None
    bound = asked.min if asked.min is not None else asked.max
    return None if bound is None else Done(metric=metric, bound=bound, wants_least=asked.min is not None)


def headline_metric(spec: Spec, result: Result) -> Metric | None:
    """Return the metric the project stands for; one that is alone is it."""
    if spec.headline:
        return result.metric(spec.headline.metric)
    return result.metrics[0] if len(result.metrics) == 1 else None


def missing(project: Project, record: Record | None, accepted: Mapping[str, Any] | None = None) -> tuple[Missing, ...]:
    """Return what the project lacks to be complete, the first to be done first.

    Args:
        project: what its author wrote.
        record: its last good record, if it ran.
        accepted: what was accepted of a project of kind `deep`, if anything.
    """
    slug, spec = project.slug, project.spec
    written = f"projects/{slug}/spec.toml"
    found = [
        Missing(file=written, key=key, message=message, hint=hint)
        for key, message, hint in (*_defined(spec), *_data(spec))
    ]
    if record is None:
        script = f"projects/{slug}/{spec.script}"
        return (*found, Missing(file=script, key="", message="has no result yet", hint=f"portfolio build {slug}"))
    later = (
        *_result(spec, record.result),
        *_presented(spec),
        *_of_kind(project, record, accepted),
        *_end(spec, record),
    )
    found += [Missing(file=written, key=key, message=message, hint=hint) for key, message, hint in later]
    return tuple(found)


_Lack = tuple[str, str, str]
"""Key, message and hint."""


def _defined(spec: Spec) -> Iterator[_Lack]:
    if not spec.question:
        yield "question", "nothing says what was asked", 'add question = "…"'
    if not spec.decision:
        yield "decision", "nothing says who decides what with the answer", 'add decision = "…"'


def _data(spec: Spec) -> Iterator[_Lack]:
    if not spec.data:
        yield (
            "data",
            "nothing says where the data come from",
            'add [[data]] with name = "…", source = "…", licence = "…"',
        )
    for used in spec.data:
        named = f"the data {used.name!r}"
        if not used.source:
            yield "data.source", f"nothing says where {named} come from", 'add source = "…" under [[data]]'
        if not used.licence:
            yield "data.licence", f"{named} have no licence", 'add licence = "…" under [[data]], such as "CC BY 4.0"'
        if not used.period and used.kind == "real":
            yield (
                "data.period",
                f"nothing says from when {named} are",
                'add period = "…" under [[data]], such as "1998"',
            )


def _result(spec: Spec, result: Result) -> Iterator[_Lack]:
    metric, asked = headline_metric(spec, result), spec.headline
    if metric is None:
        names = ", ".join(known.name for known in result.metrics[:5]) or "none yet: log one with log_metric"
        name = result.metrics[0].name if result.metrics else "…"
        message = "no recorded metric is the result the project stands for"
        yield "headline.metric", message, f'add [headline] with metric = "{name}"; recorded are: {names}'
        return
    if metric.baseline is None and (asked is None or asked.baseline is None):
        message = f"{metric.name} is compared with nothing"
        yield "headline.baseline", message, 'log a baseline, a dummy or the current practice: baseline = "its metric"'
    if metric.goal is None and (asked is None or asked.goal is None):
        message = f"nothing says whether more or less of {metric.name} is better"
        yield "headline.goal", message, 'add goal = "maximize" or goal = "minimize" under [headline]'
    if metric.interval is None:
        message = f"{metric.name} has no interval, so nobody knows how sure it is"
        yield "headline.metric", message, "log it with interval=(low, high), or by portfolio.evaluation.report"


def _presented(spec: Spec) -> Iterator[_Lack]:
    if not spec.intended_use:
        yield "intended_use", "nothing says what the result is for", 'add intended_use = "…"'
    if not spec.limits:
        caveats = "a one-off analysis states its caveats" if spec.kind == "one-off" else "nothing limits the result"
        yield "limits", caveats, 'add limits = ["what the result does not say"]'
    if not spec.follow_up:
        yield "follow_up", "there is no idea for what comes next", 'add follow_up = ["…"]'
    if not spec.tags:
        yield "tags", "it is not to be found under any topic", 'add tags = ["…"]'


def _of_kind(project: Project, record: Record, accepted: Mapping[str, Any] | None) -> Iterator[_Lack]:
    kind, result = project.spec.kind, record.result
    if kind == "embedded" and not any(artifact.name.endswith(".skops") for artifact in result.artifacts):
        message = "an embedded model is offered with its page, and the run left none"
        yield "kind", message, 'log_model("model", pipeline, example=X_train) in the script'
    elif kind == "embedded" and not any(artifact.name.endswith(".demo.json") for artifact in result.artifacts):
        message = "an embedded model can be tried in its page, and this one cannot"
        yield "kind", message, 'the output of the run says why; or write kind = "applied"'
    if kind == "deep" and accepted is None:
        yield "kind", "no result of this deep project is accepted yet", f"portfolio accept {project.slug}"
    if kind == "deep" and not any(
        metric.scores and metric.splits and _has_goal(metric, project.spec) for metric in result.metrics
    ):
        message = "no number of this deep project can be compared fold by fold"
        yield "kind", message, "log_metric(…, goal=…, scores=[one for each fold], splits=a name of the folds)"
    if kind == "from-scratch" and not any(_is_difference(metric) for metric in result.metrics):
        message = "a project from scratch shows that its ways lead to the same result, and none is compared"
        yield "kind", message, "portfolio.evaluation.same_result(library, by_hand).log(name) in the script"


def _has_goal(metric: Metric, spec: Spec) -> bool:
    asked = spec.headline
    return metric.goal is not None or bool(asked and asked.metric == metric.name and asked.goal)


def _is_difference(metric: Metric) -> bool:
    words = (metric.method or "").lower()
    return "largest" in words and "difference" in words


def _end(spec: Spec, record: Record) -> Iterator[_Lack]:
    if spec.done_when is None:
        metric = headline_metric(spec, record.result)
        name = metric.name if metric else "…"
        yield "done_when", "nothing says when it is done", f'add [done_when] with metric = "{name}" and min or max'
        return
    reached = done(spec, record.result)
    if reached is None:
        message = f"the run recorded no metric {spec.done_when.metric!r}"
        yield "done_when.metric", message, f"log it, or name another of: {', '.join(_names(record.result)) or 'none'}"
    elif not reached.reached:
        side = "at least" if reached.wants_least else "at most"
        message = f"not done: {reached.metric.name} is {reached.metric.value:.6g}, wanted is {side} {reached.bound:.6g}"
        yield "done_when", message, "improve it, or say in limits why this is enough and move the bound"
    if spec.draft:
        yield "draft", "is still a draft", "delete the line draft = true"


def _names(result: Result) -> list[str]:
    return [metric.name for metric in result.metrics[:10]]
