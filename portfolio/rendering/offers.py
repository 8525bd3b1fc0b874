"""What is made of a project for a reader to take along, and what is said of the data that are not offered."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from portfolio import literate
from portfolio.rendering import bundle
from portfolio.rendering.code import CodeView
from portfolio.rendering.downloads import Download, downloads, published_files
from portfolio.rendering.escape import code_text, machine_text, path_address, without_control
from portfolio.rendering.files import beneath, published_name
from portfolio.rendering.notebooks import as_script
from portfolio.rendering.numbers import size
from portfolio.values.entry import Entry
from portfolio.values.page import Archive, Asset, TextFile
from portfolio.values.record import Record
from portfolio.values.scripts import is_notebook
from portfolio.values.spec import Data
from portfolio.values.untrusted import Href

_MOST_BYTES = 10 << 20
"""Of one file of an archive; larger ones are offered beside it."""
_MOST_SOURCE = 200_000
_MOST_DIGESTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A file that is made for the page."""

    label: str
    address: Href
    what: str
    size: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """What a page offers: files as they are, and the notebook and the archive where there can be any."""

    downloads: tuple[Download, ...] = ()
    shown: tuple[Offer, ...] = ()
    texts: tuple[TextFile, ...] = ()
    archive: Archive | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DataView:
    """A data set for a template: what is offered of it, or how its reader knows to have the right one."""

    spec: Data
    offered: tuple[Download, ...]
    digests: tuple[tuple[str, str], ...]
    more: int
    """Files whose digests are not listed."""


def data_views(entry: Entry, record: Record, offered: tuple[Download, ...]) -> tuple[DataView, ...]:
    """Return the data sets of the project; digests only of what is not offered and of projects that show code."""
    digests = record.circumstances.data if entry.project.spec.code else {}
    views = []
    for used in entry.project.spec.data:
        published = {source for _, source in published_files(used, entry.project.folder)}
        path = PurePosixPath(used.path).as_posix() if used.path else ""
        known = [(name, digests[name]) for name in sorted(digests) if path and _is_of(name, path)]
        kept_back = [] if used.publish else known
        views.append(
            DataView(
                spec=used,
                offered=tuple(each for each in offered if each.asset and each.asset.source in published),
                digests=tuple(kept_back[:_MOST_DIGESTS]),
                more=max(0, len(kept_back) - _MOST_DIGESTS),
            )
        )
    return tuple(views)


def offers(
    entry: Entry, record: Record, code: tuple[CodeView, ...], folder: PurePosixPath, beside: tuple[Download, ...] = ()
) -> Offers:
    """Return what is offered of a project; where its code is not published, only what was made `beside` its page.

    A name that is taken stays so.
    """
    project = entry.project
    files = (*downloads(entry, record, folder), *beside)
    script = beneath(project.folder, project.spec.script)
    if not project.spec.code or script is None:
        return Offers(downloads=files)
    taken = {f"{folder}/{download.address}".casefold() for download in files}
    converted = [each for each in _converted(entry, folder) if str(each[0].path).casefold() not in taken]
    texts = [text for text, _ in converted]
    shown = [_offer(text.path, what, len(text.text.encode())) for text, what in converted]
    path = folder / f"{project.slug}.zip"
    archive = None
    if str(path).casefold() not in taken:
        archive = _archive(entry, record, files, code, path, texts)
        total = sum(file.source.stat().st_size for file in archive.files)
        total += sum(len(text.text.encode()) for text in archive.texts)
        shown.append(_offer(path, "all of it, with what to install", total))
    return Offers(downloads=files, shown=tuple(shown), texts=tuple(texts), archive=archive)


def _converted(entry: Entry, folder: PurePosixPath) -> Iterator[tuple[TextFile, str]]:
    """Yield the notebook that a script makes, or a notebook as it is before it runs and the script it makes."""
    project, script = entry.project, beneath(entry.project.folder, entry.project.spec.script)
    if script is None or script.stat().st_size > (literate.MOST_BYTES if is_notebook(script.name) else _MOST_SOURCE):
        return
    if is_notebook(script.name):
        content = script.read_bytes()
        try:
            book, cells = literate.without_outputs(content), literate.notebook_cells(content)
        except literate.NotebookError:
            return
        yield TextFile(path=folder / script.name, text=machine_text(book)), "the notebook"
        name = folder / f"{project.slug}.py"
        yield TextFile(path=name, text=code_text(as_script(cells))), "the notebook as a script"
    elif script.suffix == ".py":
        source = without_control(script.read_text(encoding="utf-8", errors="replace"))
        name = folder / f"{project.slug}.ipynb"
        yield TextFile(path=name, text=bundle.notebook(entry, source)), "the script as a notebook"


def _archive(
    entry: Entry,
    record: Record,
    offered: tuple[Download, ...],
    code: tuple[CodeView, ...],
    path: PurePosixPath,
    made: list[TextFile],
) -> Archive:
    project, result = entry.project, record.result
    found = {str(each.asset.path.relative_to(path.parent)): each.asset.source for each in offered if each.asset}
    found |= {view.name: source for view in code if (source := beneath(project.folder, view.name))}
    for used in project.spec.data:
        found |= {published_name(name, source) or "": source for name, source in published_files(used, project.folder)}
    dark = {figure.dark for figure in result.figures}
    names = [name for name in result.file_names() if not name.startswith("artifacts/") and name not in dark]
    found |= {name: source for name in names if entry.files and (source := beneath(entry.files, name))}
    found.pop("", None)
    large = sorted(name for name, source in found.items() if source.stat().st_size > _MOST_BYTES)
    kept_back = [*_where(entry, record), *(f"{name}: too large for this file, offered on the page" for name in large)]
    texts = {
        "README.txt": bundle.read_me(entry, record, kept_back),
        "requirements.txt": bundle.requirements(record, project.spec.script),
        "spec.toml": bundle.spec_text(entry),
    } | {each.path.name: each.text for each in made}
    return Archive(
        path=path,
        files=tuple(
            Asset(path=PurePosixPath(name), source=found[name])
            for name in sorted(found)
            if name not in large and name not in texts
        ),
        texts=tuple(TextFile(path=PurePosixPath(name), text=texts[name]) for name in sorted(texts)),
    )


def _where(entry: Entry, record: Record) -> list[str]:
    """Return how to get each data set that is not published."""
    found = []
    for view in data_views(entry, record, ()):
        if not view.spec.publish:
            source = " ".join((view.spec.source or "its source is not said").split())
            digests = "".join(f"\n  {name}: SHA-256 {digest}" for name, digest in view.digests)
            found.append(f"{view.spec.name}: {source}{digests}")
    return found


def _offer(path: PurePosixPath, what: str, count: int) -> Offer:
    return Offer(label=path.name, address=path_address(path.name), what=what, size=size(count))


def _is_of(name: str, path: str) -> bool:
    return name == path or name.startswith(f"{path.rstrip('/')}/")
