"""The page key: all that decides a project's page, its parts kept readable; equal parts mean equal bytes."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from portfolio.rendering.downloads import published_files
from portfolio.rendering.files import main_files
from portfolio.rendering.links import environments_of, notebook_of
from portfolio.rendering.project import Known
from portfolio.rendering.relations import Around
from portfolio.values import codec
from portfolio.values.entry import Entry, Trust
from portfolio.values.record import Record
from portfolio.values.site import Site
from portfolio.workspace.inputs import Input, input_files

_PROSE = ("writeup.md", "notes.md", "assets")
_NOT_PAGES = ("assets", "theme")
_PACKAGE = Path(__file__).parent.parent
_OTHERS = "other projects"
Digest = Callable[[Path], str]


def page_key(entry: Entry, record: Record, site: Site, surroundings: str, digest: Digest) -> dict[str, str]:
    """Return the parts of a project's page key but for what it shows of other projects.

    Args:
        entry: the project with its record.
        record: the record its page shows.
        site: name and author.
        surroundings: from `surroundings`.
        digest: of a file's content.
    """
    fields = entry.project.spec.model_dump(mode="json", exclude_none=True)
    parts = {f"field {name}": _text(value) for name, value in fields.items()}
    parts |= {f"source {found.name}": digest(found.path) for found in _shown_files(entry)}
    return parts | {
        "result": _sum(codec.dumps(replace(record, key="", parts={}))),
        "files": str(entry.files is not None),
        "history": _sum(repr((entry.provenance, entry.earlier))),
        "trust": f"{entry.trust.value} {entry.trust is Trust.RECORDED and bool(entry.reason)} {record.origin}",
        "failure": entry.failure.kind.value if entry.failure else "none",
        "site": _sum(repr(site)),
        "environment": _environment(entry, record),
        "launched from": _text([notebook_of(entry), environments_of(entry)]),
        "templates": surroundings,
    }


def _environment(entry: Entry, record: Record) -> str:
    """Return what a page says of where its packages came from, and what its commands take them from."""
    needs = entry.project.needs
    taken = f"{needs.file} {needs.lock and (needs.lock.file, needs.lock.of_uv)}" if needs else ""
    return f"{record.parts.get('environment', '')} {taken}"


def others_part(entry: Entry, known: Known) -> dict[str, str]:
    """Return the part of a project's page key that stands for what it shows of other projects."""
    spec = entry.project.spec
    around = known.around.get(entry.project.slug, Around())
    slugs = (*spec.builds_on, *around.related, around.newer or "", around.older or "")
    linked = [(slug, known.titles.get(slug)) for slug in slugs]
    tags = {tag: known.tags.get(tag) for tag in spec.tags}
    before = [repr(known.results.get(slug)) for slug in spec.builds_on]
    return {_OTHERS: _text([linked, tags, before, known.notes.shown_on(entry.project.slug, spec)])}


def surroundings(templates: Sequence[Path], packages: Mapping[str, str], digest: Digest) -> str:
    """Return the digest of what decides every page: templates, this tool, and the libraries that render."""
    parts = {
        name: packages.get(name, "") for name in ("jinja2", "latex2mathml", "markupsafe", "markdown", "nh3", "pygments")
    }
    for number, folder in enumerate(templates):
        found = (inner for inner in input_files(folder, _NOT_PAGES) if inner.name.endswith(".html"))
        parts |= {f"{number} {inner.name}": digest(inner.path) for inner in found}
    parts |= {name: digest(_PACKAGE / f"{name}.py") for name in ("completeness", "skill")}
    for name in ("rendering", "values"):
        parts |= {f"{name} {inner.name}": digest(inner.path) for inner in input_files(_PACKAGE / name, ())}
    return _text(parts)


def page_changes(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[str, ...]:
    """Return every difference between two page keys in words."""
    return tuple(
        f"{part.removeprefix('field ').removeprefix('source ')} changed"
        for part in sorted({*old, *new})
        if old.get(part) != new.get(part)
    )


def _shown_files(entry: Entry) -> Iterable[Input]:
    """Yield the files of the project's folder that its page shows or offers."""
    spec, folder, main = entry.project.spec, entry.project.folder, main_files(entry.project)
    published = {name for used in spec.data for name, _ in published_files(used, folder)}
    for found in input_files(folder, ("results.json", "recorded", "portfolio-output")):
        is_prose = found.name.split("/")[0] in _PROSE
        if is_prose or found.name.endswith(".py") or found.name in main or found.name in published:
            yield found


def _text(value: object) -> str:
    return _sum(json.dumps(value, sort_keys=True, ensure_ascii=True))


def _sum(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
