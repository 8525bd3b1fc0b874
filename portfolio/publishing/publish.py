"""Pages to the live site: write the docs tree, build beside the live site, check, then exchange in one step."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from portfolio import files, folders
from portfolio.durable import sync_folder, sync_names
from portfolio.errors import SiteError, cannot_write
from portfolio.publishing.docs_tree import same_content, write_configuration, write_docs, write_theme
from portfolio.publishing.engine import MKDOCS, Engine, Order, build_site
from portfolio.publishing.policy import protect
from portfolio.publishing.seal import is_sealed, made_from, seal
from portfolio.publishing.searched import note_searched, refuse_secrets, search_again
from portfolio.publishing.validate import validate_site
from portfolio.starters import workspace_file
from portfolio.values.page import Page
from portfolio.values.site import Site
from portfolio.walk import walk
from portfolio.workspace.root import Workspace
from portfolio.workspace.yaml_file import parsed

_THEME = {"name": "material", "custom_dir": "theme", "font": False}


def publish(
    workspace: Workspace,
    site: Site,
    pages: Sequence[Page],
    templates: Sequence[Path],
    kept: Iterable[PurePosixPath],
    *,
    engine: Engine | str | None = None,
    digest: Callable[[Path], str] = files.digest,
) -> bool:
    """Bring the live site up to date with `pages`; the last good one stays until the new one is known to be good.

    Args:
        workspace: where the site lies.
        site: its name and address.
        pages: every page of the site.
        templates: folders of templates, whose `theme/` is the site's.
        kept: what of the docs tree stays as it is, below these names.
        engine: one of MkDocs' that is ready, from `warm_engine` or `Standby`, or the name of one to start.
        digest: returns the SHA-256 of a file's content.

    Returns:
        Whether the site was built anew; False where nothing it is made from changed.

    Raises:
        SiteError: the site could not be built or was refused.
    """
    try:
        _make_way(workspace.site)
        write_docs(workspace.docs, pages, kept)
        write_theme(workspace.build / "theme", templates)
        configuration = workspace.build / "mkdocs.yml"
        write_configuration(configuration, _inherited(workspace), _settings(site))
        made = made_from(workspace, configuration, digest, _name(engine))
        if is_sealed(workspace, made):
            search_again(workspace)
            return False
        _build(workspace, site, configuration, made, engine)
    except folders.ForeignError as error:
        raise SiteError(str(error), hint="move it away, then build again") from error
    except OSError as error:
        raise cannot_write(error, workspace.build) from error
    return True


def _build(workspace: Workspace, site: Site, configuration: Path, made: str, engine: Engine | str | None) -> None:
    staged = folders.temporary(workspace.build, folders.STAGED)
    try:
        staged.chmod(0o755)
        order = Order(
            configuration=configuration,
            staged=staged,
            folder=workspace.root,
            templates=workspace.cache / "templates",
            engine=_name(engine),
        )
        build_site(order, workspace.build / "mkdocs.log", engine if isinstance(engine, Engine) else None)
        folders.claim(staged)
        (staged / ".nojekyll").touch()
        protect(staged)
        validate_site(staged, (urlsplit(site.url or "").path.rstrip("/")) + "/")
        go_live(workspace, staged, made)
    finally:
        with suppress(OSError):  # the next build deletes it
            folders.delete(staged)


def _name(engine: Engine | str | None) -> str:
    return engine if isinstance(engine, str) else MKDOCS


def go_live(workspace: Workspace, staged: Path, made: str) -> None:
    """Put the site `staged` in the live place in one step, once it is on disk; the old one is at `staged` then.

    Args:
        workspace: whose site.
        staged: the new one, checked.
        made: what it was made from, see `made_from`.
    """
    new = list(_take_over(staged, workspace.site))
    refuse_secrets(workspace, staged, new)
    inner = (Path(entry.path) for _, entry in walk(staged) if entry.is_dir())
    sync_folder(staged, new, inner)
    files.exchange(staged, workspace.site)
    sync_names(workspace.build)
    seal(workspace, made)
    note_searched(workspace)


def _take_over(staged: Path, live: Path) -> Iterator[Path]:
    """Let every file that did not change be the live site's own, its time included; yield the others."""
    for name, entry in walk(staged):
        path, old = Path(entry.path), live / name
        if entry.is_file() and not (same_content(path, old) and _linked(old, path)):
            yield path


def _linked(old: Path, path: Path) -> bool:
    aside = path.with_name(f".{path.name}.tmp")
    try:
        os.link(old, aside)
        aside.replace(path)
    except OSError:  # a file system without links, or a limit of theirs: the new file is as good
        aside.unlink(missing_ok=True)
        return False
    return True


def _make_way(live: Path) -> None:
    """Put back what a crash left set aside, and see that what is to be replaced is ours."""
    left = files.recover_exchange(live)
    for found in (left, live):
        if found is not None and os.path.lexists(found) and not folders.is_ours(found):
            raise folders.ForeignError(found)
    if left is not None:
        folders.delete(left)


def _inherited(workspace: Workspace) -> str:
    """Return the configuration to inherit: the author's, or where there is none the one that `init` writes."""
    if workspace.mkdocs.is_file():
        return f"../{workspace.mkdocs.name}"
    default = workspace.build / "default-mkdocs.yml"
    files.write_text(default, _default())
    return default.name


def _default() -> str:
    """Return the configuration that `init` writes, less the author."""
    texts = dict.fromkeys(("name", "role", "tagline"), "")
    return workspace_file("mkdocs.yml", {"site_name": "Portfolio", **texts})


def _settings(site: Site) -> dict[str, object]:
    """Return what the tool decides over the author's `mkdocs.yml`."""
    settings: dict[str, object] = {
        "site_name": site.name,
        "docs_dir": "docs",
        "theme": _THEME,
        "use_directory_urls": True,
        "not_in_nav": "/projects/\n/work/\n/cv.md\n/timeline.md\n/tools.md\n/ideas.md\n/questions.md\n",
        "validation": {"anchors": "warn"},
    }
    if site.url:
        settings["site_url"] = site.url
    if not site.has_palette:
        settings["theme"] = {**_THEME, "palette": parsed(_default())["theme"]["palette"]}
    if not site.has_nav:
        settings["nav"] = [{"Work": "index.md"}, {"Topics": "tags.md"}, {"About": "about.md"}]
    if site.has_cv and not site.leads_to_cv:
        settings["extra"] = {"cv": "cv/"}
    return settings
