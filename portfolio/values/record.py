"""The record of a run: what it resulted in, under which circumstances, and how it failed if it did."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from portfolio.values.codec import LATER

SCHEMA = 3
"""Version of the record's shape; a stored record of another version counts as absent."""


IMPORTED = "imported from "
"""How the one part of a record's key begins that was made elsewhere; what it was made from follows."""
CLUSTER = "cluster"
"""The place of a run on a worker of a cluster; which one is nobody's to know."""
UNTOLD = "drawn by the script without a title"
"""How the alt text of a figure ends of which nobody said what it shows."""


class Goal(Enum):
    """Which direction of a metric is better."""

    MAXIMIZE = "maximize"
    MINIMIZE = "minimize"


class FailureKind(Enum):
    """The ways in which a project can fail; each keeps its last good page."""

    RAISED = "raised"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    OUTPUT_LIMIT = "output_limit"
    CRASHED = "crashed"
    NO_RESULT = "no_result"
    CHANGED_INPUTS = "changed_inputs"
    DOWNLOAD = "download"
    PAGE = "page"
    SECRET = "secret"  # noqa: S105 - the kind of failure, not a secret
    ARTIFACT = "artifact"
    ENVIRONMENT = "environment"
    WORKER_LOST = "worker_lost"
    WORSE = "worse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A number a run produced, with what is needed to judge it."""

    name: str
    value: int | float
    goal: Goal | None = None
    baseline: int | float | None = None
    interval: tuple[int | float, int | float] | None = None
    unit: str | None = None
    method: str | None = None
    n: int | None = None
    scores: tuple[int | float, ...] | None = None
    splits: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure: one image, or a light and a dark rendering of the same; paths are relative to the record."""

    name: str
    alt: str
    caption: str
    light: str
    dark: str | None
    width: int
    height: int
    step: str | None = None
    data: str | None = None
    """A CSV file with the numbers it was drawn from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table, kept as a CSV file relative to the record."""

    name: str
    caption: str
    file: str
    rows: int
    columns: int
    step: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A named text a script logged."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """Any other file a script logged."""

    name: str
    file: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """A warning, tied to the statement of the script it came from, not to a line number."""

    category: str
    message: str
    statement: int | None
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A named step of the process and what it cost, in seconds."""

    name: str
    seconds: float
    cpu_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One thing that a cell of a notebook or script showed.

    Its kind says what the text is: `printed`; `plain`, `html`, `markdown` of a value; an `error`; a `note` of ours; or
    the name of a `figure` or `table` of the run.
    """

    kind: str
    text: str
    plain: str = ""
    """What stands for HTML that cannot be shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What decides numbers and pages: digested and compared."""

    metrics: tuple[Metric, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    texts: tuple[Text, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    warnings: tuple[Warned, ...] = ()
    output: str = ""
    output_bytes: int = 0
    params: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    cells: tuple[tuple[Output, ...], ...] = field(default=(), metadata={LATER: True})
    """What each code cell showed, in the order of the cells; nothing where the script has no cells."""

    def metric(self, name: str | None) -> Metric | None:
        """Return the metric of that name, if there is one."""
        return next((metric for metric in self.metrics if metric.name == name), None)

    def file_names(self) -> tuple[str, ...]:
        """Return every file the result refers to, sorted, relative to the record."""
        names = [name for figure in self.figures for name in (figure.light, figure.dark, figure.data) if name]
        names += [table.file for table in self.tables] + [artifact.file for artifact in self.artifacts]
        return tuple(sorted(set(names)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """Where in the history the code stood when it ran."""

    sha: str
    date: datetime
    dirty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CellSource:
    """One cell of a notebook or script as it was when it ran."""

    is_code: bool
    text: str
    number: int
    """Of a code cell that does something, from 1; 0 of any other."""
    tags: tuple[str, ...] = ()
    is_rest: bool = False
    """Whether prose is reStructuredText."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a run cost, and where and when it happened: in no key, not compared."""

    started: datetime
    seconds: float
    cpu_seconds: float
    peak_memory: int
    """Bytes of the largest process of the run."""
    python: str
    platform: str
    packages: Mapping[str, str]
    data: Mapping[str, str]
    """Digests of the input files, by path relative to the project."""
    steps: tuple[Step, ...] = ()
    notes: tuple[str, ...] = ()
    """What a guard could not do here, said aloud."""
    commit: Commit | None = None
    cells: tuple[CellSource, ...] = field(default=(), metadata={LATER: True})
    """What was run, in its cells: a page shows them where the script does something else by now."""
    place: str = ""
    """Empty on one's own machine, `CI` in continuous integration, the web address of the run there, or `CLUSTER`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a project has no new result."""

    kind: FailureKind
    message: str
    """One line, ending in what to do where that is known."""
    detail: str = ""
    """The script's own traceback, or the end of its output."""
    line: int | None = None
    """The line of the script, where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The saved outcome of one run; `files` are the digests of everything beside it."""

    schema: int
    slug: str
    key: str
    parts: Mapping[str, str]
    result: Result
    circumstances: Circumstances
    files: Mapping[str, str]
    failure: Failure | None = None

    @property
    def origin(self) -> str:
        """What it was imported from, such as `a run of MLflow`; empty where it is of a run of this tool."""
        return next((name.removeprefix(IMPORTED) for name in self.parts if name.startswith(IMPORTED)), "")
