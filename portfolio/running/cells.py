"""From the events of a run and what it printed to what each of its cells showed, in the order in which it did."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from portfolio.values.record import Output

MOST_CELLS = 2000
_LONGEST = 50_000
"""Bytes of what is printed at one place."""
_MOST = 4 << 20
"""Characters of all that cells show."""
_FULL = Output(kind="note", text="What follows is left out here, for the cells before it show megabytes.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event of cells, known to be well-formed: `cell` and `end`, or the kind of an output."""

    kind: str
    text: str
    at: int
    plain: str = ""
    key: str = ""


def cells_shown(events: Iterable[Event], output: Path, clean: Callable[[str], str]) -> tuple[tuple[Output, ...], ...]:
    """Return what each cell showed.

    Args:
        events: in the order in which they happened.
        output: the file of all that was printed.
        clean: makes text that was printed fit to be shown.
    """
    found: list[list[tuple[str, Output]]] = []
    with output.open("rb") as stream:
        at, is_open = 0, False

        def printed(until: int) -> Iterator[tuple[str, Output]]:
            if is_open and until > at and (text := clean(_slice(stream, at, until)).strip("\n")):
                yield "", Output(kind="printed", text=text)

        for event in events:
            if is_open:
                found[-1] += printed(event.at)
            at = max(at, event.at)
            if event.kind == "cell":
                is_open = len(found) < MOST_CELLS
                found += [[]] if is_open else []
            elif event.kind == "end":
                is_open = False
            elif event.kind == "cleared" and is_open:
                found[-1] = []
            elif is_open:
                _show(found[-1], event)
    return tuple(_bounded([tuple(output for _, output in each) for each in found]))


def _show(cell: list[tuple[str, Output]], event: Event) -> None:
    """Add one thing, in the place of an earlier one of the same key."""
    shown = event.key, Output(kind=event.kind, text=event.text, plain=event.plain)
    places = [place for place, (key, _) in enumerate(cell) if event.key and key == event.key]
    if places:
        cell[places[0]] = shown
    else:
        cell.append(shown)


def _slice(stream: BinaryIO, start: int, end: int) -> str:
    """Return what was printed between two places, without its middle if that is long."""
    stream.seek(start)
    if end - start <= _LONGEST:
        raw = stream.read(end - start)
    else:
        head = stream.read(_LONGEST // 2)
        stream.seek(end - _LONGEST // 2)
        raw = head + f"\n… {end - start - _LONGEST:,} bytes left out …\n".encode() + stream.read(_LONGEST // 2)
    return raw.decode("utf-8", errors="replace")


def _bounded(found: list[tuple[Output, ...]]) -> Iterator[tuple[Output, ...]]:
    """Yield the cells until they show too much; figures and tables, which are files, stay in any case."""
    left = _MOST
    for cell in found:
        size = sum(len(output.text) + len(output.plain) for output in cell)
        if size <= left:
            left -= size
            yield cell
        else:
            named = tuple(output for output in cell if output.kind in ("figure", "table"))
            yield (*named, _FULL)
