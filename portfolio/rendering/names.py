"""What a write-up may name: recorded numbers, figures and tables, each printed as a token that is filled in later.

A token is a plain word, so that Markdown and the sanitiser leave it alone; our own markup takes its place afterwards.
So nothing of ours is sanitised away, and nothing of a project gets in unsanitised.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Self

from jinja2 import TemplateRuntimeError
from markupsafe import Markup, escape

from portfolio.rendering.metrics import metric_markup, shown_parts
from portfolio.rendering.numbers import Number, behind, data, rounded
from portfolio.rendering.orders import Meaning, Tokens
from portfolio.rendering.problems import did_you_mean
from portfolio.values.record import Metric

Embed = Callable[[], Meaning]


def ours(markup: Markup) -> Meaning:
    """Return what a token stands for that stands for markup of ours."""
    return Meaning(kind="markup", text=str(markup))


class UnknownNameError(TemplateRuntimeError):
    """A write-up names something that the run did not record."""


class Names:
    """A group of names, such as `metrics`; asking for another raises, and says which is near."""

    def __init__(self, label: str, known: Mapping[str, Any]) -> None:
        self._label = label
        self._known = known

    def __getitem__(self, name: object) -> Any:
        if name not in self._known:
            hint = did_you_mean(str(name), self._known, prefix=f"{self._label}.")
            raise UnknownNameError(f"unknown name '{self._label}.{name}'{hint}")
        return self._known[str(name)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __str__(self) -> str:
        raise UnknownNameError(f"'{self._label}' is a group: name one of it, such as {self._label}.name")


class Quantity(float):
    """A recorded number: calculates as one, and prints as the recorded one, rounded for readers."""

    _print: Embed
    _tokens: Tokens

    def __new__(cls, number: Number, shown: str, tokens: Tokens, unit: str | None = None) -> Self:
        """Return the number with what it prints."""
        made = super().__new__(cls, number)
        made._print = lambda: ours(data(number, shown) + behind(unit))
        made._tokens = tokens
        return made

    def __str__(self) -> str:
        return self._tokens.add(self._print())


class Words(str):
    """A recorded text: compares as one, and prints as text, never as Markdown."""

    __slots__ = ("_tokens",)
    _tokens: Tokens

    def __new__(cls, text: str, tokens: Tokens) -> Self:
        """Return the text, printing by those tokens."""
        made = super().__new__(cls, text)
        made._tokens = tokens
        return made

    def __str__(self) -> str:
        return self._tokens.add(ours(escape(str.__str__(self))))


class Embedded:
    """Anything that prints as our own markup."""

    def __init__(self, embed: Embed, tokens: Tokens, *, block: bool) -> None:
        self._embed = embed
        self._tokens = tokens
        self._block = block

    def __str__(self) -> str:
        token = self._tokens.add(self._embed())
        return f"\n\n{token}\n\n" if self._block else token


class MetricName(Embedded):
    """A metric: prints its value with unit and interval.

    Its parts: `value` and `baseline` print with the unit; `number`, `low`, `high` and `n` without; `unit` is the word.
    """

    def __init__(self, metric: Metric, tokens: Tokens) -> None:
        super().__init__(lambda: ours(metric_markup(metric)), tokens, block=False)
        shown, low, high = shown_parts(metric)
        parts: dict[str, Any] = {
            "value": Quantity(metric.value, shown, tokens, metric.unit),
            "number": Quantity(metric.value, shown, tokens),
            "unit": Words(metric.unit or "", tokens),
        }
        if metric.interval:
            parts["low"] = Quantity(metric.interval[0], low, tokens)
            parts["high"] = Quantity(metric.interval[1], high, tokens)
        if metric.baseline is not None:
            parts["baseline"] = Quantity(metric.baseline, rounded(metric.baseline), tokens, metric.unit)
        if metric.n is not None:
            parts["n"] = Quantity(metric.n, rounded(metric.n), tokens)
        self._parts = Names(f"metrics.{metric.name}", parts)

    def __getitem__(self, name: object) -> Any:
        return self._parts[name]


def parameter(value: Any, tokens: Tokens) -> Any:
    """Return a param as a write-up sees it: numbers print as recorded, texts as text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Quantity(value, rounded(value), tokens)
    if isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, str):
        return Words(value, tokens)
    return [parameter(inner, tokens) for inner in value] if isinstance(value, list) else value
