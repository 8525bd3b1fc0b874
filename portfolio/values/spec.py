"""The spec of a project: the whole schema, strict; `spec_schema.py` makes the JSON Schema for editors of it."""

import re
from collections.abc import Mapping
from datetime import date as Day  # noqa: N812 - a field is called date
from datetime import datetime
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    FiniteFloat,
    JsonValue,
    PositiveInt,
    StringConstraints,
    model_validator,
)

from portfolio.values.slugs import NAME, SLUG

_MEMORY = re.compile(r"([1-9][0-9]{0,5})\s*(KiB|MiB|GiB|TiB)")
_UNITS = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("holds a control character or a line break")
    if not text.strip():
        raise ValueError("is empty")
    return text.strip()


def _printable(text: str) -> str:
    if not all(char.isprintable() or char in "\n\t" for char in text):
        raise ValueError("holds a control character")
    return text.strip()


def _many(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _one_or_many(value: object) -> object:
    return (value,) if isinstance(value, str) else _many(value)


def _plain_date(value: object) -> object:
    if isinstance(value, datetime):
        raise ValueError("wants a day, like 2026-03-01, without a time")  # noqa: TRY004 - pydantic collects ValueErrors
    return value


def _web_address(text: str) -> str:
    if not re.fullmatch(r"(https?://|mailto:)[^\s\"'<>]+", text):
        raise ValueError("is not an address that starts with https://, http:// or mailto:")
    return _without_password(text)


def _without_password(text: str) -> str:
    if re.search(r"://[^\s/@:]*:[^\s/@]+@", text):
        raise ValueError("holds a password, and is published: write the address without it")
    return text


def _finite(value: JsonValue) -> JsonValue:
    if isinstance(value, float) and not abs(value) < float("inf"):
        raise ValueError("holds a number that is not finite")
    for inner in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
        _finite(inner)
    return value


def memory_bytes(text: str) -> int:
    """Return the bytes of a size such as `4GiB`.

    Raises:
        ValueError: the text is no size.
    """
    found = _MEMORY.fullmatch(text)
    if not found:
        raise ValueError("is not a size like '4GiB' or '512MiB'")
    return int(found[1]) * _UNITS[found[2]]


def _memory(text: str) -> str:
    memory_bytes(text)
    return text


Line = Annotated[str, AfterValidator(_one_line), StringConstraints(max_length=300)]
Title = Annotated[str, AfterValidator(_one_line), StringConstraints(max_length=120)]
Prose = Annotated[str, AfterValidator(_printable), StringConstraints(max_length=4000)]
Source = Annotated[Prose, AfterValidator(_without_password)]
Proses = Annotated[tuple[Prose, ...], BeforeValidator(_one_or_many), Field(max_length=50)]
Tag = Annotated[str, AfterValidator(_one_line), StringConstraints(max_length=40)]
Slug = Annotated[str, StringConstraints(pattern=f"^{SLUG}$")]
Name = Annotated[str, StringConstraints(pattern=f"^{NAME}$", max_length=100)]
Address = Annotated[str, AfterValidator(_web_address), StringConstraints(max_length=2000)]
EnvironmentName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Memory = Annotated[str, AfterValidator(_memory)]
Param = Annotated[JsonValue, AfterValidator(_finite)]
Many = BeforeValidator(_many)
RelativePath = Annotated[str, AfterValidator(_one_line), StringConstraints(max_length=1000)]


class Table(BaseModel):
    """A table of the spec: immutable, exact about types, closed to unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Headline(Table):
    """The one number a project stands for."""

    metric: Name
    """Name of the metric that is the result."""
    baseline: Name | FiniteFloat | None = None
    """What it is compared with: the name of another metric, or a number; a script may log it instead."""
    goal: Literal["maximize", "minimize"] | None = None
    """Which direction is better; a script may log it instead."""
    unit: Annotated[str, AfterValidator(_one_line), StringConstraints(max_length=40)] | None = None
    """What one unit of it is, shown behind the number."""
    tolerance: Annotated[FiniteFloat, Field(ge=0)] | None = None
    """How far a recomputed value may lie from the recorded one and count as the same."""
    rope: Annotated[FiniteFloat, Field(ge=0)] = 0.01
    """Region of practical equivalence: a smaller difference does not matter."""


class Data(Table):
    """One data set the project uses."""

    name: Line
    source: Source | None = None
    """Where it comes from, an address or words."""
    licence: Line | None = None
    path: RelativePath | None = None
    """The file or folder, relative to the project's folder."""
    kind: Literal["real", "synthetic"] = "real"
    period: Line | None = None
    group: Line | None = None
    """The column whose values must not be split between training and test."""
    time: Line | None = None
    """The column that orders the rows in time."""
    publish: bool = False
    """Whether the file itself, and models that keep rows of it, may be published; needs a licence."""

    @model_validator(mode="after")
    def _published_only_with_a_licence(self) -> "Data":
        if self.publish and not self.licence:
            raise ValueError("publish = true needs a licence")
        return self


class DoneWhen(Table):
    """When the project is good enough to stop."""

    metric: Name
    min: FiniteFloat | None = None
    max: FiniteFloat | None = None

    @model_validator(mode="after")
    def _has_one_bound(self) -> "DoneWhen":
        if (self.min is None) == (self.max is None):
            raise ValueError("wants exactly one of 'min' and 'max'")
        return self


class Run(Table):
    """How the script is executed."""

    timeout: Annotated[FiniteFloat, Field(gt=0, le=604_800)] | None = None
    """Seconds of wall time for the whole run; 600 unless the workspace says otherwise."""
    memory: Memory | None = None
    """Memory of the run, such as '4GiB'."""
    threads: Annotated[int, Field(ge=1, le=1024)] | None = None
    """Threads numerical libraries may use in one process; 1 unless the workspace says otherwise."""
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    """Seed of `random`, NumPy and PyTorch; also `portfolio.seed`."""
    env: Annotated[tuple[EnvironmentName, ...], Many] = ()
    """Names of environment variables the script may see."""
    network: bool = True
    """Whether the script may use the network."""
    execute: bool = True
    """False shows a notebook with the outputs it was saved with, and says so."""
    ci: Literal["run", "recorded"] = "run"
    """In continuous integration: execute, or show the committed recorded run."""
    command: Annotated[tuple[Prose, ...], Many, Field(min_length=1)] | None = None
    """Program and arguments to run instead of the script."""
    resources: Mapping[str, FiniteFloat] = {}
    """Resources a cluster's worker must offer."""
    expect_failure: Line | None = None
    """Why this script is meant to fail."""


class Spec(Table):
    """A project, as its author describes it; `title` and `summary` are enough to begin with."""

    title: Title
    """The finding, in at most 120 characters."""
    summary: Line
    """One or two sentences for cards and search engines."""
    question: Prose | None = None
    """What was asked."""
    decision: Prose | None = None
    """Who decides what with the answer."""
    headline: Headline | None = None
    data: Annotated[tuple[Data, ...], Many, Field(max_length=50)] = ()
    limits: Proses = ()
    """What the result does not say."""
    follow_up: Proses = ()
    """What to try next."""
    tags: Annotated[tuple[Tag, ...], Many, Field(max_length=30)] = ()
    date: Annotated[Day, BeforeValidator(_plain_date)] | None = None
    """The day of the result; the folder's last commit unless given."""
    role: Line | None = None
    featured: bool = False
    hero: Name | None = None
    """Name of the figure shown first."""
    draft: bool = False
    """Drafts are built by `serve` and with `--drafts`, never published otherwise."""
    kind: Literal["applied", "one-off", "embedded", "deep", "from-scratch"] = "applied"
    script: RelativePath = "script.py"
    code: bool = True
    """False publishes figures and numbers without code, output or data."""
    problem: Prose | None = None
    intended_use: Proses = ()
    rejected: Proses = ()
    """Approaches considered and not taken, with the reason."""
    did_not_work: Proses = ()
    learned: Proses = ()
    on_faith: Proses = ()
    """What was taken on faith for now."""
    builds_on: Annotated[tuple[Slug, ...], Many] = ()
    """Slugs of projects this one continues."""
    concepts: Annotated[tuple[Tag, ...], Many] = ()
    resources: Proses = ()
    """Books, articles and courses used."""
    links: Mapping[Tag, Address] = {}
    minutes: PositiveInt | None = None
    """Time spent on the project."""
    maturity: Literal["prototype", "operational"] | None = None
    pretrained: Proses = ()
    """Pre-trained parts, and whose they are."""
    process: Annotated[tuple[Tag, ...], Many] = ()
    """The steps of the project, if not define, prepare, spot-check, improve, present."""
    aliases: Annotated[tuple[Slug, ...], Many] = ()
    """Old slugs, redirected to this one."""
    params: Mapping[str, Param] = {}
    """Inputs of the script, read there as `portfolio.params`."""
    done_when: DoneWhen | None = None
    run: Run = Run()
