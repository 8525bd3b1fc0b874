"""Entries to pages: read top to bottom, a project that cannot be rendered is a value and the others go on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from jinja2 import Environment, TemplateError

from portfolio.rendering.beside import comparable
from portfolio.rendering.downloads import downloads, made
from portfolio.rendering.drafting import hero, prose_assets, shown, written
from portfolio.rendering.escape import document, from_template
from portfolio.rendering.figures import figure_assets
from portfolio.rendering.files import static_assets
from portfolio.rendering.headline import headline
from portfolio.rendering.home import Finished, ordered, tag_anchors
from portfolio.rendering.limited import Limited
from portfolio.rendering.meta import previews, project_meta
from portfolio.rendering.model_index import model_index
from portfolio.rendering.models import model_pages
from portfolio.rendering.offers import offers
from portfolio.rendering.page_cache import Kept, PageCache
from portfolio.rendering.page_key import others_part, page_key
from portfolio.rendering.problems import PageError
from portfolio.rendering.project import Known, Shown, Written, project_view
from portfolio.rendering.questions import notes
from portfolio.rendering.relations import relations
from portfolio.rendering.scripts import bundled_assets
from portfolio.rendering.shared_pages import shared_pages, template_problem
from portfolio.rendering.tables import table_assets
from portfolio.rendering.templates import environment
from portfolio.rendering.tools import tools_used
from portfolio.rendering.words import word_count
from portfolio.values.page import Asset, Page
from portfolio.values.preview import Preview
from portfolio.values.project import Entry
from portfolio.values.record import Failure, FailureKind, Record
from portfolio.values.resume import Resume
from portfolio.values.site import Site

MOST_CHARACTERS = 16_000_000
"""Of one page; nobody waits for a larger one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The generated files of the docs tree, and the projects that have no new page, by slug."""

    pages: tuple[Page, ...]
    failures: Mapping[str, Failure]
    previews: Mapping[PurePosixPath, Preview]
    """The image each page is to have, by where it stands in the docs tree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A project read and found renderable; its page also needs to know the others."""

    finished: Finished
    prose: tuple[Shown, Written] | None
    """None where the page was rendered before from the same."""
    parts: Mapping[str, str]
    kept: Kept | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tools:
    """What pages are rendered with."""

    jinja: Environment
    cache: PageCache | None
    limited: Limited


def render(
    entries: Sequence[Entry],
    site: Site,
    templates: Sequence[Path],
    cache: PageCache | None = None,
    limited: Limited | None = None,
    resume: Resume | None = None,
) -> Rendered:
    """Return every page of the site.

    Args:
        entries: the projects; one without a record has no page.
        site: name and author.
        templates: folders of templates, the first that has a file wins.
        cache: pages rendered before, which need not be rendered again.
        limited: the process that renders what authors wrote; otherwise one is started where it is needed.
        resume: the author's CV, if there is one.

    Raises:
        SiteError: a template of a page that is not one project's cannot be rendered.
    """
    jinja = environment(templates, cache.compiled if cache else None)
    failures: dict[str, Failure] = {}
    pages: list[Page] = []
    finished: list[Finished] = []
    with nullcontext(limited) if limited else Limited() as process:
        tools = _Tools(jinja=jinja, cache=cache, limited=process)
        drafts = list(_drafts(entries, site, tools, failures))
        known = _known((draft.finished.entry for draft in drafts), site)
        for draft in drafts:
            entry = draft.finished.entry
            try:
                pages += [_page_of(draft, known, site, tools), *_beside(draft.finished, site)]
                finished.append(draft.finished)
            except PageError as error:
                failures[entry.project.slug] = _failure(str(error))
            except TemplateError as error:
                failures[entry.project.slug] = _failure(template_problem(error, "project.html"))
    shared = shared_pages(ordered(finished), known, jinja, resume)
    assets, scripts = bundled_assets(static_assets(templates))
    models = (page for draft in finished for page in model_pages(draft.entry, draft.record))
    return Rendered(
        pages=(replace(shared[0], assets=assets), *shared[1:], *scripts, *pages, *models),
        failures=MappingProxyType(failures),
        previews=previews(finished, site),
    )


def page_keys(entries: Sequence[Entry], site: Site, cache: PageCache) -> dict[str, dict[str, str]]:
    """Return the parts of the key of each project's page as it would be rendered now, by slug."""
    found = [(entry, entry.record) for entry in entries if entry.record is not None]
    known = _known((entry for entry, _ in found), site)
    return {
        entry.project.slug: page_key(entry, record, site, cache.surroundings, cache.digest) | others_part(entry, known)
        for entry, record in found
    }


def _known(entries: Iterable[Entry], site: Site) -> Known:
    listed = list(entries)
    return Known(
        titles={entry.project.slug: entry.project.spec.title for entry in listed},
        tags=tag_anchors(tag for entry in listed for tag in entry.project.spec.tags),
        notes=notes({entry.project.slug: entry.project.spec for entry in listed}),
        results={
            entry.project.slug: found for entry in listed if entry.record and (found := comparable(entry, entry.record))
        },
        around=relations(listed),
        site=site,
    )


def _drafts(entries: Sequence[Entry], site: Site, tools: _Tools, failures: dict[str, Failure]) -> Iterator[_Draft]:
    """Yield the projects whose prose and spec fit their record; note the others as failures."""
    for entry in entries:
        if entry.record is None:
            continue
        try:
            yield _draft(entry, entry.record, site, tools)
        except PageError as error:
            failures[entry.project.slug] = _failure(str(error))
        except TemplateError as error:
            failures[entry.project.slug] = _failure(template_problem(error, "parts"))


def _draft(entry: Entry, record: Record, site: Site, tools: _Tools) -> _Draft:
    cache = tools.cache
    found = headline(entry.project, record.result)
    parts = page_key(entry, record, site, cache.surroundings, cache.digest) if cache else {}
    kept = cache.find(entry, parts) if cache else None
    if kept:
        finished = Finished(
            entry=entry,
            record=record,
            headline=found,
            hero=hero(entry, record),
            words=kept.words,
            tools=kept.tools,
        )
        return _Draft(finished=finished, prose=None, parts=parts, kept=kept)
    seen = shown(entry, record)
    prose = written(entry, record, seen, found, tools.jinja, tools.limited)
    count = word_count(" ".join(text.striptags() for text in (prose.writeup, *(cell.prose for cell in prose.cells))))
    used = tools_used(entry)
    finished = Finished(entry=entry, record=record, headline=found, hero=hero(entry, record), words=count, tools=used)
    return _Draft(finished=finished, prose=(seen, prose), parts=parts, kept=None)


def _page_of(draft: _Draft, known: Known, site: Site, tools: _Tools) -> Page:
    """Return a project's page, as it was where nothing that decides it changed."""
    entry, record = draft.finished.entry, draft.finished.record
    parts = {**draft.parts, **others_part(entry, known)}
    if draft.kept and draft.kept.parts == parts:
        page = draft.kept.page
    else:
        seen = shown(entry, record) if draft.prose is None else draft.prose[0]
        found = draft.finished.headline
        prose = (
            written(entry, record, seen, found, tools.jinja, tools.limited) if draft.prose is None else draft.prose[1]
        )
        page = _project_page(draft.finished, seen, prose, known, site, tools.jinja)
    if tools.cache:
        tools.cache.note(entry, Kept(page=page, parts=parts, words=draft.finished.words, tools=draft.finished.tools))
    return page


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
