"""Write a project's page as files of its own, below `build/export`."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from portfolio import files, folders
from portfolio.errors import SiteError, cannot_write
from portfolio.exporting.markdown import markdown
from portfolio.exporting.single import single_file
from portfolio.exporting.tree import Node, local_file, pruned, read_tree
from portfolio.workspace.root import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """The files of one project."""

    slug: str
    html: Path
    markdown: Path


def export(workspace: Workspace, slug: str, templates: Sequence[Path], site_url: str | None) -> Exported:
    """Write `build/export/<slug>/` with the page as one HTML file and as Markdown beside its images.

    Args:
        workspace: whose docs tree holds the page.
        slug: the project.
        templates: folders of templates, the first that has the style sheet wins.
        site_url: the site's address, to which links to other pages lead; without one they are words.

    Raises:
        SiteError: the project has no page, or the files could not be written.
    """
    folder = workspace.docs / "projects" / slug
    try:
        html = (folder / "index.md").read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n")[2]
    except OSError as error:
        raise SiteError(f"{slug}: there is no page to export", hint=f"portfolio build {slug} says why") from error
    tree = pruned(read_tree(html), site_url, f"projects/{slug}/")
    title = next((node.text() for node in _all(tree) if node.tag == "h1"), slug)
    styles = next(path for each in templates if (path := each / "assets" / "portfolio.css").is_file())
    top = workspace.build / "export"
    target = top / slug
    try:
        folders.claim(top)
        folders.claim(target)
        page = single_file(tree, title=title, styles=styles.read_text(encoding="utf-8"), folder=folder)
        files.write_text(target / f"{slug}.html", page)
        files.write_text(target / f"{slug}.md", markdown(tree))
        for path in _images(tree, folder):
            place = target / path.relative_to(folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
    except folders.ForeignError as error:
        raise SiteError(str(error), hint="move it away, then build again") from error
    except OSError as error:
        raise cannot_write(error, top) from error
    return Exported(slug=slug, html=target / f"{slug}.html", markdown=target / f"{slug}.md")


def _images(tree: Node, folder: Path) -> list[Path]:
    found = (local_file(node.attributes.get("src", ""), folder) for node in _all(tree) if node.tag == "img")
    return [path for path in found if path]


def _all(node: Node) -> Iterator[Node]:
    yield node
    for child in node.elements():
        yield from _all(child)
