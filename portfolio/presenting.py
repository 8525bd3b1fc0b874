"""What a page lacks beyond what completes a project: words that fit where they are shown, pictures that tell, a name.

None of this stops a page from being read; `check` says it, so that nothing is sent out by oversight.
"""

import re
from collections.abc import Iterator, Sequence

from portfolio.errors import Problem
from portfolio.values.entry import Entry
from portfolio.values.record import UNTOLD
from portfolio.values.resume import Resume
from portfolio.values.site import Author, Site

LONGEST_TITLE, LONGEST_SUMMARY, MOST_FEATURED = 70, 160, 3
_PLACEHOLDERS = re.compile(
    r"\b(ada example|your name|jane doe|john doe|(https?://|mailto:\S*@)(www\.)?example\.\w+)", re.IGNORECASE
)
_TOYS = re.compile(
    r"\b(iris|titanic|mnist|cifar|boston housing|california housing|wine|digits|palmer penguins|tips|breast cancer)\b",
    re.IGNORECASE,
)
"""Data sets that everybody has seen: with a decision of somebody's behind them they are as good as any."""


def site_lacks(site: Site, entries: Sequence[Entry]) -> Iterator[Problem]:
    """Yield what the site as a whole lacks."""
    place = {"file": "mkdocs.yml"}
    shown = {"name": site.author.name, **{f"links.{label}": address for label, address in site.author.links.items()}}
    for key, text in shown.items():
        if not text or _PLACEHOLDERS.search(text):
            what = f"{text!r} is a placeholder" if text else "nobody stands behind the site"
            yield Problem(key=f"extra.portfolio.{key}", message=what, hint="write your own", **place)
    if not site.author.links:
        yield Problem(
            key="extra.portfolio.links",
            message="there is no way to reach you",
            hint='add links, such as Mail: "mailto:…" and Code: "https://…"',
            **place,
        )
    if not site.url:
        message = "the site's address is not known, so pages have no canonical link and cannot be previewed"
        yield Problem(key="site_url", message=message, hint="add site_url: https://…/, or --site-url", **place)
    featured = [entry.project.slug for entry in entries if entry.project.spec.featured]
    if len(featured) > MOST_FEATURED:
        yield Problem(
            file=f"projects/{featured[-1]}/spec.toml",
            key="featured",
            message=f"{len(featured)} projects are featured and {MOST_FEATURED} are shown first",
            hint="featured = true for the best three",
        )


def cv_lacks(resume: Resume, author: Author) -> Iterator[Problem]:
    """Yield what of a CV is somebody else's than the author's."""
    name = resume.name
    if _PLACEHOLDERS.search(name):
        hint = "write your own name, or delete the file"
        yield Problem(file="resume.json", key="basics.name", message=f"{name!r} is a placeholder", hint=hint)
    elif name and author.name and name.casefold() != author.name.casefold():
        message = f"{name!r} is not who the site is of, {author.name!r}"
        hint = "write the same name here and under extra.portfolio of mkdocs.yml"
        yield Problem(file="resume.json", key="basics.name", message=message, hint=hint)
    for _, address in resume.links:
        if _PLACEHOLDERS.search(address):
            message = f"{address!r} is a placeholder"
            yield Problem(file="resume.json", key="basics", message=message, hint="write your own, or delete it")
    for part in resume.parts:
        stock = next((item.place for item in part.items if item.place.startswith("Example ")), None)
        if stock:
            hint = "write your own, or delete it"
            yield Problem(file="resume.json", key=part.title.lower(), message=f"{stock!r} is a placeholder", hint=hint)


def page_lacks(entry: Entry) -> Iterator[Problem]:
    """Yield what one project's page lacks."""
    spec, slug = entry.project.spec, entry.project.slug
    file = f"projects/{slug}/spec.toml"
    for key, text, most in (("title", spec.title, LONGEST_TITLE), ("summary", spec.summary, LONGEST_SUMMARY)):
        if len(text) > most:
            message = f"has {len(text)} characters; searches and previews show about {most}"
            yield Problem(file=file, key=key, message=message, hint="say it in fewer words")
    toy = next((used.name for used in spec.data if _TOYS.search(used.name)), None)
    if toy and not (spec.question and spec.decision):
        message = f"{toy!r} is data everybody has seen, and nothing says who decides what with the answer"
        yield Problem(file=file, key="decision", message=message, hint='add question = "…" and decision = "…"')
    for used in spec.data:
        if used.path and not used.publish and not used.source:
            message = f"{used.name!r} is not published, and nothing says where else to get it"
            yield Problem(file=file, key="data.source", message=message, hint='add source = "…" under [[data]]')
    if entry.project.runs:  # figures that were imported can be changed by no script
        yield from _of_figures(entry)


def _of_figures(entry: Entry) -> Iterator[Problem]:
    spec, slug = entry.project.spec, entry.project.slug
    script, figures = f"projects/{slug}/{spec.script}", entry.record.result.figures if entry.record else ()
    if entry.record and not figures:
        yield Problem(file=script, key="", message="shows no figure", hint='log_figure("…", alt="…", caption="…")')
    for figure in figures:
        if figure.alt == f"Figure {figure.name}" or figure.alt.endswith(UNTOLD):
            message = f"figure '{figure.name}' says nothing to those who cannot see it"
            yield Problem(
                file=script, key="", message=message, hint=f'log_figure("{figure.name}", alt="what it shows")'
            )
    hero = next((figure for figure in figures if figure.name == spec.hero), figures[0] if figures else None)
    if hero and not hero.caption:
        message = f"figure '{hero.name}' stands first and says no takeaway"
        yield Problem(file=script, key="", message=message, hint=f'log_figure("{hero.name}", caption="what it means")')
