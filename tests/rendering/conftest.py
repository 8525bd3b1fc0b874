"""Entries to render, built from as little as a test wants to say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from portfolio.rendering.pages import Rendered, render
from portfolio.templates import shipped_templates
from portfolio.values.entry import Earlier, Entry, Provenance, Status, Trust
from portfolio.values.page import Page
from portfolio.values.project import Project
from portfolio.values.record import Circumstances, Commit, Failure, Figure, Record, Result, Table
from portfolio.values.site import Author, Site
from portfolio.values.spec import Spec

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
SITE = Site(name="Ada Example", url=None, description="", author=Author(name="Ada Example"))


@dataclass
class Bench:
    """A workspace in which entries are made and rendered."""

    root: Path
    entries: list[Entry] = field(default_factory=list)

    def add(  # noqa: PLR0913 - a test names what it is about
        self,
        slug: str = "one",
        *,
        result: Result | None = None,
        files: dict[str, str | bytes] | None = None,
        recorded: dict[str, str | bytes] | None = None,
        failure: Failure | None = None,
        commit: Commit | None = None,
        provenance: Provenance | None = None,
        earlier: Earlier | None = None,
        data_digests: dict[str, str] | None = None,
        **spec: Any,
    ) -> Entry:
        folder = self.root / "projects" / slug
        kept = self.root / "records" / slug
        for base, contents in ((folder, {"script.py": "x = 1\n", **(files or {})}), (kept, recorded or {})):
            base.mkdir(parents=True, exist_ok=True)
            for name, content in contents.items():
                path = base / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
        ran = Circumstances(
            started=datetime(2026, 11, 2, tzinfo=UTC),
            seconds=1.0,
            cpu_seconds=1.0,
            peak_memory=1,
            python="3.11.7",
            platform="Linux",
            packages={"numpy": "2.4.6"},
            data={"data/a.csv": "ab" * 32} if data_digests is None else data_digests,
            commit=commit,
        )
        entry = Entry(
            project=Project(
                slug=slug, folder=folder, spec=Spec.model_validate({"title": "A title", "summary": "A summary."} | spec)
            ),
            status=Status.FAILED if failure else Status.RAN,
            reason="",
            record=Record(
                schema=1, slug=slug, key="k", parts={}, result=result or Result(), circumstances=ran, files={}
            ),
            files=kept,
            failure=failure,
            trust=Trust.LAST_GOOD if failure else Trust.RECOMPUTED,
            provenance=provenance or Provenance(),
            earlier=earlier,
        )
        self.entries.append(entry)
        return entry

    def render(self, site: Site = SITE, own: Sequence[Path] = ()) -> Rendered:
        return render(self.entries, site, [*own, shipped_templates()])

    def page(self, slug: str = "one") -> Page:
        rendered = self.render()
        assert not rendered.failures
        return page_of(rendered, f"projects/{slug}/index.md")


def page_of(rendered: Rendered, path: str) -> Page:
    return next(page for page in rendered.pages if page.path.as_posix() == path)


def figure(name: str, **other: Any) -> Figure:
    values = {"alt": f"alt of {name}", "caption": f"caption of {name}", "dark": f"figures/{name}-dark.png"} | other
    return Figure(name=name, light=f"figures/{name}.png", width=700, height=420, **values)


def table(name: str) -> Table:
    return Table(name=name, caption=f"caption of {name}", file=f"tables/{name}.csv", rows=1, columns=2)


@pytest.fixture(scope="session")
def new_bench() -> type[Bench]:
    return Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture
def find() -> Callable[[Rendered, str], Page]:
    return page_of


@pytest.fixture(scope="session")
def a_figure() -> Callable[..., Figure]:
    return figure


@pytest.fixture(scope="session")
def a_table() -> Callable[[str], Table]:
    return table


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture
def tags() -> Callable[[str], list[tuple[str, dict[str, str | None]]]]:
    def read(html: str) -> list[tuple[str, dict[str, str | None]]]:
        parser = _Tags()
        parser.feed(html)
        return parser.found

    return read


@pytest.fixture
def pixel() -> bytes:
    return PIXEL
