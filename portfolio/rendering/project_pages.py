"""One project to its page: what its folder and its record say first, then what the page shows of the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from jinja2 import Environment, TemplateError

from portfolio.rendering.downloads import downloads, made
from portfolio.rendering.drafting import hero, prose_assets, shown, written
from portfolio.rendering.escape import document, from_template
from portfolio.rendering.figures import FigureView, figure_assets
from portfolio.rendering.headline import Headline, headline
from portfolio.rendering.home import Finished
from portfolio.rendering.limited import Limited
from portfolio.rendering.meta import project_meta
from portfolio.rendering.model_index import model_index
from portfolio.rendering.offers import offers
from portfolio.rendering.page_cache import Kept, PageCache
from portfolio.rendering.page_key import others_part, page_key
from portfolio.rendering.problems import PageError
from portfolio.rendering.project import Known, Shown, Written, project_view
from portfolio.rendering.shared_pages import template_problem
from portfolio.rendering.tables import table_assets
from portfolio.rendering.tools import Used, tools_used
from portfolio.rendering.words import word_count
from portfolio.values.entry import Entry
from portfolio.values.page import Asset, Page
from portfolio.values.record import Failure, FailureKind, Record
from portfolio.values.site import Site

MOST_CHARACTERS = 16_000_000
"""Of one page; nobody waits for a larger one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What pages are rendered with."""

    jinja: Environment
    cache: PageCache | None
    limited: Limited


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is known of a project that can be rendered; its page also needs to know the others."""

    headline: Headline | None
    hero: FigureView | None
    words: int
    tools: tuple[Used, ...]
    parts: Mapping[str, str]
    """Those of the page's key that the project alone decides."""
    prose: tuple[Shown, Written] | None = None
    """None where the page was rendered before from the same."""
    kept: Kept | None = None

    def finished(self, entry: Entry, record: Record) -> Finished:
        """Return what the project's card is made from."""
        return Finished(
            entry=entry, record=record, headline=self.headline, hero=self.hero, words=self.words, tools=self.tools
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A project's page with the files that stand beside it, and all parts of the page's key."""

    page: Page
    beside: tuple[Page, ...]
    parts: Mapping[str, str]


def draft_of(site: Site, tools: Tools, read: tuple[Entry, Record]) -> Draft | Failure:
    """Return what is known of a project whose prose and spec fit its record."""
    entry, record = read
    cache = tools.cache
    try:
        found = headline(entry.project, record.result)
        parts = page_key(entry, record, site, cache.surroundings, cache.digest) if cache else {}
        kept = cache.find(entry, parts) if cache else None
        if kept:
            first = hero(entry, record)
            return Draft(headline=found, hero=first, words=kept.words, tools=kept.tools, parts=parts, kept=kept)
        seen = shown(entry, record)
        prose = written(entry, record, seen, found, tools.jinja, tools.limited)
        texts = (prose.writeup, *(cell.prose for cell in prose.cells))
        return Draft(
            headline=found,
            hero=hero(entry, record),
            words=word_count(" ".join(text.striptags() for text in texts)),
            tools=tools_used(entry),
            prose=(seen, prose),
            parts=parts,
        )
    except PageError as error:
        return _failure(str(error))
    except TemplateError as error:
        return _failure(template_problem(error, "parts"))


def page_of(known: Known, site: Site, tools: Tools, drafted: tuple[Finished, Draft]) -> Made | Failure:
    """Return a project's page, as it was where nothing that decides it changed, and what stands beside it."""
    finished, draft = drafted
    entry, record = finished.entry, finished.record
    parts = {**draft.parts, **others_part(entry, known)}
    try:
        if draft.kept and draft.kept.parts == parts:
            page = draft.kept.page
        else:
            seen, prose = draft.prose or (shown(entry, record), None)
            if prose is None:
                prose = written(entry, record, seen, finished.headline, tools.jinja, tools.limited)
            page = _project_page(finished, seen, prose, known, site, tools.jinja)
        return Made(page=page, beside=_beside(finished, site), parts=parts)
    except PageError as error:
        return _failure(str(error))
    except TemplateError as error:
        return _failure(template_problem(error, "project.html"))


def _project_page(
    finished: Finished, seen: Shown, prose: Written, known: Known, site: Site, jinja: Environment
) -> Page:
    entry, record = finished.entry, finished.record
    folder = PurePosixPath("projects", entry.project.slug)
    beside = tuple(map(made, _beside(finished, site)))
    offered = offers(entry, record, prose.code, folder, beside)
    view = project_view(
        entry,
        record,
        found=finished.headline,
        shown=seen,
        written=prose,
        offers=offered,
        known=known,
    )
    spec = entry.project.spec
    html = from_template(jinja, "project.html", spec=spec, view=view, slug=entry.project.slug, site=site, root="../../")
    if len(html) > MOST_CHARACTERS:
        raise PageError(
            f"projects/{entry.project.slug}: its page becomes larger than {MOST_CHARACTERS // 1_000_000} MB;"
            " log fewer or smaller tables, texts and figures"
        )
    marks = {"draft": spec.draft, "demo": bool(view.demos)}
    extra = project_meta(finished, site) | {name: True for name, is_so in marks.items() if is_so}
    text = document(title=spec.title, description=spec.summary, html=html, extra=extra)
    assets = [download.asset for download in offered.downloads if download.asset] + list(
        prose_assets(entry.project, prose, folder)
    )
    for figure in record.result.figures:
        assets += figure_assets(figure, entry.files, folder, data=spec.code)
    for table in record.result.tables:
        assets += table_assets(table, entry.files, folder)
    path = folder / "index.md"
    return Page(path=path, text=text, assets=_unique(assets), texts=offered.texts, archive=offered.archive)


def _beside(finished: Finished, site: Site) -> tuple[Page, ...]:
    """Return the files that are made with a project's page and stand beside it."""
    entry, record = finished.entry, finished.record
    offered = downloads(entry, record, PurePosixPath("projects", entry.project.slug))
    taken = frozenset(download.address.casefold() for download in offered)
    found = model_index(entry, record, finished.headline, site, taken)
    return (found,) if found else ()


def _failure(message: str) -> Failure:
    return Failure(kind=FailureKind.PAGE, message=message)


def _unique(assets: Sequence[Asset]) -> tuple[Asset, ...]:
    """Return the assets by path, each once: two of a name would depend on the order of copying."""
    found: dict[str, Asset] = {}
    for asset in assets:
        found.setdefault(asset.path.as_posix().casefold(), asset)
    return tuple(found[name] for name in sorted(found))
