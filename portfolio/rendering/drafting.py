"""One project's prose and page: what is read from its folder, and what can be wrong with it alone."""

import re
from functools import partial
from html import unescape
from pathlib import Path, PurePosixPath

from jinja2 import Environment
from markupsafe import Markup

from portfolio.rendering.cells import cell_views
from portfolio.rendering.code import code_views
from portfolio.rendering.escape import from_template
from portfolio.rendering.figures import FigureView, figure_view
from portfolio.rendering.files import beneath, is_regular
from portfolio.rendering.headline import Headline
from portfolio.rendering.limited import Limited
from portfolio.rendering.problems import PageError, did_you_mean
from portfolio.rendering.project import Shown, Written
from portfolio.rendering.prose_page import MOST_WRITTEN, Embeds, too_long, writeup_html
from portfolio.rendering.tables import table_view
from portfolio.rendering.verdict import verdict
from portfolio.values.entry import Entry
from portfolio.values.page import Asset
from portfolio.values.project import Project
from portfolio.values.record import Record

_IMAGE = re.compile(r"""<img\b[^"'<>]*(?:"[^"]*"[^"'<>]*)*>""")
_SOURCE = re.compile(r'\ssrc="([^"]*)"')
_ALT = re.compile(r'\salt="([^"]*)"')


def shown(entry: Entry, record: Record) -> Shown:
    """Return what there is to see of a record.

    Raises:
        PageError: the figure that the spec wants first was not recorded.
    """
    figures = _figures(entry, record)
    tables = tuple(read for table in record.result.tables if (read := table_view(table, entry.files)))
    first = _first(entry, record, figures)
    is_placed = bool(record.result.cells) and entry.project.spec.hero is None
    return Shown(hero=None if is_placed else first, figures=figures, tables=tables)


def hero(entry: Entry, record: Record) -> FigureView | None:
    """Return the figure shown first.

    Raises:
        PageError: the figure that the spec wants first was not recorded.
    """
    return _first(entry, record, _figures(entry, record))


def _figures(entry: Entry, record: Record) -> tuple[FigureView, ...]:
    code = entry.project.spec.code
    return tuple(seen for figure in record.result.figures if (seen := figure_view(figure, entry.files, data=code)))


def _first(entry: Entry, record: Record, figures: tuple[FigureView, ...]) -> FigureView | None:
    wanted, names = entry.project.spec.hero, [figure.name for figure in record.result.figures]
    if wanted is not None and wanted not in names:
        hint = did_you_mean(wanted, names)
        raise PageError(f"projects/{entry.project.slug}/spec.toml:hero: the run recorded no figure '{wanted}'{hint}")
    return next((figure for figure in figures if figure.name == wanted), figures[0] if figures else None)


def written(
    entry: Entry, record: Record, seen: Shown, found: Headline | None, templates: Environment, limited: Limited
) -> Written:
    """Return the project's write-up, notes and code, rendered.

    Raises:
        PageError: one of them names something unknown or does not parse.
    """
    used: set[tuple[str, str]] = set()
    decided = verdict(found.value, found.baseline, found.interval, found.goal) if found else ""
    figures = {figure.name: partial(_figure, templates, figure, seen, used) for figure in seen.figures}
    tables = {table.name: partial(_embed, templates, "table", table, used) for table in seen.tables}
    embeds = Embeds(figures=figures, tables=tables, verdict=decided)
    html = {}
    for file, prefix in (("writeup.md", "w"), ("notes.md", "n")):
        text = _text(entry.project, file)
        name = f"projects/{entry.project.slug}/{file}"
        html[file] = writeup_html(text, name, record.result, embeds, prefix, limited) if text.strip() else Markup()
        _check_images(html[file], text, name, entry.project.folder)
    cells = cell_views(entry.project, record, figures, tables, limited)
    return Written(
        writeup=html["writeup.md"],
        notes=html["notes.md"],
        figures=frozenset(name for kind, name in used if kind == "figure"),
        tables=frozenset(name for kind, name in used if kind == "table"),
        code=code_views(entry, limited) if entry.project.spec.code else (),
        cells=cells,
    )


def prose_assets(project: Project, prose: Written, folder: PurePosixPath) -> tuple[Asset, ...]:
    """Return the images of the project's `assets/` that its prose shows."""
    seen = {
        name for html in (prose.writeup, prose.notes) for tag in _IMAGE.findall(html) for name in _SOURCE.findall(tag)
    }
    found = ((name, beneath(project.folder, name)) for name in sorted(seen) if name.startswith("assets/"))
    return tuple(Asset(path=folder / name, source=source) for name, source in found if source)


def _figure(templates: Environment, figure: FigureView, seen: Shown, used: set[tuple[str, str]]) -> Markup:
    """Embed a figure; where the page shows it first already, point there instead of showing it twice."""
    if seen.hero is not None and figure.name == seen.hero.name:
        see = Markup('<p class="pf-see"><a href="#figure-{}">↑ See the figure at the top of the page</a></p>')
        return see.format(figure.name)
    return _embed(templates, "figure", figure, used)


def _embed(templates: Environment, kind: str, view: object, used: set[tuple[str, str]]) -> Markup:
    name = str(getattr(view, "name", ""))
    first = (kind, name) not in used
    used.add((kind, name))
    return from_template(templates, f"parts/{kind}.html", **{kind: view}, eager=False, anchored=first)


def _text(project: Project, file: str) -> str:
    path = project.folder / file
    if not is_regular(path):
        return ""
    if path.stat().st_size > MOST_WRITTEN:
        raise too_long(f"projects/{project.slug}/{file}")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise PageError(f"projects/{project.slug}/{file}: is not UTF-8; save it as UTF-8") from error


def _check_images(html: Markup, text: str, file: str, folder: Path) -> None:
    """Refuse a picture that would be missing on the page: the sanitiser leaves an address only where we may show it."""
    for tag in _IMAGE.findall(html):
        source = _SOURCE.search(tag)
        if source and (source[1].startswith("figures/") or beneath(folder, source[1])):
            continue
        words = _ALT.search(tag)
        wanted = source[1] if source else f"![{unescape(words[1])}]" if words else "<img"
        line = next((number for number, line in enumerate(text.split("\n"), start=1) if wanted in line), 1)
        raise PageError(
            f"{file}:{line}: no image to show for '{wanted[:200]}'; put a png, jpg, webp or gif file into the project's"
            " assets folder and write assets/NAME"
        )
