"""A write-up's place on a page: rendered under limits, its tokens replaced by numbers, figures and tables of ours."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from portfolio.rendering.escape import from_sanitiser
from portfolio.rendering.limited import Limited, LimitError
from portfolio.rendering.orders import Meaning, Order, Tokens, Writing
from portfolio.rendering.pieces import pieces
from portfolio.rendering.problems import PageError
from portfolio.values.record import Result

MOST_WRITTEN = 200_000
"""Bytes of a write-up."""
MOST_SHOWN = 8_000_000
"""Characters of the HTML a write-up becomes, with all it embeds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Embeds:
    """What a write-up can embed: markup by name, made when it is asked for."""

    figures: Mapping[str, Callable[[], Markup]]
    tables: Mapping[str, Callable[[], Markup]]
    verdict: str


def too_long(file: str) -> PageError:
    """Return what is said of a write-up with too many bytes."""
    return PageError(f"{file}: is longer than {MOST_WRITTEN // 1000} kB; move parts into notes.md or another project")


def writeup_html(text: str, file: str, result: Result, embeds: Embeds, prefix: str, limited: Limited) -> Markup:
    """Return the write-up as HTML that is safe to show.

    Args:
        text: the write-up.
        file: what messages call it, such as `projects/x/writeup.md`.
        result: the values it may name.
        embeds: the figures and tables it may embed.
        prefix: what ids begin with.
        limited: the process to render it in.

    Raises:
        PageError: it names something unknown, does not parse, is too long, or cannot be rendered within the limits.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MOST_WRITTEN:
        raise too_long(file)
    writing = Writing(
        text=text,
        file=file,
        prefix=prefix,
        metrics=result.metrics,
        params=result.params,
        figures=tuple(embeds.figures),
        tables=tuple(embeds.tables),
        verdict=embeds.verdict,
    )
    try:
        answer = limited.ask(Order(writing=writing))
    except LimitError as error:
        raise PageError(f"{file}: {error}") from error
    if answer.problem:
        raise PageError(answer.problem)
    return filled(answer.html, Tokens(text), _meant(answer.meanings, embeds, file))


def _meant(meanings: tuple[Meaning, ...], embeds: Embeds, file: str) -> list[Markup]:
    """Return the markup each token stands for, in their order: the first time, a figure carries its id."""
    found, length = [], 0
    for meaning in meanings:
        known = {"figure": embeds.figures, "table": embeds.tables}.get(meaning.kind)
        markup = known[meaning.text]() if known is not None else from_sanitiser(meaning.text)
        length += len(markup)
        if length > MOST_SHOWN:
            raise PageError(f"{file}: becomes a page of more than {MOST_SHOWN // 1_000_000} MB; embed less")
        found.append(markup)
    return found


def filled(html: str, tokens: Tokens, meanings: list[Markup]) -> Markup:
    """Put markup in place of the tokens: as it is in text, as plain text inside a tag."""
    meant = {tokens.name(number): markup for number, markup in enumerate(meanings)}

    def markup(found: re.Match[str]) -> str:
        return str(meant.get(found[0], found[0]))

    def plain(found: re.Match[str]) -> str:
        return str(escape(meant[found[0]].striptags())) if found[0] in meant else found[0]

    parts = [tokens.pattern.sub(plain if is_tag else markup, part) for is_tag, part in pieces(html)]
    return from_sanitiser("".join(_without_empty_paragraphs(parts)))


def _without_empty_paragraphs(parts: list[str]) -> list[str]:
    """Drop the paragraph that stands around a block alone: a figure must not stand in one."""
    kept = list(parts)
    for place in range(1, len(kept) - 1):
        alone = kept[place - 1] == "<p>" and kept[place + 1] == "</p>"
        if alone and kept[place].lstrip().startswith(("<figure", "<p class=")):
            kept[place - 1] = kept[place + 1] = ""
    return kept
