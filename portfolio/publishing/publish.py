"""Pages to the live site: write the docs tree, build beside the live site, check, then exchange in one step."""

import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from portfolio import files
from portfolio.errors import SiteError
from portfolio.publishing.docs_tree import write_configuration, write_docs, write_theme
from portfolio.publishing.engine import build_site
from portfolio.publishing.validate import validate_site
from portfolio.starters import workspace_file
from portfolio.values.page import Page
from portfolio.values.site import Site
from portfolio.workspace.root import Workspace

_SEAL = ".portfolio-seal"


def publish(
    workspace: Workspace, site: Site, pages: Sequence[Page], templates: Sequence[Path], kept: Iterable[PurePosixPath]
) -> bool:
    """Bring the live site up to date with `pages`; the last good one stays until the new one is known to be good.

    Returns:
        Whether the site was built anew; False where nothing it is made from changed.

    Raises:
        SiteError: the site could not be built or was refused.
    """
    try:
        _refuse_foreign(workspace.site)
        files.recover_exchange(workspace.site)
        _delete_leftovers(workspace.build)
        write_docs(workspace.docs, pages, kept)
        write_theme(workspace.build / "theme", templates)
        configuration = workspace.build / "mkdocs.yml"
        write_configuration(configuration, _inherited(workspace), _settings(site))
        seal = _digest(workspace, configuration)
        if _is_sealed(workspace.site, seal):
            return False
        _build(workspace, site, configuration, seal)
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        raise SiteError(f"the site could not be written: {error.strerror}{where}") from error
    return True


def _build(workspace: Workspace, site: Site, configuration: Path, seal: str) -> None:
    staged = Path(tempfile.mkdtemp(dir=workspace.build, prefix=".staged-site-"))
    try:
        staged.chmod(0o755)
        files.make_ours(staged)
        build_site(configuration, staged, workspace.build / "mkdocs.log")
        files.make_ours(staged)
        (staged / ".nojekyll").touch()
        validate_site(staged, (urlsplit(site.url or "").path.rstrip("/")) + "/")
        files.write_text(staged / _SEAL, json.dumps({"made_from": seal, "files": _stamps(staged)}))
        files.sync_tree(staged)
        files.exchange(staged, workspace.site)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _refuse_foreign(live: Path) -> None:
    if live.is_symlink() or (live.exists() and not (live / files.MARKER).is_file()):
        raise SiteError(
            f"{live} was not made by portfolio, so it is not replaced", hint="move it away, then build again"
        )


def _delete_leftovers(build: Path) -> None:
    for leftover in build.glob(".staged-site-*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _inherited(workspace: Workspace) -> str:
    """Return the configuration to inherit: the author's, or where there is none the one that `init` writes."""
    if workspace.mkdocs.is_file():
        return f"../{workspace.mkdocs.name}"
    default = workspace.build / "default-mkdocs.yml"
    texts = dict.fromkeys(("name", "role", "tagline"), "")
    files.write_text(default, workspace_file("mkdocs.yml", {"site_name": "Portfolio", **texts}))
    return default.name


def _settings(site: Site) -> dict[str, object]:
    """Return what the tool decides over the author's `mkdocs.yml`."""
    settings: dict[str, object] = {
        "site_name": site.name,
        "docs_dir": "docs",
        "theme": {"name": "material", "custom_dir": "theme", "font": False},
        "use_directory_urls": True,
        "not_in_nav": "/projects/\n",
        "validation": {"anchors": "warn"},
    }
    if site.url:
        settings["site_url"] = site.url
    if not site.has_nav:
        settings["nav"] = [{"Work": "index.md"}, {"Topics": "tags.md"}, {"About": "about.md"}]
    return settings


def _is_sealed(live: Path, seal: str) -> bool:
    """Whether the live site was made from the same things and nobody touched its files since."""
    try:
        found = json.loads((live / _SEAL).read_text(encoding="utf-8"))
        return bool(found["made_from"] == seal and found["files"] == _stamps(live))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _stamps(site: Path) -> dict[str, list[int]]:
    found = {path.relative_to(site).as_posix(): path.stat() for path in sorted(site.rglob("*")) if path.is_file()}
    return {name: [stat.st_size, stat.st_mtime_ns] for name, stat in found.items() if name != _SEAL}


def _digest(workspace: Workspace, configuration: Path) -> str:
    """Return the digest of all the site is made from: docs tree, theme, both configurations, the engine's version."""
    from importlib.metadata import version  # noqa: PLC0415

    parts = {"mkdocs": version("mkdocs"), "mkdocs-material": version("mkdocs-material")}
    for top in (workspace.docs, workspace.build / "theme"):
        found = [path for path in sorted(top.rglob("*")) if path.is_file()]
        parts |= {path.relative_to(workspace.build).as_posix(): files.digest(path) for path in found}
    for name, path in (("settings", configuration), ("mkdocs.yml", workspace.mkdocs)):
        parts[name] = files.digest(path) if path.is_file() else "none"
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
