"""What is said of a page to search engines and to those who show a link to it: front matter the theme turns into tags.

All of it is known to be safe before it goes in, for the theme prints it as it is. What needs an absolute address is
left out where the site's is unknown.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from portfolio.rendering.escape import in_script, line
from portfolio.rendering.files import beneath
from portfolio.rendering.headline import headline_view
from portfolio.rendering.home import Finished
from portfolio.rendering.verdict import the_baseline
from portfolio.rendering.words import day_of
from portfolio.values.preview import Preview
from portfolio.values.site import Site
from portfolio.values.spec import Data

CARD = "card.png"
_CONTEXT = "https://schema.org"


def project_meta(finished: Finished, site: Site) -> dict[str, object]:
    """Return what a project's page says of itself."""
    spec, day = finished.entry.project.spec, day_of(finished.entry)
    address = absolute(site, f"projects/{finished.entry.project.slug}/")
    said = headline_view(finished.headline).sentence if finished.headline else spec.title
    meta: dict[str, object] = {"kind": "article", "linked_data": in_script(_work(finished, site, address))}
    if day:
        meta["day"] = day.isoformat()
    return meta | _card(address, said)


def shared_meta(site: Site, *, feed: bool, is_home: bool = False) -> dict[str, object]:
    """Return what a page about all projects says of itself; `feed` says whether the site has one."""
    meta: dict[str, object] = {"feed": True} if feed else {}
    if is_home:
        meta["linked_data"] = in_script(_person_and_site(site))
    return meta | _card(absolute(site, ""), _byline(site))


def previews(projects: Iterable[Finished], site: Site) -> dict[PurePosixPath, Preview]:
    """Return what the preview image of each page shows, by where it stands; none where nobody could link to it."""
    if not site.url:
        return {}
    name = site.author.name or site.name
    found = {PurePosixPath(CARD): Preview(title=name, byline=site.author.tagline or site.author.role or site.name)}
    for project in projects:
        found[PurePosixPath("projects", project.entry.project.slug, CARD)] = _preview(project, site)
    return found


def absolute(site: Site, path: str) -> str | None:
    """Return the full address of a path of the site, or None where the site's is unknown."""
    return f"{site.url.rstrip('/')}/{path}" if site.url else None


def _preview(project: Finished, site: Site) -> Preview:
    spec, entry, record = project.entry.project.spec, project.entry, project.record
    number = unit = against = ""
    if project.headline:
        view = headline_view(project.headline)
        number, unit = view.value.striptags(), view.unit
        if view.baseline is not None:
            name = the_baseline(view.baseline_name)
            against = f"against {view.baseline.striptags()}{view.short_unit} for {name}"
    light = next(
        (figure.light for figure in record.result.figures if project.hero and figure.name == project.hero.name), ""
    )
    figure = beneath(entry.files, light) if light and entry.files else None
    return Preview(title=spec.title, byline=_byline(site), number=number, unit=unit, against=against, figure=figure)


def _byline(site: Site) -> str:
    """Return who stands behind the site. Its own name, which an author may change often, stands on no image."""
    return " · ".join(part for part in (site.author.name, site.author.role) if part)


def _card(folder: str | None, alt: str) -> dict[str, object]:
    return {"card": line(f"{folder}{CARD}"), "card_alt": line(alt)} if folder else {}


def _work(finished: Finished, site: Site, address: str | None) -> dict[str, Any]:
    """Return a project and the data it used as schema.org describes them."""
    spec = finished.entry.project.spec
    data = [_dataset(used, number, spec.title, address) for number, used in enumerate(spec.data, start=1)]
    work = {
        "@type": "CreativeWork",
        "@id": address,
        "url": address,
        "name": spec.title,
        "abstract": spec.summary,
        "about": spec.question,
        "author": _person(site),
        "datePublished": spec.date.isoformat() if spec.date else None,
        "dateModified": _changed(finished),
        "keywords": list(spec.tags),
        "image": f"{address}{CARD}" if address else None,
        "isBasedOn": [{"@id": each["@id"]} for each in data],
        "inLanguage": "en",
    }
    return {"@context": _CONTEXT, "@graph": [_said(work), *data]}


def _changed(finished: Finished) -> str | None:
    day = finished.entry.provenance.changed
    return day.isoformat() if day else None


def _dataset(used: Data, number: int, title: str, address: str | None) -> dict[str, Any]:
    source = used.source or ""
    return _said(
        {
            "@type": "Dataset",
            "@id": f"{address or ''}#data-{number}",
            "name": used.name,
            "description": f"{used.name}: data behind the project “{title}”.",
            "url": source if source.startswith(("https://", "http://")) else None,
            "license": {"@type": "CreativeWork", "name": used.licence} if used.licence else None,
            "temporalCoverage": used.period,
        }
    )


def _person_and_site(site: Site) -> dict[str, Any]:
    address = absolute(site, "")
    page = {"@type": "WebSite", "url": address, "name": site.name, "description": site.description}
    return {"@context": _CONTEXT, "@graph": [_person(site), _said(page)]}


def _person(site: Site) -> dict[str, Any]:
    links: Sequence[str] = tuple(site.author.links.values())
    person = {
        "@type": "Person",
        "name": site.author.name or site.name,
        "jobTitle": site.author.role,
        "url": absolute(site, ""),
        "email": next((link for link in links if link.startswith("mailto:")), None),
        "sameAs": [link for link in links if link.startswith(("https://", "http://"))],
    }
    return _said(person)


def _said(whole: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of it is said at all."""
    return {name: value for name, value in whole.items() if value}
