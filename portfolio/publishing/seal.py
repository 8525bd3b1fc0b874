"""A site's seal: what it was made from and how its files looked then; a site that still fits is not built again.

It lies in the cache and not in the site, whose bytes it would change with every build. One that belongs to another
site, as after a crash, does not fit: the site is built again.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from portfolio import files
from portfolio.publishing.site_inputs import files_of, site_inputs
from portfolio.walk import walk
from portfolio.workspace.root import Workspace

_SEAL = "site-seal.json"
_MADE_BY = {"mkdocs": ("mkdocs", "mkdocs-material", "markdown", "jinja2"), "zensical": ("zensical", "markdown")}


def made_from(workspace: Workspace, configuration: Path, digest: Callable[[Path], str], engine: str) -> str:
    """Return the digest of all the site is made from: docs tree, theme, configuration, what it names, the engine."""
    from importlib.metadata import version  # noqa: PLC0415 - slow to import, and not needed to look at a seal

    parts = {name: version(name) for name in _MADE_BY[engine]}
    for top in (workspace.docs, workspace.build / "theme"):
        found = [(name, Path(entry.path)) for name, entry in walk(top) if entry.is_file()]
        parts |= {f"{top.name}/{name}": digest(path) for name, path in found}
    for path in files_of(site_inputs(workspace)):
        parts[f"named {workspace.shown(path)}"] = digest(path)
    for name, path in (("settings", configuration), ("mkdocs.yml", workspace.mkdocs)):
        parts[name] = digest(path) if path.is_file() else "none"
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def seal(workspace: Workspace, made_from: str) -> None:
    """Note what the live site was made from and how its files look; where that cannot be noted it is built again."""
    with suppress(OSError):
        noted = {"made_from": made_from, "files": _stamps(workspace.site)}
        files.write_text(workspace.cache / _SEAL, json.dumps(noted))


def is_sealed(workspace: Workspace, made_from: str) -> bool:
    """Whether the live site was made from the same things and nobody touched its files since."""
    try:
        found = json.loads((workspace.cache / _SEAL).read_text(encoding="utf-8"))
        return bool(found["made_from"] == made_from and found["files"] == _stamps(workspace.site))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def seal_of(workspace: Workspace) -> str | None:
    """Return the digest of the live site's seal; None where it has none that fits."""
    try:
        content = (workspace.cache / _SEAL).read_bytes()
        fits = json.loads(content)["files"] == _stamps(workspace.site)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return sha256(content).hexdigest() if fits else None


def _stamps(site: Path) -> dict[str, list[int]]:
    found = {name: entry.stat() for name, entry in walk(site) if entry.is_file()}
    return {name: [stat.st_size, stat.st_mtime_ns] for name, stat in found.items()}
