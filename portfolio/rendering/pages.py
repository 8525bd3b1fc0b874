"""Entries to pages: read top to bottom, a project that cannot be rendered is a value and the others go on."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from portfolio.rendering.beside import comparable
from portfolio.rendering.files import static_assets
from portfolio.rendering.home import Finished, ordered, tag_anchors
from portfolio.rendering.limited import Limited
from portfolio.rendering.meta import previews
from portfolio.rendering.models import model_pages
from portfolio.rendering.page_cache import Kept, PageCache
from portfolio.rendering.page_key import others_part, page_key
from portfolio.rendering.project import Known
from portfolio.rendering.project_pages import Draft, Tools, draft_of, page_of
from portfolio.rendering.questions import notes
from portfolio.rendering.relations import relations
from portfolio.rendering.scripts import bundled_assets
from portfolio.rendering.shared_pages import shared_pages
from portfolio.rendering.templates import environment
from portfolio.shares import shared_out
from portfolio.values.entry import Entry
from portfolio.values.page import Page
from portfolio.values.preview import Preview
from portfolio.values.record import Failure
from portfolio.values.resume import Resume
from portfolio.values.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The generated files of the docs tree, and the projects that have no new page, by slug."""

    pages: tuple[Page, ...]
    failures: Mapping[str, Failure]
    previews: Mapping[PurePosixPath, Preview]
    """The image each page is to have, by where it stands in the docs tree."""


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
    drafts: list[tuple[Finished, Draft]] = []
    finished: list[Finished] = []
    with nullcontext(limited) if limited else Limited() as process:
        tools = Tools(jinja=jinja, cache=cache, limited=process)
        read = [(entry, entry.record) for entry in entries if entry.record is not None]
        for (entry, record), draft in zip(read, shared_out(partial(draft_of, site, tools), read), strict=True):
            if isinstance(draft, Failure):
                failures[entry.project.slug] = draft
            else:
                drafts.append((draft.finished(entry, record), draft))
        known = _known((one.entry for one, _ in drafts), site)
        for (one, _), made in zip(drafts, shared_out(partial(page_of, known, site, tools), drafts), strict=True):
            if isinstance(made, Failure):
                failures[one.entry.project.slug] = made
                continue
            finished.append(one)
            pages += (made.page, *made.beside)
            if cache:
                cache.note(one.entry, Kept(page=made.page, parts=made.parts, words=one.words, tools=one.tools))
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
