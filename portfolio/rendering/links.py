"""Where a project can be had, run and talked about on the web: addresses made from what version control knows."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote, urlencode, urlsplit

from portfolio.rendering.escape import safe_address
from portfolio.values.entry import Entry
from portfolio.values.scripts import is_notebook
from portfolio.values.site import Site
from portfolio.values.untrusted import Href
from portfolio.workspace.inputs import ENVIRONMENTS

_TREES = ("/-/tree/", "/tree/", "/src/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link with its words; words alone where there is nowhere to lead."""

    label: str
    address: Href | None


def file_address(entry: Entry, name: str) -> str:
    """Return the web address of a file of the project at the commit of its run, empty where there is none."""
    source, repository = entry.provenance.source, entry.provenance.repository
    if not entry.project.spec.code or not source or not repository or not source.startswith(repository):
        return ""
    kind = next((kind for kind in _TREES if source.startswith(repository + kind)), None)
    if kind is None:
        return ""
    blob = {"/-/tree/": "/-/blob/", "/tree/": "/blob/"}.get(kind, kind)
    return f"{repository}{blob}{source.removeprefix(repository + kind)}/{quote(name)}"


def line_mark(address: str) -> str:
    """Return what stands between the address of a file and the number of a line in it."""
    return "#lines-" if "bitbucket" in (urlsplit(address).hostname or "") else "#L"


def launch_links(entry: Entry, notebook: str, environments: tuple[str, ...]) -> tuple[Link, ...]:
    """Return where the project can be run in a browser, as far as it can be there.

    Args:
        entry: the project.
        notebook: the name of a committed notebook in its folder, empty without one.
        environments: which of `ENVIRONMENTS` stand beside `projects/`.
    """
    at = _on_github(entry)
    if at is None:
        return ()
    owner, commit, folder = at
    found = [("GitHub Codespaces", f"https://codespaces.new/{owner}")]
    if environments and folder == f"projects/{entry.project.slug}":
        path = quote(f"{folder}/{notebook or entry.project.spec.script}", safe="")
        found.append(("Binder", f"https://mybinder.org/v2/gh/{owner}/{commit}?labpath={path}"))
    if notebook:
        place = quote(f"{owner}/blob/{commit}/{folder}/{notebook}")
        found.append(("Colab", f"https://colab.research.google.com/github/{place}"))
    return tuple(Link(label=label, address=safe_address(address)) for label, address in found)


def ask_link(entry: Entry, site: Site) -> Href | None:
    """Return where a reader can ask or correct, prefilled: an issue of the repository, else mail to the author."""
    spec, repository = entry.project.spec, entry.provenance.repository
    ran = entry.record.circumstances if entry.record else None
    about = f"About: {spec.title}"
    commit = f" at commit {ran.commit.sha[:12]}" if ran and ran.commit and spec.code else ""
    body = f"Page: projects/{entry.project.slug}/{commit}\n\nWhat I would like to know, or what is wrong:\n"
    host = urlsplit(repository or "").hostname or ""
    if repository and spec.code and host == "github.com":
        return safe_address(f"{repository}/issues/new?{urlencode({'title': about, 'body': body}, quote_via=quote)}")
    if repository and spec.code and "gitlab" in host:
        asked = {"issue[title]": about, "issue[description]": body}
        return safe_address(f"{repository}/-/issues/new?{urlencode(asked, quote_via=quote)}")
    mail = next((address for address in site.author.links.values() if address.startswith("mailto:")), None)
    if mail is None:
        return None
    return safe_address(f"{mail.partition('?')[0]}?{urlencode({'subject': about, 'body': body}, quote_via=quote)}")


def environments_of(entry: Entry) -> tuple[str, ...]:
    """Return which of `ENVIRONMENTS` stand beside the folder of all projects."""
    top = entry.project.folder.parent.parent
    return tuple(name for name in ENVIRONMENTS if (top / name).exists())


def notebook_of(entry: Entry) -> str:
    """Return the name of the notebook that is run, else of the one in the project's folder, empty where none is."""
    if is_notebook(entry.project.spec.script):
        return entry.project.spec.script
    found = [path.name for path in entry.project.folder.glob("*.ipynb") if not path.name.startswith(".")]
    return PurePosixPath(found[0]).name if len(found) == 1 else ""


def _on_github(entry: Entry) -> tuple[str, str, str] | None:
    """Return owner and name of the repository, the commit, and the project's folder in it."""
    if not entry.project.runs or not entry.project.spec.code or entry.project.spec.run.command:
        return None
    found = re.fullmatch(r"https://github\.com/([^/]+/[^/]+)/tree/([0-9a-f]{7,64})/(.+)", entry.provenance.source or "")
    return (found[1], found[2], found[3]) if found else None
