"""What a reader may take along: the script, tables, artifacts and published data, as files beside the page."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from portfolio.rendering.escape import path_address
from portfolio.rendering.files import beneath, main_files, published_name
from portfolio.rendering.models import logged_models, onnx_notes, withheld_files
from portfolio.rendering.numbers import size
from portfolio.rendering.problems import PageError
from portfolio.values.entry import Entry
from portfolio.values.page import Asset, Page
from portfolio.values.record import Record
from portfolio.values.scripts import is_notebook
from portfolio.values.spec import Data
from portfolio.values.untrusted import Href
from portfolio.walk import files_below
from portfolio.workspace.inputs import is_seen

MOST_BYTES = 100 << 20
"""Of a file the site offers."""
_MOST_LISTED = 20
"""Files of a published folder that are offered one by one; all of them are in the archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """One file for a template; the address is relative to the project's page."""

    label: str
    address: Href
    size: str
    note: str
    asset: Asset | None
    """What to copy; None where the file is made with the page."""


def downloads(entry: Entry, record: Record, folder: PurePosixPath) -> tuple[Download, ...]:
    """Return the script, the artifacts and the published data; none of them where the code is not published.

    A model that holds rows of data that are not published is no artifact to offer.
    """
    spec = entry.project.spec
    if not spec.code:
        return ()
    models = logged_models(entry, record)
    withheld, notes = withheld_files(models), onnx_notes(models)
    described = {f"{model.stem}.json" for model in models if model.description}
    is_made = is_notebook(spec.script)  # without what it was saved with
    wanted: list[tuple[str, Path | None]] = [
        (name, beneath(entry.project.folder, name))
        for name in main_files(entry.project)
        if not (is_made and name == spec.script)
    ]
    if entry.files:
        offered = [artifact.file for artifact in record.result.artifacts if artifact.file not in withheld]
        wanted += [(name, beneath(entry.files, name)) for name in offered]
    for used in spec.data:
        files = published_files(used, entry.project.folder)
        wanted += files if len(files) <= _MOST_LISTED else []
    found = [_download(name, source, folder, notes.get(name, "")) for name, source in dict(wanted).items()]
    return tuple(
        replace(download, asset=None) if name in described else download
        for name, download in zip(dict(wanted), found, strict=True)
        if download
    )


def published_files(used: Data, folder: Path) -> list[tuple[str, Path]]:
    """Return the files of a data set that may be published, by their path in the project's folder."""
    if not used.publish or not used.path:
        return []
    top = folder / used.path
    names = [used.path] if not top.is_dir() or top.is_symlink() else list(_names(top, folder))
    return [(name, source) for name in names if (source := beneath(folder, name))]


def _names(top: Path, folder: Path) -> Iterator[str]:
    yield from (path.relative_to(folder).as_posix() for _, path in files_below(top, is_seen))


def made(page: Page) -> Download:
    """Return a file that is made with the page and stands beside it."""
    name = page.path.name
    return Download(
        label=name, address=path_address(name), size=size(len(page.text.encode("utf-8"))), note="", asset=None
    )


def _download(name: str, source: Path | None, folder: PurePosixPath, note: str) -> Download | None:
    published = published_name(name, source)
    if source is None or published is None:
        return None
    if source.stat().st_size > MOST_BYTES:
        raise PageError(
            f"{folder}/{name}: is larger than {MOST_BYTES >> 20} MiB, too large to publish; link to where it can be had"
        )
    return Download(
        label=PurePosixPath(name).name,
        address=path_address(published),
        size=size(source.stat().st_size),
        note=note,
        asset=Asset(path=folder / published, source=source),
    )
