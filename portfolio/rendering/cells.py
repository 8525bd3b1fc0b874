"""A notebook, or a script in cells, as a page shows it: prose and code as they are now, with what the run showed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from portfolio import literate
from portfolio.literate import Cell
from portfolio.rendering.cell_links import with_links
from portfolio.rendering.escape import from_sanitiser, without_control
from portfolio.rendering.files import beneath
from portfolio.rendering.limited import Limited, LimitError
from portfolio.rendering.orders import Order, Passage, Passages, Tokens
from portfolio.rendering.prose_page import filled
from portfolio.values.project import Project
from portfolio.values.record import Output, Record, Result

_PREFIX = "c"
_MOST_LOST = 2
"""Passages beyond the limits after which no more are tried: each takes seconds."""
_WRITTEN = {"markdown": "markdown", "html": "html"}
Embed = Callable[[], Markup]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a cell: its `kind` is `prose`, `code`, `output`, `value`, `error`, `note` or `embedded`."""

    kind: str
    html: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class CellView:
    """One cell for a template."""

    number: int
    prose: Markup
    code: Markup
    is_code_folded: bool
    outputs: tuple[Part, ...]
    are_outputs_folded: bool


def cell_views(
    project: Project, record: Record, figures: Mapping[str, Embed], tables: Mapping[str, Embed], limited: Limited
) -> tuple[CellView, ...]:
    """Return the cells of a project's script; none where the run knew of none, or the project is a command's.

    Of a project without code, prose, figures and tables.
    """
    result = record.result
    if not result.cells:
        return ()
    shown = [cell for cell in _cells(project, record) if "remove-cell" not in _tags(cell)]
    outputs = {cell: _outputs(cell, result, code=project.spec.code) for cell in shown}
    asked = [_source(cell, code=project.spec.code) for cell in shown]
    asked += [Passage(kind=_WRITTEN[each.kind], text=without_control(each.text)) for each in _written(outputs)]
    html = iter(_rendered(asked, project.spec.script if project.spec.code else "", limited))
    sources = [next(html) for _ in shown]
    written = {id(output): next(html) for output in _written(outputs)}
    embeds = {"figure": figures, "table": tables}
    views = (
        _view(cell, source, tuple(_parts(outputs[cell], written, embeds)))
        for cell, source in zip(shown, sources, strict=True)
    )
    return tuple(view for view in views if view.prose or view.code or view.outputs)


def _cells(project: Project, record: Record) -> tuple[Cell, ...]:
    """Return the cells as they are now; as they were run, where they do something else now."""
    script = beneath(project.folder, project.spec.script)
    now = literate.cells_of(script) if script else ()
    ran = tuple(
        Cell(is_code=cell.is_code, text=cell.text, number=cell.number, tags=frozenset(cell.tags), is_rest=cell.is_rest)
        for cell in record.circumstances.cells
    )
    return now if not ran or literate.do_the_same(now, ran) else ran


def _tags(cell: Cell) -> frozenset[str]:
    return frozenset(tag.replace("_", "-") for tag in cell.tags)


def _outputs(cell: Cell, result: Result, *, code: bool) -> tuple[Output, ...]:
    """Return what a cell showed and may show here."""
    if not 0 < cell.number <= len(result.cells) or "remove-output" in _tags(cell):
        return ()
    return tuple(each for each in result.cells[cell.number - 1] if code or each.kind in ("figure", "table"))


def _source(cell: Cell, *, code: bool) -> Passage:
    is_left_out = cell.is_code and (not code or "remove-input" in _tags(cell) or not cell.text.strip())
    text = "" if is_left_out else without_control(cell.text)
    return Passage(kind="python" if cell.is_code else "rest" if cell.is_rest else "markdown", text=text)


def _written(outputs: Mapping[Cell, tuple[Output, ...]]) -> Iterator[Output]:
    return (output for each in outputs.values() for output in each if output.kind in _WRITTEN)


def _rendered(passages: list[Passage], own: str, limited: Limited) -> list[Markup]:
    """Return the passages as HTML; where all together cannot be rendered within the limits, each by itself."""
    try:
        return _asked(passages, own, limited)
    except LimitError:
        pass
    found: list[Markup] = []
    lost = 0
    for passage in passages:
        alone = _alone(passage, own, limited) if lost < _MOST_LOST else None
        lost += alone is None
        found.append(Markup('<pre class="pf-cell__output">{}</pre>').format(passage.text) if alone is None else alone)
    return found


def _alone(passage: Passage, own: str, limited: Limited) -> Markup | None:
    """Return the passage as HTML; None where it cannot be rendered within the limits."""
    try:
        return _asked([passage], own, limited)[0]
    except LimitError:
        return None


def _asked(passages: list[Passage], own: str, limited: Limited) -> list[Markup]:
    answer = limited.ask(Order(passages=Passages(passages=tuple(passages), prefix=_PREFIX)))
    tokens = Tokens("".join(passage.text for passage in passages))
    meanings = [from_sanitiser(meaning.text) for meaning in answer.meanings]
    return [filled(part, tokens, meanings) for part in with_links(answer.parts, own, _PREFIX)]


def _view(cell: Cell, source: Markup, outputs: tuple[Part, ...]) -> CellView:
    tags = _tags(cell)
    return CellView(
        number=cell.number,
        prose=Markup() if cell.is_code else source,
        code=source if cell.is_code else Markup(),
        is_code_folded=bool(tags & {"hide-input", "hide-cell"}),
        outputs=outputs,
        are_outputs_folded=bool(tags & {"hide-output", "hide-cell"}),
    )


def _instead(output: Output) -> Part:
    """Return what stands for HTML of which nothing may be shown."""
    if output.plain and not output.plain.startswith("<"):
        return Part(kind="output", html=escape(without_control(output.plain)))
    return Part(kind="note", html=Markup("Something that can only be used in a running notebook."))


def _parts(
    outputs: tuple[Output, ...], written: Mapping[int, Markup], embeds: Mapping[str, Mapping[str, Embed]]
) -> Iterator[Part]:
    for output in outputs:
        if output.kind in embeds:
            if output.text in embeds[output.kind]:
                yield Part(kind="embedded", html=embeds[output.kind][output.text]())
        elif output.kind in _WRITTEN:
            html = written[id(output)]
            yield Part(kind="value", html=html) if html.strip() else _instead(output)
        else:
            kind = {"error": "error", "note": "note"}.get(output.kind, "output")
            yield Part(kind=kind, html=escape(without_control(output.text)))
