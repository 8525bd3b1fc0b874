"""What `check` looks at: specs, what pages lack, results typed by hand, links of the built site; secrets if asked."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from portfolio import provenance, results
from portfolio.completing import completions
from portfolio.errors import Problem, placed
from portfolio.gate.gate import Gate
from portfolio.gate.sources import search_sources
from portfolio.presenting import cv_lacks, page_lacks, site_lacks
from portfolio.publishing.links import Links, address, broken_inside, read_links
from portfolio.publishing.outside import ask
from portfolio.reading import Options, read
from portfolio.rendering.calling import withheld_because
from portfolio.rendering.models import logged_models
from portfolio.rendering.prose_page import MOST_WRITTEN
from portfolio.rendering.typed_numbers import TypedNumber, typed_numbers
from portfolio.surveying import Shown, shown
from portfolio.values.entry import Entry
from portfolio.values.record import Metric
from portfolio.values.site import Site
from portfolio.walk import walk
from portfolio.workspace.root import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something a check found."""

    problem: Problem
    is_error: bool
    """Whether it is wrong in any case, not only short of what a page should have."""
    stops: bool = False
    """Whether no site may be published over it; everything else is told and published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found, errors first, and whether the author wants warnings taken for errors."""

    findings: tuple[Finding, ...]
    strict: bool

    def fails(self, *, strict: bool) -> bool:
        """Whether anything counts as an error."""
        return any(found.is_error or strict or self.strict for found in self.findings)

    @property
    def stops(self) -> bool:
        """Whether nothing may be published."""
        return any(found.stops or self.strict for found in self.findings)


def check(workspace: Workspace, *, secrets: bool = False, external: bool = False) -> Checked:
    """Return what is wrong, and what pages lack; nothing is run.

    Args:
        workspace: what to look at.
        secrets: also look for secrets, in sources that are committed or would be and in the last built site.
        external: also ask other hosts whether what pages link to is there.

    Raises:
        WorkspaceError: see `read`.
        SiteError: a template of a page that all share cannot be rendered.
    """
    options = Options(drafts=True)
    configuration = read(workspace, options).configuration
    projects = shown(workspace, options)
    found = [finding for project in projects for finding in _of_prose(workspace, project)]
    found += [finding for project in projects for finding in _of_models(project.entry)]
    if secrets:
        searched = search_sources(_sources(workspace), Gate.of(os.environ))
        found += [Finding(problem=problem, is_error=True, stops=True) for problem in searched]
    found += _of_links(workspace, external=external)
    told = {(finding.problem.file, f"failed: {finding.problem.message}") for finding in found}
    lacks = [lack for project in completions(workspace, ()) for lack in project.missing]
    lacks = [lack for lack in lacks if (lack.file, lack.message) not in told]
    found += [
        Finding(
            problem=Problem(file=lack.file, key=lack.key, message=lack.message, hint=lack.hint),
            is_error=lack.message.startswith("failed:"),
        )
        for lack in lacks
    ]
    found += [Finding(problem=problem, is_error=False) for problem in _of_looks(configuration.site, projects)]
    if configuration.resume and not configuration.site.author.example:
        lacking = cv_lacks(configuration.resume, configuration.site.author)
        found += [Finding(problem=problem, is_error=False) for problem in lacking]
    return Checked(
        findings=tuple(sorted(found, key=lambda finding: not finding.is_error)), strict=configuration.settings.strict
    )


def _of_looks(site: Site, projects: Sequence[Shown]) -> Iterator[Problem]:
    """Yield what the site and its pages lack to be sent to somebody; of example content every page says that it is."""
    if not site.author.example:
        yield from site_lacks(site, [project.entry for project in projects])
    for project in projects:
        yield from page_lacks(project.entry)


def _of_prose(workspace: Workspace, project: Shown) -> Iterator[Finding]:
    """Yield what is wrong with a write-up: names that no run recorded, and results typed by hand."""
    path = project.entry.project.folder / "writeup.md"
    if project.failure:
        yield Finding(problem=_placed(project.failure.message), is_error=True)
    try:
        text = path.read_text(encoding="utf-8") if path.stat().st_size <= MOST_WRITTEN else ""
    except (OSError, UnicodeDecodeError):
        return
    for typed in typed_numbers(text, _metrics(project.entry), _earlier(project.entry)):
        yield Finding(problem=_of_number(workspace.shown(path), typed), is_error=typed.certain)


def _of_models(entry: Entry) -> Iterator[Finding]:
    """Yield which models are kept from the site, and what would allow them there."""
    slug, data = entry.project.slug, entry.project.spec.data
    if entry.record is None or not entry.project.spec.code:
        return
    for model in logged_models(entry, entry.record):
        if model.is_withheld:
            where = "under each [[data]], with its licence" if data else "under [[data]], with name and licence"
            hint = f"if the rows may be read by anyone, add publish = true {where}; else log a model that keeps none"
            message = f"the model {model.name!r} is withheld: {withheld_because(model)}"
            problem = Problem(file=f"projects/{slug}/spec.toml", key="data.publish", message=message, hint=hint)
            yield Finding(problem=problem, is_error=False)


def _of_links(workspace: Workspace, *, external: bool) -> Iterator[Finding]:
    """Yield the links of the built site that lead nowhere; those elsewhere are asked for only if wanted."""
    if not workspace.site.is_dir():
        return
    links, url = read_links(workspace.site), address(workspace.site)
    for broken in broken_inside(links, urlsplit(url).path.rstrip("/") + "/"):
        page = workspace.shown(workspace.site / broken.link.page)
        hint = "mend it in the write-up, template or mkdocs.yml it comes from, then: portfolio build"
        yield Finding(problem=Problem(file=page, key="", message=broken.message, hint=hint), is_error=True, stops=True)
    if external:
        yield from _of_other_hosts(workspace, links, url)


def _of_other_hosts(workspace: Workspace, links: Links, url: str) -> Iterator[Finding]:
    """Yield what other hosts do not have; one that cannot be reached may be back tomorrow, so it is a warning."""
    own = f"{url.rstrip('/')}/"
    asked = [link for link in links.external if not url or not f"{link.address}/".startswith(own)]
    answers = ask((link.address for link in asked), workspace.cache / "links.json")
    for link in asked:
        answer = answers[link.address]
        if not answer.alive:
            page = workspace.shown(workspace.site / link.page)
            message = f"{link.kind} {link.address!r} {answer.said}"
            problem = Problem(file=page, key="", message=message, hint="replace it by an address that answers")
            yield Finding(problem=problem, is_error=answer.gone)


def _placed(message: str) -> Problem:
    return placed(message) or Problem(file="", key="", message=message)


def _of_number(file: str, typed: TypedNumber) -> Problem:
    what = "was a result of an earlier run" if typed.earlier else "is a result of the run"
    if not typed.certain:
        what = f"stands beside '{typed.name.removeprefix('metrics.')}' and is not what was recorded"
    written = typed.text.replace('"', "'")
    hint = f'write {{{{ {typed.name} }}}}; or, if it is no result, {{{{ typed("{written}") }}}}'
    return Problem(file=file, key=str(typed.line), message=f"'{typed.text}' {what}, typed by hand", hint=hint)


def _metrics(entry: Entry) -> Sequence[Metric]:
    """Return what the last run recorded, else what is committed of one."""
    if entry.record:
        return entry.record.result.metrics
    return tuple(results.metrics(results.load(entry.project.folder / results.NAME) or {}).values())


def _earlier(entry: Entry) -> Sequence[Metric]:
    """Return the headline as it was committed before."""
    headline = entry.project.spec.headline
    metric = next((metric for metric in _metrics(entry) if headline and metric.name == headline.metric), None)
    if metric is None:
        return ()
    versions = entry.provenance.versions
    return tuple(
        Metric(name=metric.name, value=version.value, interval=version.interval, unit=metric.unit)
        for version in versions
    )


def _sources(workspace: Workspace) -> list[tuple[str, Path]]:
    """Return the author's files and those of the built site, by the names they are known by."""
    history = provenance.history(workspace)
    listed = history.listed() if history else None
    names = _walked(workspace) if listed is None else listed
    top = (workspace.shown(workspace.projects), workspace.shown(workspace.templates))
    wanted = [name for name in names if "/" not in name or name.split("/")[0] in top]
    shown = workspace.shown(workspace.site)
    built = walk(workspace.site) if workspace.site.is_dir() else ()
    site = [name for name, entry in built if entry.is_file(follow_symlinks=False)]
    return [(name, workspace.root / name) for name in wanted] + [
        (f"{shown}/{name}", workspace.site / name) for name in site
    ]


def _walked(workspace: Workspace) -> tuple[str, ...]:
    """Return what git would list if there were one, less what it would be told to ignore by its name."""
    found = [path.name for path in sorted(workspace.root.iterdir()) if path.is_file()]
    for top in filter(Path.is_dir, (workspace.projects, workspace.templates)):
        found += [f"{workspace.shown(top)}/{name}" for name, entry in walk(top) if entry.is_file(follow_symlinks=False)]
    return tuple(name for name in found if "__pycache__" not in name.split("/"))
