"""Numbers as people write them in prose: `87 %`, `1,234`, `.87`, `3.2e-4`, `12k`, nine in ten."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_HIDDEN = re.compile(
    r"\{\{.{0,2000}?\}\}|\{%.{0,2000}?%\}|\{#.{0,2000}?#\}"  # Jinja
    r"|^(?P<fence>`{3,9}|~{3,9})(?![`~]).{0,20000}?^(?P=fence)"  # code
    r"|`[^`\n]{0,500}[A-Za-z_=][^`\n]{0,500}`"  # code; a bare number in it is prose
    r"|<!--.{0,2000}?-->|<[^>\n]{0,500}>"  # HTML
    r"|(?<=\])\([^)\n]*\)|https?://\S+|\[\^[^\]\n]*\]:?"  # addresses, footnotes
    r"|^\s{0,3}(?:\d+[.)]\s|#+\s+\d+(?:\.\d+)*[.)]?\s(?!%|per))"  # numbers of lists and headings
    r"|\b\d{4}-\d\d(?:-\d\d)?\b|\b\d{1,2}:\d\d(?::\d\d)?\b"  # dates and times
    r"|\bv?\d+\.\d+\.\d+\S*|\bdoi:\S+|\b10\.\d{4,}/\S+",  # versions, identifiers
    re.DOTALL | re.MULTILINE,
)
_NUMBER = re.compile(
    r"(?<![\w.,/^])(?P<sign>[-\u2212\u2013+\u00b1]\s?|minus\s)?"
    r"(?P<digits>\d{1,3}(?:[,\u202f\u00a0\u2009' ]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    r"(?:\s?(?:e|[x\u00d7]\s?10\^?)(?P<power>[-\u2212]?\d+)|(?P<thousand>k)\b)?"
    r"(?P<percent>\s?%|\s(?:per\s?cent|percent)\b|(?=\s?[-\u2013]\s?[\d.]+\s?(?:%|per\s?cent))|(?=\spercentage))?"
    r"(?![\w^]|[/\u2215]\d|[.,]\d)"
)
_UNITS = {
    word: number
    for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)  # noqa: SIM905
} | {"twenty": 20, "hundred": 100}
_COUNT = rf"(?:\d+|{'|'.join(_UNITS)})"
_SHARE = re.compile(
    rf"\b(?P<part>{_COUNT})(?:\s+times)?\s+(?:in|out\s+of)\s+(?:every\s+)?(?P<whole>{_COUNT})\b", re.IGNORECASE
)
_FRACTION = re.compile(r"\b(?P<part>one|two|three|four)[\s-](?P<whole>third|quarter|fifth)s?\b", re.IGNORECASE)
_WHOLES = {"third": 3, "quarter": 4, "fifth": 5}
_HEDGE = re.compile(
    r"\b(?:about|around|almost|nearly|roughly|some|approximately|circa|ca\.|close to|just (?:over|under|above|below)"
    r"|(?:a little |slightly |well )?(?:over|under)|more than|less than|fewer than|up to)\s*$|[~\u2248]\s*$",
    re.IGNORECASE,
)
_ROLE_BEFORE = re.compile(
    r"\b(?:19|20)\d\d\b|"
    r"(?:threshold|cut-?off|alpha|significance|level|target|goal|limit|tolerance|budget|learning rate|dropout|ratio"
    r"|python|pandas|numpy|scikit-learn|version|chapter|section|table|figure|fig\.|page|step|seed|random_state"
    r"|confidence|extension|ext\.|p\.|pp\.|no\.|exit code)\s*(?:is|of|at|to|was|=|:)?\s*(?:the\s)?$",
    re.IGNORECASE,
)
_ROLE_AFTER = re.compile(
    r"^[\s-]*(?:\w+\s)?(?:confidence|intervals?\b|CI\b|credible|prediction (?:interval|range|band)|quantile|percentile"
    r"|level|threshold|split|of (?:the )?(?:data|rows|training)|holdout|hold-out|train|test (?:split|set)|significance"
    r"|dropout|folds?\b)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z*_\[{\"'\u201c])|\n\s*\n|\n(?=\s*[-*|]\s)")
_NEAR, _LONGEST = 40, 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Where a number stands."""

    line: int
    text: str
    """The number as it is written."""
    before: str
    after: str
    words: frozenset[str]
    """The words of the sentence around it, in small letters."""
    is_role: bool
    """Whether the neighbours say what it is: a confidence level, a threshold, a share of the data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelled:
    """One number of a text."""

    around: Around
    value: float
    unit: float
    """One in its last digit."""
    digits: int
    """How many of its digits tell something: zeros in front do not."""
    decimals: int
    is_percent: bool = False
    is_words: bool = False
    is_hedged: bool = False
    """Whether `about` or the like stands before it."""

    @property
    def is_whole(self) -> bool:
        """Whether it is a count, without decimals."""
        return self.decimals == 0 and not self.is_percent and not self.is_words


class _Text:
    """A text with its lines and sentences, found once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = [found.start() for found in re.finditer("\n", text)]
        self._begins = [0, *(found.end() for found in _SENTENCE_END.finditer(text))]
        ends = [*(found.start() for found in _SENTENCE_END.finditer(text)), len(text)]
        sentences = [text[begin : min(end, begin + _LONGEST)] for begin, end in zip(self._begins, ends, strict=True)]
        self._words = [frozenset(re.findall(r"[^\W_]+", sentence.casefold())) for sentence in sentences]

    def around(self, start: int, end: int) -> Around:
        """Return where the number between those characters stands."""
        before, after = self._text[max(0, start - _NEAR) : start], self._text[end : end + _NEAR]
        return Around(
            line=bisect_left(self._lines, start) + 1,
            text=self._text[start:end].strip(),
            before=before,
            after=after,
            words=self._words[bisect_right(self._begins, start) - 1],
            is_role=_ROLE_BEFORE.search(before) is not None or _ROLE_AFTER.match(after) is not None,
        )


def spelled_numbers(text: str) -> Iterator[Spelled]:
    """Yield the numbers of Markdown with Jinja in order, but for code, addresses, dates and what Jinja prints."""
    shown = _HIDDEN.sub(lambda found: re.sub(r"[^\n]", " " if found[0][0] != "{" else "\x00", found[0]), text)
    places = _Text(shown)
    shares = [*_SHARE.finditer(shown), *_FRACTION.finditer(shown)]
    taken = {place for found in shares for place in range(*found.span())}
    numbers = [found for found in _NUMBER.finditer(shown) if found.start() not in taken]
    for found in sorted([*shares, *numbers], key=lambda found: found.start()):
        spelled = _share(found, places) if "whole" in found.groupdict() else _number(found, places)
        if spelled is not None:
            yield spelled


def _number(found: re.Match[str], places: _Text) -> Spelled:
    digits = re.sub(r"[,\u202f\u00a0\u2009' ]", "", found["digits"])
    sign = (found["sign"] or "").strip()
    is_negative = (
        sign in ("-", "\u2212", "minus")
        and not found.string[max(0, found.start() - _NEAR) : found.start()].rstrip(" ")[-1:].isdigit()
    )
    power = int(found["power"].replace("\u2212", "-")) if found["power"] else 3 if found["thousand"] else 0
    decimals = len(digits.partition(".")[2])
    bare = digits.replace(".", "").lstrip("0")
    around = places.around(found.start() if is_negative else found.start("digits"), found.end())
    is_hedged = _HEDGE.search(around.before) is not None
    zeros = len(bare) - len(bare.rstrip("0")) if is_hedged and "." not in digits else 0
    return Spelled(
        around=around,
        value=(-1 if is_negative else 1) * float(digits) * 10.0**power,
        unit=10.0 ** (power - decimals + zeros),
        digits=len(bare) - zeros,
        decimals=decimals,
        is_percent=found["percent"] is not None,
        is_hedged=is_hedged,
    )


def _share(found: re.Match[str], places: _Text) -> Spelled | None:
    part, whole = (_count(found[name].casefold()) for name in ("part", "whole"))
    if not 0 < part < whole:
        return None
    around = places.around(found.start(), found.end())
    return Spelled(around=around, value=part / whole, unit=0.5 / whole, digits=2, decimals=0, is_words=True)


def _count(word: str) -> int:
    return int(word) if word.isdigit() else _WHOLES.get(word) or _UNITS[word]
