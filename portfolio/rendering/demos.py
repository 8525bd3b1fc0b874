"""The models of a run that a reader can try in the page: where each one's file lies, and what tells it from another.

The file is read by the page's own script alone, which believes nothing in it (`site_templates/assets/demo/check.js`).
"""

from dataclasses import dataclass
from pathlib import PurePosixPath

from portfolio.rendering.escape import path_address
from portfolio.rendering.files import beneath, published_name
from portfolio.rendering.models import logged_models, withheld_files
from portfolio.rendering.numbers import size
from portfolio.rendering.words import humanised, sentence
from portfolio.values.entry import Entry
from portfolio.values.record import Record
from portfolio.values.untrusted import Href

SUFFIX = ".demo.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoView:
    """What a template shows of a model before it is loaded; the address is relative to the project's page."""

    name: str
    address: Href
    sha256: str
    size: str


def demo_views(entry: Entry, record: Record) -> tuple[DemoView, ...]:
    """Return the models that can be tried; none where the code, and with it the models, are not published."""
    if not entry.project.spec.code or entry.files is None:
        return ()
    withheld = withheld_files(logged_models(entry, record))
    found = []
    for artifact in record.result.artifacts:
        source = beneath(entry.files, artifact.file)
        published = published_name(artifact.file, source)
        if artifact.file.endswith(SUFFIX) and published and source and artifact.file not in withheld:
            name = PurePosixPath(artifact.file).name.removesuffix(SUFFIX)
            view = DemoView(
                name=sentence(humanised(name)),
                address=path_address(published),
                sha256=record.files.get(artifact.file, ""),
                size=size(source.stat().st_size),
            )
            found.append(view)
    return tuple(found)
