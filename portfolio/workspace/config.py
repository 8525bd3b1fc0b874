"""The workspace's configuration: `[tool.portfolio]` of `pyproject.toml`, and the site in `mkdocs.yml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from portfolio.errors import Problem
from portfolio.values.settings import AuthorSettings, Settings
from portfolio.values.site import Author, Site
from portfolio.workspace import toml
from portfolio.workspace.root import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Settings and site, and every problem found while reading them."""

    settings: Settings
    site: Site
    problems: tuple[Problem, ...]


class _Lenient(yaml.SafeLoader):
    """MkDocs' own tags (`!ENV`, `!!python/name:`) are its business; here they read as nothing."""


_Lenient.add_multi_constructor("", lambda _loader, _suffix, _node: None)


def read_configuration(workspace: Workspace, *, site_url: str | None = None) -> Configuration:
    """Return the configuration; `site_url` fills in where `mkdocs.yml` names none."""
    settings, problems = _settings(workspace)
    document, more = _mkdocs(workspace)
    author, still_more = _author(document, workspace)
    name = document.get("site_name") or author.name or "Portfolio"
    site = Site(
        name=str(name),
        url=document.get("site_url") or site_url or None,
        description=str(document.get("site_description") or author.tagline or ""),
        author=author,
        has_nav=bool(document.get("nav")),
    )
    return Configuration(settings=settings, site=site, problems=(*problems, *more, *still_more))


def _settings(workspace: Workspace) -> tuple[Settings, list[Problem]]:
    path = workspace.root / "pyproject.toml"
    if not path.exists():
        return Settings(), []
    loaded = toml.load(path, "pyproject.toml")
    if isinstance(loaded, Problem):
        return Settings(), [loaded]
    table, text = loaded
    found = toml.validate(
        Settings, table.get("tool", {}).get("portfolio", {}), text, "pyproject.toml", prefix="tool.portfolio."
    )
    return (found, _unkept(found)) if isinstance(found, Settings) else (Settings(), found)


def _unkept(settings: Settings) -> list[Problem]:
    """Refuse what this version cannot keep, instead of ignoring it."""
    if settings.executor == "local":
        return []
    message = "only 'local' is built so far"
    return [Problem(file="pyproject.toml", key="tool.portfolio.executor", message=message, hint="remove the line")]


def _mkdocs(workspace: Workspace) -> tuple[dict[str, Any], list[Problem]]:
    path = workspace.mkdocs
    if not path.exists():
        return {}, []
    try:
        document = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_Lenient)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "cannot be parsed"
        return {}, [Problem(file="mkdocs.yml", key=str(mark.line + 1) if mark else "", message=f"is not YAML: {what}")]
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        return {}, [Problem(file="mkdocs.yml", key="", message=f"cannot be read: {type(error).__name__}")]
    if document is None:
        return {}, []
    if not isinstance(document, dict):
        return {}, [Problem(file="mkdocs.yml", key="", message="must be a mapping", hint="site_name: My portfolio")]
    return document, []


def _author(document: Mapping[str, Any], workspace: Workspace) -> tuple[Author, list[Problem]]:
    extra = document.get("extra")
    table = extra.get("portfolio") if isinstance(extra, dict) else None
    if table is None:
        return Author(), []
    shown = workspace.shown(workspace.mkdocs)
    if not isinstance(table, dict):
        return Author(), [Problem(file=shown, key="extra.portfolio", message="must be a mapping")]
    found = toml.validate(AuthorSettings, table, "", shown, prefix="extra.portfolio.")
    if not isinstance(found, AuthorSettings):
        return Author(), found
    given = {key: value for key, value in found.model_dump().items() if value}
    return Author(**given), []
