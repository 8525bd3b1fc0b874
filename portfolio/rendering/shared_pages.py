"""The pages about all projects and about their author; a template of one that cannot be rendered stops the build."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from jinja2 import Environment, TemplateError, TemplateSyntaxError

from portfolio.errors import SiteError
from portfolio.rendering.cv import cv_view
from portfolio.rendering.escape import document, from_template, path_address
from portfolio.rendering.feed import feed, robots
from portfolio.rendering.home import Card, Finished, author_links, card, featured_and_rest, tag_views
from portfolio.rendering.links import Link
from portfolio.rendering.listing import listing
from portfolio.rendering.meta import shared_meta
from portfolio.rendering.overview import ideas, tools_by_step, years
from portfolio.rendering.paging import paged, paging
from portfolio.rendering.project import Known
from portfolio.rendering.questions import LEAST_PROJECTS, all_asked
from portfolio.rendering.redirects import redirects
from portfolio.values.page import Page
from portfolio.values.resume import Resume
from portfolio.values.site import Site

MOST_TOPICS, MOST_ALONE = 12, 6
"""Buttons of the filter, and of topics that one project has alone; all topics have their own page."""

_MEND = "mend the template, or delete your copy of it"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """A page to render: its template, what it is called, and how far it is from the site's top."""

    path: str
    template: str
    title: str
    description: str
    root: str = "../"


def shared_pages(
    projects: Sequence[Finished], known: Known, jinja: Environment, resume: Resume | None
) -> tuple[Page, ...]:
    """Return the home page first, then every other page that is not one project's.

    Args:
        projects: those that have a page, the newest first.
        known: name and author, ids on the page of tags, and what the projects left open.
        jinja: what to render with.
        resume: the author's CV, if there is one.

    Raises:
        SiteError: a template cannot be rendered.
    """
    site = known.site
    cards = [card(project) for project in projects]
    featured, rest = featured_and_rest(projects, cards)
    first, *further = paged(rest, len(featured))
    person = site.author.name or site.name
    described = site.description or site.author.tagline or f"Finished machine-learning projects by {person}"
    more = [*_more(projects, cards, person), *_questions(projects, known)]
    links = [Link(label=sheet.title, address=path_address(f"./{sheet.path.removesuffix('.md')}/")) for sheet, _ in more]
    home = _Sheet(path="index.md", template="home.html", title=person, description=described, root="./")
    topics = _Sheet(path="tags.md", template="tags.html", title="Topics", description=f"Projects of {person} by topic")
    about = _Sheet(
        path="about.md",
        template="about.html",
        title="About",
        description=f"About {person} and how the numbers are made",
    )
    shown: list[tuple[_Sheet, Mapping[str, object]]] = [
        (
            home,
            {
                "featured": featured,
                "rest": first,
                "paging": paging(1, len(further) + 1, "./"),
                "topics": _topics(cards),
                "more": links,
            },
        ),
        (topics, {"tags": tag_views(cards, known.tags)}),
        (about, {}),
        *more,
        *_lists(further, person),
    ]
    if resume is not None:
        cv = _Sheet(path="cv.md", template="cv.html", title="CV", description=f"What {person} has done and can do")
        shown.append((cv, {"cv": cv_view(resume, person, site.author.role)}))
    news = _machine_pages(projects, site, jinja)
    has_feed = news[-1].path.name == "feed.xml"
    pages = [_page(sheet, site, jinja, values, has_cv=resume is not None, has_feed=has_feed) for sheet, values in shown]
    return (*pages, Page(path=PurePosixPath("projects.json"), text=listing(projects)), *news)


def template_problem(error: TemplateError, template: str) -> str:
    """Return where a template is wrong, and what is."""
    if isinstance(error, TemplateSyntaxError):
        return f"site_templates/{error.name or template}:{error.lineno}: {error.message}"
    return f"site_templates/{template}: {error.message or 'template not found'}"


def _more(
    projects: Sequence[Finished], cards: Sequence[Card], person: str
) -> list[tuple[_Sheet, Mapping[str, object]]]:
    """Return the pages that stand beside home once there are enough projects, less those with nothing to show."""
    if len(projects) < LEAST_PROJECTS:
        return []
    steps, left = tools_by_step(projects, cards), ideas(projects, cards)
    when = _Sheet(
        path="timeline.md", template="timeline.html", title="Timeline", description=f"Projects of {person} by year"
    )
    tools = _Sheet(
        path="tools.md",
        template="tools.html",
        title="Tools",
        description=f"Which packages {person} used for which step, with the versions that ran",
    )
    open_ = _Sheet(
        path="ideas.md", template="ideas.html", title="Ideas", description=f"What {person} would try next, by project"
    )
    found: list[tuple[_Sheet, Mapping[str, object]]] = [(when, {"years": years(cards)})]
    found += [(tools, {"steps": steps})] if steps else []
    found += [(open_, {"projects": left})] if left else []
    return found


def _questions(projects: Sequence[Finished], known: Known) -> list[tuple[_Sheet, Mapping[str, object]]]:
    """Return the page of what all projects left open, where there are enough of them."""
    if not known.notes.has_page:
        return []
    specs = [(project.entry.project.slug, project.entry.project.spec) for project in projects]
    described = "What finished projects took on faith or left for later, and what others found out since"
    sheet = _Sheet(path="questions.md", template="questions.html", title="Open questions", description=described)
    return [(sheet, {"asked": all_asked(specs, known.notes)})]


def _topics(cards: Sequence[Card]) -> tuple[tuple[str, int], ...]:
    """Return the topics of most projects with how many carry them; a choice takes two topics and two projects."""
    counted = Counter(topic for shown in cards for topic in dict.fromkeys(shown.tags))
    found = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0].casefold(), pair[0]))
    shared = [pair for pair in found if pair[1] > 1]
    chosen = shared[:MOST_TOPICS] if len(shared) > 1 else found[:MOST_ALONE]
    return tuple(chosen) if len(chosen) > 1 and len(cards) > 1 else ()


def _lists(further: Sequence[tuple[Card, ...]], person: str) -> Iterator[tuple[_Sheet, Mapping[str, object]]]:
    """Yield the pages that hold the projects for which home has no room."""
    pages = len(further) + 1
    for number, cards in enumerate(further, start=2):
        sheet = _Sheet(
            path=f"work/{number}.md",
            template="list.html",
            title=f"Work, page {number} of {pages}",
            description=f"Projects of {person}, page {number} of {pages}",
            root="../../",
        )
        yield sheet, {"cards": cards, "paging": paging(number, pages, sheet.root)}


def _page(
    sheet: _Sheet, site: Site, jinja: Environment, values: Mapping[str, object], *, has_cv: bool, has_feed: bool
) -> Page:
    links = author_links(site, sheet.root)
    if has_cv and not any(link.label.casefold() == "cv" for link in links):
        links = (*links, Link(label="CV", address=path_address(f"{sheet.root}cv/")))
    try:
        html = from_template(jinja, sheet.template, **values, site=site, links=links, root=sheet.root)
    except TemplateError as error:
        raise SiteError(
            template_problem(error, sheet.template), hint="mend the template, or delete your copy of it"
        ) from error
    extra = shared_meta(site, feed=has_feed, is_home=sheet.path == "index.md")
    if sheet.template == "list.html":
        extra["search"] = {"exclude": True}  # its projects' own pages are found instead
    text = document(title=sheet.title, description=sheet.description, html=html, extra=extra)
    return Page(path=PurePosixPath(sheet.path), text=text)


def _machine_pages(projects: Sequence[Finished], site: Site, jinja: Environment) -> tuple[Page, ...]:
    """Return `robots.txt`, pages at old slugs and, where there can be one, the feed."""
    try:
        found = (robots(site, jinja), *redirects(projects, site, jinja), feed(projects, site, jinja))
    except TemplateError as error:
        raise SiteError(template_problem(error, "feed.xml"), hint=_MEND) from error
    return tuple(page for page in found if page)
