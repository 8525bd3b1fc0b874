"""The workspace's configuration: `[tool.portfolio]` of `pyproject.toml`, and the site in `mkdocs.yml`."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from portfolio.errors import Problem, WorkspaceError
from portfolio.values.settings import AuthorSettings, Settings
from portfolio.values.site import Author, Site
from portfolio.workspace import toml
from portfolio.workspace.root import Workspace

if TYPE_CHECKING:
    from portfolio.identity import Identity
    from portfolio.values.resume import Resume


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Settings and site, and every problem found while reading them."""

    settings: Settings
    site: Site
    resume: "Resume | None"
    """The author's CV, if there is one."""
    problems: tuple[Problem, ...]


def read_configuration(workspace: Workspace, *, site_url: str | None = None) -> Configuration:
    """Return the configuration; `site_url` fills in where `mkdocs.yml` names none."""
    settings, problems = _settings(workspace)
    document, more = _mkdocs(workspace)
    author, still_more = _author(document, workspace)
    resume, of_resume = _resume(workspace)
    theme = document.get("theme")
    name = document.get("site_name") or author.name or "Portfolio"
    site = Site(
        name=str(name),
        url=document.get("site_url") or site_url or None,
        description=str(document.get("site_description") or author.tagline or ""),
        author=author,
        has_nav=bool(document.get("nav")),
        has_palette=isinstance(theme, dict) and bool(theme.get("palette")),
        has_cv=resume is not None,
        leads_to_cv="cv.md" in str(document.get("nav")),
    )
    found = (*problems, *more, *still_more, *of_resume)
    return Configuration(settings=settings, site=site, resume=resume, problems=found)


def refuse_identity(who: "Identity") -> None:
    """Refuse what could not stand in `mkdocs.yml`.

    Raises:
        WorkspaceError: naming the option it was given by.
    """
    given = {"name": who.name, "role": who.role, "tagline": who.tagline, "links": dict(who.links)}
    found = toml.validate(AuthorSettings, {key: value for key, value in given.items() if value}, "", "", prefix="")
    problems = [
        replace(problem, file="", key="", message=f"--{problem.key.lstrip('-')}: {problem.message}")
        for problem in ([] if isinstance(found, AuthorSettings) else found)
    ]
    fits, what, example = _SITE["site_url"]
    if not fits(who.site_url):
        problems.append(Problem(file="", key="", message=f"--site-url: must be {what}", hint=f"--site-url {example}"))
    if problems:
        raise WorkspaceError(problems)


def _settings(workspace: Workspace) -> tuple[Settings, list[Problem]]:
    path = workspace.root / "pyproject.toml"
    if not os.path.lexists(path):
        return Settings(), []
    loaded = toml.load(path, "pyproject.toml")
    if isinstance(loaded, Problem):
        return Settings(), [loaded]
    table, text = loaded
    tools = table.get("tool", {})
    if not isinstance(tools, dict):
        message = "'tool' must be a table"
        return Settings(), [Problem(file="pyproject.toml", key="tool", message=message, hint="[tool.portfolio]")]
    found = toml.validate(Settings, tools.get("portfolio", {}), text, "pyproject.toml", prefix="tool.portfolio.")
    return (found, []) if isinstance(found, Settings) else (Settings(), found)


def _mkdocs(workspace: Workspace) -> tuple[dict[str, Any], list[Problem]]:
    if not os.path.lexists(workspace.mkdocs):
        return {}, []
    from portfolio.workspace.yaml_file import read_yaml  # noqa: PLC0415 - slow, and only where there is one

    document, message, line, hint = read_yaml(workspace.mkdocs)
    if not message and document is not None and not isinstance(document, dict):
        message, hint = "must be a mapping", "site_name: My portfolio"
    if message:
        return {}, [Problem(file="mkdocs.yml", key=line, message=message, hint=hint)]
    found: dict[str, Any] = document or {}
    problems = [
        Problem(file="mkdocs.yml", key=key, message=f"must be {what}", hint=f"{key}: {example}")
        for key, (fits, what, example) in _SITE.items()
        if found.get(key) is not None and not (isinstance(found[key], str) and fits(found[key]))
    ]
    return found, problems


_SITE: Mapping[str, tuple[Callable[[str], object], str, str]] = {
    "site_name": (str.strip, "a string", "My portfolio"),
    "site_description": (lambda _text: True, "a string", "What I do"),
    "site_url": (re.compile(r"https?://[^\s\"'<>@]+|").fullmatch, "an address", "https://example.org/"),
}


def _resume(workspace: Workspace) -> tuple["Resume | None", list[Problem]]:
    if not os.path.lexists(workspace.resume):
        return None, []
    from portfolio.workspace.resume import read_resume  # noqa: PLC0415 - only where there is one

    return read_resume(workspace)


def _author(document: Mapping[str, Any], workspace: Workspace) -> tuple[Author, list[Problem]]:
    extra = document.get("extra")
    table = extra.get("portfolio") if isinstance(extra, dict) else None
    if table is None:
        return Author(), []
    shown = workspace.shown(workspace.mkdocs)
    if not isinstance(table, dict):
        return Author(), [Problem(file=shown, key="extra.portfolio", message="must be a mapping", hint="name: Ada")]
    found = toml.validate(AuthorSettings, table, "", shown, prefix="extra.portfolio.")
    if not isinstance(found, AuthorSettings):
        return Author(), found
    given = {key: value for key, value in found.model_dump().items() if value}
    return Author(**given), []
