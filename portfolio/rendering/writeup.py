"""Write-ups: Markdown with Jinja, rendered in a sandbox from bound values only, text in and HTML out.

What is here takes as long, and as much memory, as an author's text makes it take: it runs in `limited_process` alone.
"""

import re
from collections.abc import Mapping
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from portfolio.rendering.maths import FormulaError
from portfolio.rendering.names import Embedded, MetricName, Names, parameter
from portfolio.rendering.numbers import rounded
from portfolio.rendering.orders import Answer, Meaning, Tokens, Writing
from portfolio.rendering.problems import PageError, did_you_mean
from portfolio.rendering.prose import prose_html

MOST_RENDERED = 1_000_000
"""Characters a write-up may become."""
_PROBLEMS = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError)


def rendered(writing: Writing) -> Answer:
    """Return the write-up as sanitised HTML with tokens.

    Raises:
        PageError: it names something unknown, does not parse, or becomes too long.
    """
    tokens = Tokens(writing.text)
    written = _evaluated(writing, _bound(writing, tokens))
    if len(written) > MOST_RENDERED:
        most = f"{MOST_RENDERED // 1_000_000} MB"
        raise PageError(f"{writing.file}: becomes longer than {most} of text; shorten its loops")
    try:
        html = prose_html(written, writing.prefix, lambda formula: tokens.add(Meaning(kind="markup", text=formula)))
    except FormulaError as error:
        raise PageError(f"{writing.file}: {error}; write a dollar sign as &#36;") from error
    except RecursionError as error:
        raise PageError(f"{writing.file}: nests quotes, lists or brackets too deeply") from error
    return Answer(html=html, meanings=tuple(tokens.meanings))


def _bound(writing: Writing, tokens: Tokens) -> dict[str, Any]:
    """Return every name a write-up knows."""

    def embedded(kind: str, name: str) -> Embedded:
        return Embedded(lambda: Meaning(kind=kind, text=name), tokens, block=True)

    return {
        "metrics": Names("metrics", {metric.name: MetricName(metric, tokens) for metric in writing.metrics}),
        "params": Names("params", {name: parameter(value, tokens) for name, value in writing.params.items()}),
        "figures": Names("figures", {name: embedded("figure", name) for name in writing.figures}),
        "tables": Names("tables", {name: embedded("table", name) for name in writing.tables}),
        "verdict": writing.verdict,
        "typed": str,
    }


def _evaluated(writing: Writing, names: Mapping[str, Any]) -> str:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, finalize=_printed)
    environment.globals.clear()
    try:
        return environment.from_string(writing.text).render(names)
    except TemplateSyntaxError as error:
        raise PageError(f"{writing.file}:{error.lineno}: {_one_line(error.message or 'does not parse')}") from error
    except _PROBLEMS as error:
        raise PageError(f"{writing.file}:{_line(error)}: {_problem(error, names)}") from error


def _printed(value: Any) -> Any:
    """Round what a write-up calculated; a recorded number prints itself."""
    return rounded(value) if type(value) is float else value


def _problem(error: BaseException, names: Mapping[str, Any]) -> str:
    unknown = re.fullmatch(r"'(\w+)' is undefined", str(error))
    if isinstance(error, UndefinedError) and unknown:
        return f"unknown name '{unknown[1]}'{did_you_mean(unknown[1], names)}"
    return _one_line(str(error) or type(error).__name__)


def _line(error: BaseException) -> int:
    """Return the line of the write-up that was being evaluated; Jinja gives its frames the template's lines."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]
