"""Write-ups: Markdown with Jinja, rendered in a sandbox from bound values only, text in and HTML out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from portfolio.rendering.names import Embed, Embedded, MetricName, Names, Tokens, parameter
from portfolio.rendering.numbers import rounded
from portfolio.rendering.problems import PageError, did_you_mean
from portfolio.rendering.prose import pieces, prose_html
from portfolio.values.record import Result

MOST_WRITTEN = 200_000
"""Bytes of a write-up."""
MOST_RENDERED = 1_000_000
"""Characters a write-up may become."""
_PROBLEMS = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    MemoryError,
    RecursionError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Embeds:
    """What a write-up can embed: markup by name, made when it is asked for."""

    figures: Mapping[str, Embed]
    tables: Mapping[str, Embed]
    verdict: str


def writeup_html(text: str, file: str, result: Result, embeds: Embeds, prefix: str) -> Markup:
    """Return the write-up as HTML that is safe to show.

    Args:
        text: the write-up.
        file: what messages call it, such as `projects/x/writeup.md`.
        result: the values it may name.
        embeds: the figures and tables it may embed.
        prefix: what ids begin with.

    Raises:
        PageError: it names something unknown, does not parse, or is too long.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MOST_WRITTEN:
        raise PageError(
            f"{file}: is longer than {MOST_WRITTEN // 1000} kB; move parts into notes.md or another project"
        )
    tokens = Tokens(text)
    written = _evaluated(text, file, _bound(result, embeds, tokens))
    if len(written) > MOST_RENDERED:
        raise PageError(f"{file}: becomes longer than {MOST_RENDERED // 1_000_000} MB of text; shorten its loops")
    return _filled(prose_html(written, prefix), tokens)


def _bound(result: Result, embeds: Embeds, tokens: Tokens) -> dict[str, Any]:
    """Return every name a write-up knows."""
    figures = {name: Embedded(embed, tokens, block=True) for name, embed in embeds.figures.items()}
    tables = {name: Embedded(embed, tokens, block=True) for name, embed in embeds.tables.items()}
    return {
        "metrics": Names("metrics", {metric.name: MetricName(metric, tokens) for metric in result.metrics}),
        "params": Names("params", {name: parameter(value, tokens) for name, value in result.params.items()}),
        "figures": Names("figures", figures),
        "tables": Names("tables", tables),
        "verdict": embeds.verdict,
        "typed": str,
    }


def _evaluated(text: str, file: str, names: Mapping[str, Any]) -> str:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, finalize=_printed)
    environment.globals.clear()
    try:
        return environment.from_string(text).render(names)
    except TemplateSyntaxError as error:
        raise PageError(f"{file}:{error.lineno}: {_one_line(error.message or 'does not parse')}") from error
    except _PROBLEMS as error:
        raise PageError(f"{file}:{_line(error)}: {_problem(error, names)}") from error


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


def _filled(html: str, tokens: Tokens) -> Markup:
    """Put markup in place of the tokens: as it is in text, as plain text inside a tag."""

    def markup(found: re.Match[str]) -> str:
        return str(tokens.meanings.get(found[0], found[0]))

    def plain(found: re.Match[str]) -> str:
        return str(escape(tokens.meanings[found[0]].striptags())) if found[0] in tokens.meanings else found[0]

    parts = [tokens.pattern.sub(plain if is_tag else markup, part) for is_tag, part in pieces(html)]
    return Markup("".join(_without_empty_paragraphs(parts)))  # noqa: S704 - sanitised, and our own


def _without_empty_paragraphs(parts: list[str]) -> list[str]:
    """Drop the paragraph that stands around a block alone: a figure must not stand in one."""
    kept = list(parts)
    for place in range(1, len(kept) - 1):
        alone = kept[place - 1] == "<p>" and kept[place + 1] == "</p>"
        if alone and kept[place].lstrip().startswith(("<figure", "<p class=")):
            kept[place - 1] = kept[place + 1] = ""
    return kept
