"""The code of a project as pages show it: highlighted once, a line an element, so that warnings can point there."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from markupsafe import Markup, escape

from portfolio.rendering.escape import from_sanitiser, safe_address, without_control
from portfolio.rendering.files import beneath, is_regular, main_files
from portfolio.rendering.limited import Limited, LimitError
from portfolio.rendering.links import file_address, line_mark
from portfolio.rendering.orders import Highlighting, Order
from portfolio.rendering.words import anchor
from portfolio.statements import statement_lines
from portfolio.values.entry import Entry
from portfolio.values.project import Project
from portfolio.values.record import Warned
from portfolio.values.scripts import is_notebook
from portfolio.values.untrusted import Href
from portfolio.walk import files_below
from portfolio.workspace.inputs import is_seen

_MOST_BYTES = 200_000
_MOST_HELPERS = 20
_NOT_CODE = ("assets", "recorded")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeView:
    """One source file for a template; `html` holds one element a line."""

    name: str
    html: Markup
    lines: int
    address: Href | None
    """The file in the repository, at the commit of the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningView:
    """One warning; its place is the line its statement has now."""

    text: str
    times: int
    line: int | None
    anchor: str


def code_views(entry: Entry, limited: Limited) -> tuple[CodeView, ...]:
    """Return the script and the helper modules of the project's folder, the script first, highlighted by `limited`.

    A notebook is shown in its cells, and not as the file it is.
    """
    project = entry.project
    main = [path for name in main_files(project) if (path := beneath(project.folder, name))]
    helpers = [path for path in _modules(project.folder) if path not in main][:_MOST_HELPERS]
    shown = [path for path in main if not is_notebook(path.name)] + helpers
    named = ((path, path.relative_to(project.folder).as_posix()) for path in shown)
    return tuple(view for path, name in named if (view := _code(path, name, file_address(entry, name), limited)))


def warning_views(project: Project, warnings: tuple[Warned, ...]) -> tuple[WarningView, ...]:
    """Return the warnings of a run with the lines their statements have now."""
    lines = statement_lines(_source(project.script) or "")
    views = []
    for warned in warnings:
        known = warned.statement is not None and 0 <= warned.statement < len(lines)
        line = lines[warned.statement] if known and warned.statement is not None else None
        text = f"{warned.category}: {warned.message}"
        place = f"{_prefix(project.spec.script)}-{line}" if line else ""
        views.append(WarningView(text=text, times=warned.count, line=line, anchor=place))
    return tuple(views)


def _modules(folder: Path) -> list[Path]:
    below = files_below(folder, lambda name: is_seen(name) and name not in _NOT_CODE)
    return [path for name, path in below if name.endswith(".py")]


def _code(path: Path, name: str, address: str, limited: Limited) -> CodeView | None:
    """Return the file, each line with a link to it at the commit, or to itself; a keyboard need not pass them all."""
    source = _source(path)
    if source is None:
        return None
    lines = _highlighted(source, PurePosixPath(name).name, limited).split("\n")
    place = f"{address}{line_mark(address)}" if address else f"#{_prefix(name)}-"
    shown = Markup('<span class="pf-line" id="{}-{}"><a href="{}{}" tabindex="-1">{}</a>{}</span>')
    numbered = (
        shown.format(_prefix(name), number, place, number, number, from_sanitiser(line))
        for number, line in enumerate(lines, start=1)
    )
    return CodeView(
        name=name,
        html=Markup("\n").join(numbered),
        lines=len(lines),
        address=safe_address(address) if address else None,
    )


def _highlighted(source: str, name: str, limited: Limited) -> str:
    """Return the source as HTML; one that cannot be highlighted within the limits is shown in one colour."""
    try:
        return limited.ask(Order(highlighting=Highlighting(text=source, file=name))).html
    except LimitError:
        return str(escape(source)).rstrip("\n")


def _prefix(name: str) -> str:
    """Return what the ids of a file's lines begin with."""
    return str(escape(f"code-{anchor(name)}"))


def _source(path: Path) -> str | None:
    if not is_regular(path) or path.stat().st_size > _MOST_BYTES:
        return None
    return without_control(path.read_text(encoding="utf-8", errors="replace"))
