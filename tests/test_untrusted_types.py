"""A project's string reaches a reader through one module: the type checker, the sources and every field say so."""

import ast
import dataclasses
import enum
import re
import types
import typing
from collections.abc import Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Any

import pydantic
import pytest

import portfolio
from portfolio.rendering.escape import block, document
from portfolio.rendering.links import Link
from portfolio.rendering.pages import render
from portfolio.rendering.project import Written
from portfolio.templates import shipped_templates
from portfolio.values.entry import Entry, Provenance, Status, Trust
from portfolio.values.page import Page
from portfolio.values.project import Project
from portfolio.values.record import Record
from portfolio.values.settings import AuthorSettings
from portfolio.values.site import Author, Site
from portfolio.values.spec import Spec
from portfolio.values.untrusted import Href

HOUSE = Path(portfolio.__file__).parent
SINK = "rendering/escape.py"
MADE_BY = {
    "PageText": {SINK},
    "Href": {SINK},
    "from_sanitiser": {"rendering/cells.py", "rendering/code.py", "rendering/prose_page.py"},
}
CHECKED = {
    "figure.light",
    "figure.dark",
    "figure.data",
    "item.address",
    "source.address",
    "view.ask",
    "view.newer.address",
    "view.older.address",
    "table.file",
    "link.address",
    "file.address",
    "tag.address",
    "side.address",
    "view.questions",
    "view.source",
    "card.hero.light",
    "card.hero.dark",
    "target",
    "canonical",
}
OURS = {"root", "card.slug", "finder.slug", "other.slug", "project.slug", "warning.anchor", "tag.anchor"}
"""What else an address is put together from: made of letters, digits, hyphens and dots alone."""


def _leaks(spec: Spec) -> None:
    """Every way round the sink: the type checker says so of each, or else that it had nothing to ignore here."""
    Page(path=PurePosixPath("index.md"), text=spec.title)  # type: ignore[arg-type]
    document(title=spec.title, description=spec.summary, html=spec.title)  # type: ignore[arg-type]
    block(spec.title)  # type: ignore[arg-type]
    path: Href = spec.title  # type: ignore[assignment]
    Link(label=spec.title, address=spec.title)  # type: ignore[arg-type]
    Written(writeup=spec.title, notes=path, figures=frozenset(), tables=frozenset(), code=())  # type: ignore[arg-type]


def test_only_the_sink_makes_text_that_may_be_shown() -> None:
    found: dict[str, set[str]] = {name: set() for name in MADE_BY}
    for path in sorted(HOUSE.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = ast.unparse(call.func)
            if name in found:
                found[name].add(path.relative_to(HOUSE).as_posix())
            if name == "Markup" and path.relative_to(HOUSE).as_posix() != SINK:
                assert all(isinstance(given, ast.Constant) for given in call.args), f"{path}:{call.lineno}"

    assert found == MADE_BY


def test_templates_escape_everything_and_lead_only_where_the_sink_allows() -> None:
    own = [path for path in sorted(shipped_templates().rglob("*.html")) if "theme" not in path.parts]
    texts = {path: path.read_text(encoding="utf-8") for path in own}

    for path, text in texts.items():
        assert not re.search(r"\|\s*safe\b|autoescape|striptags|Markup", text), path
        for value in re.findall(r'\b(?:href|src|action|srcset|data)="([^"]*)"', text):
            assert set(re.findall(r"{{\s*(.*?)\s*}}", value)) <= CHECKED | OURS, (path, value)
    assert len(own) > 10


def test_the_theme_s_templates_escape_the_author_s_settings() -> None:
    for path in sorted((shipped_templates() / "theme").rglob("*.html")):
        for shown in re.findall(r"{{\s*(.*?)\s*}}", path.read_text(encoding="utf-8")):
            is_setting = re.match(r"config\.(?!copyright)|other\.|nav\.|item\.", shown)
            assert not is_setting or re.search(r"\|\s*(?:e|url)$", shown), (path.name, shown)


class _Seen(HTMLParser):
    """Where marked strings come to stand in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags |= {tag, *(name for name, _ in attrs)}
        self.text += " ".join(value or "" for name, value in attrs if name not in {"href", "src"})

    def handle_data(self, data: str) -> None:
        self.text += data


class Marks:
    """Fills every string of a value with a hostile one that tells which field it was."""

    def __init__(self) -> None:
        self._numbers = count()
        self.given: dict[str, str] = {}

    def text(self, field: str) -> str:
        mark = f"k{next(self._numbers)}k"
        self.given[mark] = field
        return f'<pf-{mark} onx="1">"\'&lt;`{mark}`{{{{ 7 }}}}'

    def fill(self, kind: Any, field: str) -> Any:
        """Return a value of the type, each of its strings marked."""
        origin, inner = typing.get_origin(kind), typing.get_args(kind)
        if origin in (types.UnionType, typing.Union):
            return self.fill(next(one for one in inner if one is not type(None)), field)
        if origin is tuple:
            return tuple(self.fill(one, field) for one in inner if one is not Ellipsis)
        if origin is not None and issubclass(origin, Mapping):
            return {self.text(f"{field} (key)"): self.fill(inner[1], field)}
        if isinstance(kind, type) and dataclasses.is_dataclass(kind):
            hints = typing.get_type_hints(kind)
            found = dataclasses.fields(kind)
            return kind(**{one.name: self.fill(hints[one.name], f"{kind.__name__}.{one.name}") for one in found})
        return self._plain(kind, field)

    def _plain(self, kind: Any, field: str) -> Any:
        if kind in (str, Any):
            return self.text(field)
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            return next(iter(kind))
        return {int: 1, float: 1.5, bool: True, datetime: datetime(2026, 11, 1, tzinfo=UTC)}[kind]


NOT_SHOWN = {
    "Record.slug", "Record.key", "Record.parts", "Record.parts (key)", "Record.files", "Record.files (key)",
    "Metric.splits", "Metric.name", "Figure.name", "Figure.step", "Table.name", "Table.step", "Figure.light",
    "Figure.dark", "Figure.data", "Table.file", "Artifact.name", "Artifact.file", "Failure.message", "Failure.detail",
    "Site.name",
    "Spec.concepts", "Spec.params", "Spec.params (key)", "Spec.process", "Circumstances.place",
    "CellSource.text", "CellSource.tags", "Output.kind", "Output.text", "Output.plain",
}  # fmt: skip
"""Fields that no page shows: names and paths that were given another value here, what another field stands in for,
what only commands say, and cells, which stand in place of the output and carry every payload in `payloads/`."""


@pytest.fixture
def marked(tmp_path: Path) -> tuple[Marks, str]:
    """Return a site rendered from values whose every string is marked, as one text, and what was marked."""
    marks = Marks()
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "script.py").write_text("x = 1\n", encoding="utf-8")
    record: Record = marks.fill(Record, "Record")
    for name in ("f.png", "t.csv"):
        (tmp_path / name).write_bytes(b"a,b\n1,2\n")
    figure = dataclasses.replace(record.result.figures[0], name="f", light="f.png", dark=None)
    table = dataclasses.replace(record.result.tables[0], name="t", file="t.csv")
    metric = dataclasses.replace(record.result.metrics[0], name="m")
    result = dataclasses.replace(record.result, figures=(figure,), tables=(table,), metrics=(metric,), cells=())
    circumstances = dataclasses.replace(record.circumstances, cells=())
    spec = Spec.model_validate(_filled(Spec, marks) | {"headline": {"metric": "m"}})
    entry = Entry(
        project=Project(slug="p", folder=tmp_path / "p", spec=spec),
        status=Status.RAN,
        reason="",
        record=dataclasses.replace(record, result=result, circumstances=circumstances, failure=None),
        files=tmp_path,
        failure=None,
        trust=Trust.RECOMPUTED,
        provenance=Provenance(),
    )
    author = Author(**{name: value for name, value in _filled(AuthorSettings, marks).items() if name != "links"})
    site = Site(name=marks.text("Site.name"), url=None, description=marks.text("Site.description"), author=author)
    pages = render([entry], site, [shipped_templates()])
    assert not pages.failures
    return marks, "\n".join(page.text for page in pages.pages if page.path.suffix == ".md")


def _filled(model: type[pydantic.BaseModel], marks: Marks) -> dict[str, Any]:
    """Return values for every field of a model that takes free text."""
    given: dict[str, Any] = {}
    for name in model.model_fields:
        field = f"{model.__name__}.{name}"
        for kind in (str, tuple[str, ...], Mapping[str, str]):
            known, value = dict(marks.given), marks.fill(kind, field)
            value = list(value) if isinstance(value, tuple) else value
            try:
                model.model_validate({"title": "t", "summary": "s", name: value} if model is Spec else {name: value})
            except pydantic.ValidationError:
                marks.given = known
                continue
            given[name] = value
            break
    return given


def test_every_field_is_shown_as_text_or_not_at_all(marked: tuple[Marks, str]) -> None:
    marks, text = marked
    seen = _Seen()
    seen.feed(text)

    became = {mark: field for mark, field in marks.given.items() if f"pf-{mark}" in seen.tags}
    missing = {field for mark, field in marks.given.items() if mark not in text} - NOT_SHOWN

    assert became == {}
    assert "onx" not in seen.tags
    assert sorted(missing) == []
