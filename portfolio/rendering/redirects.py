"""Pages at the old slugs of a project, which lead to where it is now: links out there stay good."""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from jinja2 import Environment

from portfolio.rendering.escape import from_template, path_address, safe_address, xml_text
from portfolio.rendering.home import Finished
from portfolio.rendering.meta import absolute
from portfolio.values.page import Page
from portfolio.values.site import Site


def redirects(projects: Iterable[Finished], site: Site, jinja: Environment) -> Iterator[Page]:
    """Yield a page for every alias; no script is needed, and search engines are told which address is the right one."""
    for project in projects:
        spec, slug = project.entry.project.spec, project.entry.project.slug
        for alias in spec.aliases:
            full = absolute(site, f"projects/{slug}/")
            text = from_template(
                jinja,
                "redirect.html",
                title=spec.title,
                target=path_address(f"../{slug}/"),
                canonical=safe_address(full) if full else None,
            )
            yield Page(path=PurePosixPath("projects", alias, "index.html"), text=xml_text(text))
