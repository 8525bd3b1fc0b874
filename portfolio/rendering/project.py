"""A project's page as values: everything its template shows, computed before the template sees it."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from portfolio.rendering.answers import Answer, answers
from portfolio.rendering.beside import BesideView, Comparable, besides
from portfolio.rendering.calling import CallView, call_views, withheld_reasons
from portfolio.rendering.cells import CellView
from portfolio.rendering.citation import citation
from portfolio.rendering.code import CodeView, WarningView, warning_views
from portfolio.rendering.demos import DemoView, demo_views
from portfolio.rendering.escape import path_address, safe_address
from portfolio.rendering.figures import FigureView
from portfolio.rendering.headline import Headline, HeadlineView, headline_view
from portfolio.rendering.history import HistoryView, history_view
from portfolio.rendering.links import Link, ask_link, environments_of, file_address, launch_links, notebook_of
from portfolio.rendering.metrics import MetricView, metric_view
from portfolio.rendering.offers import DataView, Offers, data_views
from portfolio.rendering.questions import Asked, Concept, Finder, Notes
from portfolio.rendering.relations import Around
from portfolio.rendering.reproduce import ReproduceView, StepView, reproduce_view, step_views
from portfolio.rendering.tables import TableView
from portfolio.rendering.trust import notice, trust_line
from portfolio.rendering.words import day_in_words, day_of, first_sentence, kind, sentence
from portfolio.values.entry import Entry
from portfolio.values.record import Record, Text
from portfolio.values.site import Site
from portfolio.values.spec import Spec
from portfolio.values.untrusted import Href

MOST_METRICS = 500
"""Rows of the table of all numbers: more can be searched by nobody, and make a page slow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What the author of a project wrote, rendered, and what its prose embeds."""

    writeup: Markup
    notes: Markup
    figures: frozenset[str]
    tables: frozenset[str]
    code: tuple[CodeView, ...]
    cells: tuple[CellView, ...] = ()
    """The notebook or the script in cells, where it is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectView:
    """What the template of a project's page shows beside its spec."""

    kicker: tuple[str, ...]
    day: str
    day_words: str
    notice: Markup
    decision: str
    """The first sentence of it; the whole stands further down."""
    claim: str
    """The first sentence of the first limit: what is not claimed."""
    headline: HeadlineView | None
    answers: tuple[Answer, ...]
    hero: FigureView | None
    written: Written
    figures: tuple[FigureView, ...]
    tables: tuple[TableView, ...]
    metrics: tuple[MetricView, ...]
    metrics_recorded: int
    besides: tuple[BesideView, ...]
    """Earlier results on the same data, each beside the present one."""
    history: HistoryView | None
    texts: tuple[Text, ...]
    steps: tuple[StepView, ...]
    concepts: tuple[Concept, ...]
    asked: Asked | None
    continued: tuple[Finder, ...]
    questions: Href | None
    """The page of the questions of all projects."""
    builds_on: tuple[Link, ...]
    tags: tuple[Link, ...]
    source: Href | None
    links: tuple[Link, ...]
    trust: Markup
    reproduce: ReproduceView
    demos: tuple[DemoView, ...]
    withheld: tuple[str, ...]
    """Why a model is not published, for each that is not."""
    calls: tuple[CallView, ...]
    data: tuple[DataView, ...]
    offers: Offers
    launches: tuple[Link, ...]
    script_address: Href | None
    """The script in the repository, at the commit of the run."""
    citation: str
    ask: Href | None
    related: tuple[Link, ...]
    newer: Link | None
    older: Link | None
    code: tuple[CodeView, ...]
    output: str
    output_cut: bool
    warnings: tuple[WarningView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a project's page needs to know of the rest of the site."""

    titles: Mapping[str, str]
    """Titles of the projects that have a page, by slug."""
    tags: Mapping[str, str]
    """Ids on the page of tags."""
    notes: Notes
    results: Mapping[str, Comparable]
    """Headlines that others may set theirs beside, by slug."""
    """What the projects left open, and what they are about."""
    around: Mapping[str, Around]
    """What each page leads to, by slug."""
    site: Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The figures and tables of a record whose files are there, and the one shown first."""

    hero: FigureView | None
    figures: tuple[FigureView, ...]
    tables: tuple[TableView, ...]


def project_view(
    entry: Entry,
    record: Record,
    *,
    found: Headline | None,
    shown: Shown,
    written: Written,
    offers: Offers,
    known: Known,
) -> ProjectView:
    """Return the page of one project; what is not published is not in it."""
    spec, result, day = entry.project.spec, record.result, day_of(entry)
    hidden = written.figures | ({shown.hero.name} if shown.hero else set())
    around = known.around.get(entry.project.slug, Around())
    return ProjectView(
        kicker=_kicker(spec),
        day=day.isoformat() if day else "",
        day_words=day_in_words(day) if day else "",
        notice=notice(entry.failure),
        decision=first_sentence(spec.decision or ""),
        claim=first_sentence(spec.limits[0]) if spec.limits else "",
        headline=headline_view(found) if found else None,
        answers=answers(spec, record, found),
        hero=shown.hero,
        written=written,
        figures=tuple(figure for figure in shown.figures if figure.name not in hidden),
        tables=tuple(table for table in shown.tables if table.name not in written.tables),
        metrics=tuple(metric_view(metric) for metric in result.metrics[:MOST_METRICS]),
        metrics_recorded=len(result.metrics),
        besides=besides(entry, record, known.results),
        history=history_view(entry.provenance.versions, found.unit if found else "", code=spec.code),
        texts=result.texts if spec.code else (),
        steps=step_views(entry, record),
        concepts=known.notes.of_concepts(entry.project.slug, spec),
        asked=known.notes.asked(entry.project.slug, spec),
        continued=known.notes.continued_by(entry.project.slug),
        questions=path_address("../../questions/") if known.notes.has_page else None,
        builds_on=tuple(_project_link(slug, known) for slug in spec.builds_on),
        tags=tuple(Link(label=tag, address=path_address("../../tags/", known.tags[tag])) for tag in spec.tags),
        source=safe_address(entry.provenance.source or "") if spec.code else None,
        links=_links(spec),
        trust=trust_line(entry, record.circumstances),
        reproduce=reproduce_view(entry, record),
        demos=demo_views(entry, record),
        withheld=withheld_reasons(entry, record),
        calls=call_views(entry, record),
        data=data_views(entry, record, offers.downloads),
        offers=offers,
        launches=launch_links(entry, notebook_of(entry), environments_of(entry)),
        script_address=safe_address(file_address(entry, spec.script)),
        citation=citation(entry, known.site),
        ask=ask_link(entry, known.site),
        related=tuple(_project_link(slug, known) for slug in around.related),
        newer=_project_link(around.newer, known) if around.newer else None,
        older=_project_link(around.older, known) if around.older else None,
        code=written.code,
        output=result.output.strip("\n") if spec.code and not written.cells else "",
        output_cut=result.output_bytes > len(result.output.encode("utf-8", "surrogatepass")),
        warnings=warning_views(entry.project, result.warnings) if spec.code else (),
    )


def _kicker(spec: Spec) -> tuple[str, ...]:
    parts = (kind(spec.kind), sentence(spec.maturity or ""), "Draft" if spec.draft else "")
    return tuple(part for part in parts if part)


def _links(spec: Spec) -> tuple[Link, ...]:
    return tuple(Link(label=name, address=safe_address(spec.links[name])) for name in sorted(spec.links, key=str.lower))


def _project_link(slug: str, known: Known) -> Link:
    title = known.titles.get(slug)
    return Link(label=title or slug, address=path_address(f"../{slug}/") if title else None)
